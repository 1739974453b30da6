"""From reviews to better drafts: commands on models, keywords, retraining, and on batches unlike those before.

Only what changes or watches the judging; how good drafts are beside a known truth is in ``results``.
"""
