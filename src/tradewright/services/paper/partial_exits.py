"""What was taken out of trades while the rest of them was held: one part for each fill that left something."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tradewright.domain.enums import OrderRole
from tradewright.domain.trade import Trade
from tradewright.portfolio.run_log import RunLog

__all__ = ["Part", "PartialExits"]

_Key = tuple[str, str, str]


class Part(NamedTuple):
    """A part that was taken out of a trade. Money is quote.

    Args:
        trade: its number.
        number: 1, 2, 3 … of the parts.
        ts: when, UTC ns.
        row: of the instrument.
        lots: taken out.
        ticks: the price.
        pnl: less its fee, and its share of those of the entries; funding is the whole trade's.
        reason: why.
    """

    trade: int
    number: int
    ts: int
    row: int
    lots: int
    ticks: int
    pnl: float
    reason: str


@dataclass(slots=True)
class _Held:
    # A position of one row, as its fills have made it; `place` of its trade among those of its key, from 0.
    key: _Key
    place: int
    lots: int = 0
    parts: int = 0
    fees: float = 0.0


@dataclass(slots=True)
class PartialExits:
    """Goes through the fills of a run that grows, each once."""

    _fills: int = 0
    _settled: int = 0
    _over: Counter[_Key] = field(default_factory=Counter)
    _begun: Counter[_Key] = field(default_factory=Counter)
    _held: dict[int, _Held] = field(default_factory=dict)

    def of(self, log: RunLog, trades: Sequence[Trade]) -> list[Part]:
        """The parts that were taken out since the last call.

        Args:
            log: of the run as it stands.
            trades: of it, all of them, in order.
        """
        numbers: dict[_Key, list[int]] = defaultdict(list)
        for trade in trades[self._settled :]:
            numbers[trade.symbol, trade.member, trade.side].append(trade.id)
        found = []
        for fill in log.fills[self._fills :]:
            for held, lots, pnl in self._taken(log, fill):
                at, own = held.place - self._over[held.key], numbers[held.key]
                # A fill that a venue tells late may have made one trade of two: then the trade alone tells of it.
                if 0 <= at < len(own):
                    found.append(Part(
                        own[at], held.parts, int(fill["ts"]), int(fill["instrument"]), lots, int(fill["ticks"]), pnl,
                        OrderRole(int(fill["role"])).name.lower(),
                    ))  # fmt: skip
        self._fills = int(log.fills.size)
        self._settle(trades[self._settled :])
        return found

    def _settle(self, rest: Iterable[Trade]) -> None:
        # Trades before the first that is open have no more parts to come.
        for trade in rest:
            if trade.exit_reason == "open":
                return
            self._settled += 1
            self._over[trade.symbol, trade.member, trade.side] += 1

    def _taken(self, log: RunLog, fill: Any) -> Iterator[tuple[_Held, int, float]]:
        k, lots, closed = int(fill["instrument"]), int(fill["lots"]), int(fill["closed_lots"])
        held, fee = self._held.get(k), float(fill["fee"])
        if held is not None and closed:
            share = held.fees * closed / held.lots
            held.lots, held.fees = held.lots - closed, held.fees - share
            if held.lots > 0:
                held.parts += 1
                yield held, closed, float(fill["realised"]) - fee * closed / lots - share
            else:
                del self._held[k]
                held = None
        if lots > closed:
            if held is None:
                side = "long" if fill["side"] > 0 else "short"
                key = log.instruments[k].symbol, log.member(k), side
                held = self._held[k] = _Held(key, self._begun[key])
                self._begun[key] += 1
            held.lots, held.fees = held.lots + lots - closed, held.fees + fee * (lots - closed) / lots
