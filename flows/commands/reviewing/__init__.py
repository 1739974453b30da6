"""Where people decide: commands that open the reviewers' page, say what to review next and when one may stop.

Who the reviewers are is in ``operating``; what their decisions teach is in ``learning``.
"""
