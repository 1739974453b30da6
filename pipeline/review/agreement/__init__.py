"""Two readers of one case: where they differ, how a lead settles it, and how well readers agree."""
