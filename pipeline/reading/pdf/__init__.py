"""A PDF's own text to lines: characters and rules by PDFium, spans, repair of damaged text, and whether it can be trusted.

Pages without text of their own go to ``ocr``; Thai repair itself is in ``thai``.
"""
