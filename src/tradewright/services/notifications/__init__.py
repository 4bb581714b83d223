"""Telling people: what, whom, in which words, and how often at most."""
