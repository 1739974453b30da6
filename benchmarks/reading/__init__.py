"""How right, fast and frugal reading is, beside other readers; see docs/reading.md."""
