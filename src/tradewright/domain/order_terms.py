"""What a venue grants an order: numbers of Binance USDT-M futures, for kernels, slow twin and practice exchange.

They are compiled into the kernels: a change of this file lets all of them compile anew.
"""

from __future__ import annotations

__all__ = ["LONGEST_NS", "MOST_CHANGES", "SOONEST_DATE_S"]

MOST_CHANGES = 10_000
"""Of one order; one more is refused (-5026)."""
LONGEST_NS = 365 * 86_400 * 1_000_000_000
"""How long an order without a date works at most: a year."""
SOONEST_DATE_S = 600
"""How far ahead the date of an order that is good till a date must lie, seconds (-1130)."""
