"""The child's side of the wall: the process that opens an office's file, under limits, and answers with checked bytes.

It is started by ``sandbox`` and trusts nothing it reads; it sends codes, never sentences.
"""
