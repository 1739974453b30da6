"""What a run or a command is opened with: the inbox or source that it names, with its secrets, and the model in use.

Settings themselves are at the door; what a source or a model is, in ``pipeline`` and ``models``.
"""
