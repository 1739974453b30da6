"""How a letter looks: styles, Thai type, the office's own template, the pages of the Word file.

What it says comes from the room above; nothing here asks the store.
"""
