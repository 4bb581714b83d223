"""What Binance USDT-M futures can do, and its practice twin."""

from __future__ import annotations

from dataclasses import replace

from tradewright.domain.abilities import ABILITIES, FORCES, KINDS, VenueAbilities

__all__ = ["BINANCE", "PRACTICE"]

BINANCE = VenueAbilities(
    "binance", "Binance USDT-M futures", ("linear",), frozenset(KINDS), frozenset(FORCES), frozenset(ABILITIES),
    longest_client_id=36, batch=5, request_life_s=6.0,
)  # fmt: skip
PRACTICE = replace(BINANCE, venue="practice", title="Practice exchange")
