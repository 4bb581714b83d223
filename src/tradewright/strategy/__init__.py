"""Strategy API: what a plug-in is, what it sees, what it may say, and how it is found and tested for leaks."""
