"""Words, years and offices in Thai text: what wraps the Thai library, and the alias table of the offices.

Nothing here knows of scores, labels or models; those are in ``scoring`` and ``training``.
"""
