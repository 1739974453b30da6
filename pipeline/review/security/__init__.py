"""Who is there and what they may do: passwords, signed sessions, forged-request tokens, headers, slowed guessing."""
