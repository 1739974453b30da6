"""What several submissions share: text that is alike, and files that are the same.

Here belong fingerprints of text, the comparing of all submissions, and the register of wording that the whole country
shares. It tells likeness and never more: who wrote first, and whether one may, is for people to say.
"""
