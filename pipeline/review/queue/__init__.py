"""What waits: the list of cases, its filters, search and order, and how far a round has come."""
