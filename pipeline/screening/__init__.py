"""One submission to a draft: its documents told apart, passages judged, the draft put together.

Many submissions, worker processes and what is compared between offices are in ``batches``; nothing here knows the store.
"""
