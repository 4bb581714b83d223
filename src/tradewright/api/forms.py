"""Forms that names have, and how they are said to people."""

from __future__ import annotations

__all__ = ["FORMS", "FRAME", "SYMBOL", "VENUE"]

SYMBOL = r"^[A-Za-z0-9]+([/_-][A-Za-z0-9]+)?(:[A-Za-z0-9]+)?$"
VENUE = r"^[a-z0-9][a-z0-9_-]{0,39}$"
FRAME = r"^[1-9][0-9]{0,3}[smhdwSMHDW]$"
FORMS = {
    SYMBOL: "a pair such as BTCUSDT, BTC/USDT or BTC/USDT:USDT",
    VENUE: "small letters, digits, - and _, such as binance",
    FRAME: "a length such as 1m, 15m, 4h or 1d",
}
"""What a text of a form is, in words for people."""
