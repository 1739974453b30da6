"""One office's deliveries held against each other: files, passages, and what the last letter asked for.

Pure modules compare plain values; ``changes.py`` alone asks the store. Not here: text shared between offices
(``findings/likeness/``), what becomes of findings (``findings/life.py``).
"""
