"""Keeping an installation over the years: taking a backup, proving one by restoring it, giving back what nobody needs.

Here belongs what copies or removes data that others made. Not what only looks (``pipeline/health``), and no rule of review.
"""
