"""From an office's files to a reviewer: inbox, reading, screening, findings, store, export and review page."""
