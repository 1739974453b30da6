"""The letter that goes back to an office: what it says and carries, its life from draft to frozen, and how it proves itself.

What a decision rests on comes from ``pipeline.export.results``; nothing here judges. How it looks is ``paper/``.
"""
