"""Keeping an installation going: commands on its state, its users and its database.

Nothing here reads a document or changes a draft.
"""
