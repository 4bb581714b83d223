"""Who may come in: users, page sessions, tokens of programs, one-time codes."""
