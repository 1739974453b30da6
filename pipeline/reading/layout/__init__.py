"""Lines to blocks: rows, tables, columns, paragraphs, headings, running heads. Pure geometry and text.

No PDF, OCR or Word library is imported here; those that make lines are in ``pdf``, ``ocr`` and ``ooxml``.
"""
