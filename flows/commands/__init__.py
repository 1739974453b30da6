"""The command line's commands, by what a user does with them; one module each (or one per group), listed in ``flows.cli``.

A module is imported whenever ``khetcheck`` starts, so it imports what it works with inside its functions.
"""
