"""Paper trading: sessions that follow a venue's bars, and lose nothing of them when the process ends."""
