"""Out of the store: drafts in the forms that others use, one module per format."""
