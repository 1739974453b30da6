"""``khetcheck up``: Prefect's server, a worker, the schedule and the review page as one tree of processes.

Here belongs how the tree is started, kept and ended; what its parts do is elsewhere. It ends whole, whatever ends it.
"""
