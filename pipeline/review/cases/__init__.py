"""A case as one reader sees it: points, passages, documents, marks, and what this reader may see and do there.

Whose a case is: ``reader_role``; how it becomes theirs: ``claiming``; what is kept from them: ``blind``. Lists of cases
are in ``queue``; pictures of pages and boxes on them, in ``pages``; who is logged in and may write, in ``web.visitors``.
"""
