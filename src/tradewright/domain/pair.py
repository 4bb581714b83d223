"""Pairs: instruments that a user watches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tradewright.domain.errors import InvalidValue

__all__ = ["Pair", "pair_symbol"]

_SYMBOL = re.compile(r"([A-Z0-9]{1,20})/([A-Z0-9]{1,20})(:[A-Z0-9]{1,20})?")
_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD")


@dataclass(frozen=True, slots=True)
class Pair:
    """An instrument that is watched.

    Args:
        venue: where.
        symbol: of the instrument.
        is_active: whether what begins without a word on instruments trades it.
        added: UTC ns.
    """

    venue: str
    symbol: str
    is_active: bool = True
    added: int = 0


def pair_symbol(text: str) -> str:
    """The symbol that somebody means: `BTCUSDT` is the perpetual contract.

    Raises:
        InvalidValue: it is none.

    Example:
        >>> pair_symbol("btcusdt"), pair_symbol("BTC/USDT"), pair_symbol("BTC-USDT:USDT")
        ('BTC/USDT:USDT', 'BTC/USDT', 'BTC/USDT:USDT')
    """
    plain = text.upper().replace("-", "/", 1)
    for quote in _QUOTES:
        if "/" not in plain and plain.endswith(quote) and len(plain) > len(quote):
            plain = f"{plain.removesuffix(quote)}/{quote}:{quote}"
    if not _SYMBOL.fullmatch(plain):
        raise InvalidValue("symbol", text, "a symbol such as BTC/USDT:USDT or BTCUSDT")
    return plain
