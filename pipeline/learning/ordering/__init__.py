"""The order of work: what gains most per minute, what is urgent, every fifth place by lot, and where each case stands.

How many may stay unread is said in ``stopping``; what reviews teach, by the rest of ``learning``.
"""
