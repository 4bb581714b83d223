"""Venues: what they send, in our words. One family to a folder; none knows another."""
