"""A reading shown to people: pictures of pages, pages of Word files, places of blocks on them, a reading as HTML.

It changes no block; the page that reviewers use is in ``pipeline/review``.
"""
