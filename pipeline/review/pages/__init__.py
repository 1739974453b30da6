"""Pages of documents on the screen: sheets, pictures and the process that makes them, boxes of words on them.

Pages of the web application are in ``routes`` and ``web``; what a block says is never changed here.
"""
