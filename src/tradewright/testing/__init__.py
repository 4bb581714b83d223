"""Builders, twins and suites for tests, ours and yours; the top layer, which no other package imports."""
