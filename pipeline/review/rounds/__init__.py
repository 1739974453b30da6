"""Rounds of screening: how each stands, what failed and why, what changed; started as a process of their own, and stopped.

What was sent through the page is laid out in ``pipeline/uploads``; screening itself is ``pipeline/batches``, which nothing
here imports: a round is run by the command that whoever started the page names.
"""
