"""Pictures to lines: a scanned page cleaned, its cells and lines found by ink, recognised by Tesseract.

What lines become is decided in ``layout``; pictures of pages shown to people are made in ``show``.
"""
