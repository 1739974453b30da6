"""What a page's text is worth: signs that no Thai text holds, the dictionary, and marks on what may be misread.

Asked by every reader of pages; knows nothing of where the text came from.
"""
