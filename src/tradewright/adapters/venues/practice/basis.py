"""How far a perpetual contract trades above or below its index: a slow course of its own, drawn from the seed."""

from __future__ import annotations

from tradewright.adapters.venues.practice.depths import one_noise

__all__ = ["Basis"]

_TURN_NS = 300_000_000_000
_OWN = 7_919


class Basis:
    """Straight lines between points five minutes apart.

    Args:
        seed: of the points.
        widest: of them, basis points; 0: contract and index are the same.
    """

    def __init__(self, seed: int, widest: float) -> None:
        self._seed, self._widest = seed, widest * 1e-4

    def share(self, k: int, ts: int) -> float:
        """How far the contract of a row is above its index at a time, UTC ns, as a fraction of its price."""
        if not self._widest:
            return 0.0
        turn, rest = divmod(ts, _TURN_NS)
        begin, end = (2.0 * one_noise(self._seed, _OWN, k, number) - 1.0 for number in (turn, turn + 1))
        return (begin + (end - begin) * rest / _TURN_NS) * self._widest
