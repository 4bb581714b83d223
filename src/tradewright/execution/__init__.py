"""Execution: what the venue charges and allows, as the matching kernels see it."""
