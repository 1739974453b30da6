"""Many submissions: which are due, the worker processes that screen them, one transaction each, what is compared at the end.

What happens to a single submission is in ``screening``.
"""
