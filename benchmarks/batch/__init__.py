"""A whole round: 245 submissions of three documents, 60,000 pages made on the spot, screened as an office server does."""
