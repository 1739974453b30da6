"""The manuals that the page shows: the same text as docs/manual-*.md, which a test holds; no code, no reference."""
