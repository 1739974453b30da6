"""Figures for leads that take long to compute: drift and learning, worked out in a process of their own.

The figures themselves are reckoned in ``pipeline/learning``; how well people agree is in ``agreement``.
"""
