"""The report of a batch: counts, charts and tables over all its submissions, as a page that stands alone and as a PDF.

It tells of offices and points, never of single reviewers.
"""
