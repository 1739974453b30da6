"""From an inbox to kept files: what lies there, what the office declared, safe names, the store of files.

No file is opened for its content here; that is the work of ``reading``.
"""
