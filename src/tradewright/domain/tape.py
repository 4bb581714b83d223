"""What a replay of ticks and books assumes of the venue and of the way to it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradewright.domain.enums import LatencyModel, QueueModel, SelfTrade
from tradewright.domain.errors import InvalidValue
from tradewright.domain.order_terms import SOONEST_DATE_S

__all__ = ["TapeSpec"]

_MOST_MS = 60_000.0


@dataclass(frozen=True, slots=True)
class TapeSpec:
    """Assumptions of a replay; the defaults are the careful ones.

    Args:
        balance: of the account at the begin, quote.
        queue: when a resting limit fills, and what is assumed of the queue ahead of it.
        power: n of the POWER models.
        latency: constant, lognormal around the constants, or recorded.
        entry_ms: a request's way to the venue, ms.
        response_ms: an answer's way back, ms.
        sigma: standard deviation of the logarithm, for LOGNORMAL.
        refusal: probability that the venue refuses a request, as it does under load.
        seed: of latencies and refusals.
        impact: whether what we take is missing from the book until the venue next tells of the level.
        large_share: an order for more than this share of the best level is counted as large for the book.
        self_trade: what happens where our own orders would trade with each other.
        sample_ms: time between two samples of equity.
        gtd_least_s: how far ahead the date of a GTD order must lie when it arrives, s; the venue counts such dates in
            whole seconds. 0: any time to come is a date, to the nanosecond.

    Example:
        >>> TapeSpec(queue=QueueModel.RISK_AVERSE, entry_ms=20.0).response_ms
        10.0
    """

    balance: float = 10_000.0
    queue: QueueModel = QueueModel.RISK_AVERSE
    power: float = 3.0
    latency: LatencyModel = LatencyModel.CONSTANT
    entry_ms: float = 10.0
    response_ms: float = 10.0
    sigma: float = 0.5
    refusal: float = 0.0
    seed: int = 0
    impact: bool = False
    large_share: float = 0.1
    self_trade: SelfTrade = SelfTrade.EXPIRE_MAKER
    sample_ms: float = 1_000.0
    gtd_least_s: float = float(SOONEST_DATE_S)

    def __post_init__(self) -> None:
        for name, kind in (("queue", QueueModel), ("latency", LatencyModel), ("self_trade", SelfTrade)):
            if not isinstance(getattr(self, name), kind):
                raise InvalidValue(name, getattr(self, name), f"one of {', '.join(map(str, kind))}")
        if self.self_trade == SelfTrade.NONE:
            allowed = "EXPIRE_MAKER, EXPIRE_TAKER or EXPIRE_BOTH: in a book our orders stand in each other's way"
            raise InvalidValue("self_trade", self.self_trade.name, allowed)
        self._check("balance", 1e-8, 1e15, "a number above 0")
        self._check("power", 0.01, 100.0, "a number from 0.01 to 100")
        self._check("entry_ms", 0.0, _MOST_MS, "milliseconds from 0 to 60000")
        self._check("response_ms", 0.0, _MOST_MS, "milliseconds from 0 to 60000")
        self._check("sigma", 0.0, 5.0, "a number from 0 to 5")
        self._check("refusal", 0.0, 1.0, "a probability from 0 to 1")
        self._check("large_share", 0.0, 1e9, "a share of at least 0")
        self._check("sample_ms", 1.0, 86_400_000.0, "milliseconds from 1 to 86400000")
        self._check("gtd_least_s", 0.0, 86_400.0, "seconds from 0 to 86400")
        self._check("seed", 0.0, 2.0**62, "a whole number of at least 0")
        if not isinstance(self.impact, bool):
            raise InvalidValue("impact", self.impact, "true or false")

    def _check(self, name: str, low: float, high: float, allowed: str) -> None:
        value = getattr(self, name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidValue(name, value, allowed)
        if not math.isfinite(value) or not low <= value <= high:
            raise InvalidValue(name, value, allowed)
