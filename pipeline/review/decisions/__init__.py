"""What a person decided: the append-only log of acts, what it adds up to, undo and history; and what is typed and not said yet.

Who may act is in ``people`` and ``cases``; how acts arrive from the browser, in ``routes``.
"""
