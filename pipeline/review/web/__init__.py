"""What every page needs: the visitor and what belongs to a request, rendering, dates, line breaks, keys, answers, headers.

One page's own routes are in ``routes``; what a case is, and what somebody may do there, in ``cases``.
"""
