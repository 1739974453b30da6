"""From labelled text to the kinds of files that offices send: Word, PDF, scan, damaged and broken."""
