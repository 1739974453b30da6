"""One module a kind of finding: a function from a submission (``pipeline.findings.detected.Submitted``) to findings.

A detector reads what was read and decides nothing: it tells what it saw, where, and how sure it is. What needs other
submissions lies in ``pipeline.findings.likeness``.
"""
