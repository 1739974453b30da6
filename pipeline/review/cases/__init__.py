"""A case as one reader sees it: points, passages, documents, marks, and what this reader may see and do there.

Lists of cases are in ``queue``; pictures of pages and boxes on them, in ``pages``.
"""
