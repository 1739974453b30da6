"""From an inbox to drafts: commands that take files in, read them and say what was read.

What is done with drafts afterwards is in ``reviewing`` and ``results``.
"""
