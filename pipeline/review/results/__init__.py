"""What came out, for leads: the list of results and the files in which they leave the house, and the list of findings.

Not here: what a file holds (``pipeline/export/``), figures of agreement (``agreement/``).
"""
