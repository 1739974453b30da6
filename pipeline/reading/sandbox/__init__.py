"""The parent's side of the wall: a job with limits, the child that does it, what comes back, and how often it is tried.

Nothing here opens an office's file; all that does runs in ``child``.
"""
