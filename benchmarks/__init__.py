"""Measurements that anyone can repeat; each prints the figures its page in docs/ shows."""
