"""Marked copies of an office's documents: what counts for which point, on its own pages or as comments in its Word files.

The kept files are never touched: all work is done on copies, in a worker process under limits, since they come from outside.
"""
