"""What every page needs: the visitor and what belongs to a request, rendering, dates, line breaks, keys, answers, headers.

One page's own routes are in ``routes``; nothing here knows a case.
"""
