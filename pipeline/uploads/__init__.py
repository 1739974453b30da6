"""What people send through the page: checked, unpacked, and laid out as an inbox of its own, one folder a submission.

Nothing that was sent is run, opened by a program or read for its meaning here; reading it is for ``screening``. The page
itself is in ``review``.
"""
