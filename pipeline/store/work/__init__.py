"""What is to be done and who does it: batches, the runs that take part in them, claims on submissions, rounds, looks at folders.

Not here: what came of it (``submissions.py``, ``readings.py``, ``drafts.py``).
"""
