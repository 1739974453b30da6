"""Drafts and decisions in other annotation tools and back: what a submission is there, one module a tool, and taking in.

Not here: files for people (``export/``), reviewed cases between khetchecks (``learning/exchange.py``).
"""
