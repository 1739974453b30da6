"""Who uses the page: accounts, readers of a case, passwords, sessions, and the brake on wrong log-ins.

What a person may do with a case is in ``cases``; what they did, in ``decisions``.
"""
