"""Word and Excel packages to blocks: the package check, the walk over a Word body, styles, numbering, tables, sheets.

Formats that LibreOffice has to convert first are in ``libreoffice`` at the room's door.
"""
