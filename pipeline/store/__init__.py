"""The product's own database: the truth about submissions, readings, drafts, reviews and models.

``tables`` holds what is kept, ``migrations`` how it came to be, ``database`` how it is opened; the other
modules are the acts upon it, one noun each. SQLite in WAL mode by default, PostgreSQL by URL, the same code.
"""
