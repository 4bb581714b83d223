"""The desk: what trades, in a process of its own, and what others see and ask of it."""
