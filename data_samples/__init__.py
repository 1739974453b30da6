"""A small inbox of written submissions, its sources, its truth and the program that makes the files."""
