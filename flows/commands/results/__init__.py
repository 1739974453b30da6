"""What goes out and comes back in: commands that write drafts and reviewed cases to files, take them in, or measure them.

What is shown of the store itself is in ``operating``.
"""
