"""Accounting and statistics: fills become trades, equity becomes metrics, both become warnings."""
