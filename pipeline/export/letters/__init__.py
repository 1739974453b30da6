"""The letter that goes back to an office: what it says, how Thai offices write it, as Word file and as PDF.

What a decision rests on comes from ``pipeline.export.results``; nothing here judges.
"""
