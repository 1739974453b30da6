"""Scores of many passages to the state of each point and a draft score, with the sentences that say why.

Pure functions over predictions: no files, no store, no reading of documents.
"""
