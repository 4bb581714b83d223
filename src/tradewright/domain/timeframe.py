"""Bar lengths: `1m`, `15m`, `4h`, `1d`, `1w`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from tradewright.domain.errors import InvalidValue

__all__ = ["SECOND_NS", "Timeframe"]

SECOND_NS = 1_000_000_000
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# Weeks begin on Monday, as venues cut them; 1970-01-01 was a Thursday.
_WEEK_ANCHOR_NS = 4 * 86_400 * SECOND_NS


@dataclass(frozen=True, slots=True, order=True)
class Timeframe:
    """The length of a bar. Ordered by length.

    Example:
        >>> Timeframe.parse("15m").ns // SECOND_NS, str(Timeframe.parse("60m"))
        (900, '1h')
    """

    ns: int

    @classmethod
    def parse(cls, text: str, field: str = "timeframe") -> Self:
        """Read `<count><unit>` with unit s, m, h, d or w.

        Raises:
            InvalidValue: the text is not of that form, or the length does not divide into a day or whole days.
        """
        found = re.fullmatch(r"([1-9]\d{0,3})([smhdw])", text.strip().lower())
        if not found:
            raise InvalidValue(field, text, "a length such as 1m, 5m, 15m, 1h, 4h, 1d or 1w")
        seconds = int(found[1]) * _UNIT_SECONDS[found[2]]
        if 86_400 % seconds and seconds not in (86_400, 604_800):
            raise InvalidValue(field, text, "a length that divides a day, or 1d, or 1w")
        return cls(seconds * SECOND_NS)

    @property
    def anchor_ns(self) -> int:
        """Where the grid of bar opens starts: the epoch, for weeks the first Monday after it."""
        return _WEEK_ANCHOR_NS if self.ns == 604_800 * SECOND_NS else 0

    def floor(self, ts: int) -> int:
        """The open time of the bar that holds `ts` (UTC ns)."""
        return ts - (ts - self.anchor_ns) % self.ns

    def divides(self, longer: Timeframe) -> bool:
        """Whether bars of `longer` are made of whole bars of this length."""
        return longer.ns % self.ns == 0

    def __str__(self) -> str:
        seconds = self.ns // SECOND_NS
        for unit in ("w", "d", "h", "m"):
            if seconds % _UNIT_SECONDS[unit] == 0:
                return f"{seconds // _UNIT_SECONDS[unit]}{unit}"
        return f"{seconds}s"
