"""Where models lie: their folders with hashes, versions, which one is in use, promotion and rollback.

What a model computes is in ``scoring``; how one comes to be, in ``training`` and ``retraining``.
"""
