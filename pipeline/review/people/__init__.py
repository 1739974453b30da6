"""Who uses the page: accounts, readers of a case, passwords, sessions, and the brake on wrong log-ins."""
