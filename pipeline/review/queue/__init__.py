"""What waits: the list of cases, its filters, search and order, and how far a round has come.

A single case is in ``cases``; what would teach the model most is reckoned in ``pipeline/learning``.
"""
