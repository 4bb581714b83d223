"""What processes tell each other, for as long as the process of the test lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradewright.domain.heartbeat import Heartbeat
from tradewright.domain.universe import MarketFigures, Verdict
from tradewright.ports.bulletin import Bulletin

__all__ = ["MemoryBulletin", "check_bulletin"]


class MemoryBulletin:
    """See `ports.bulletin.Bulletin`."""

    def __init__(self) -> None:
        self._beats: dict[str, Heartbeat] = {}
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._metrics: dict[str, dict[int, Mapping[str, Any]]] = {}

    async def beat(self, beat: Heartbeat) -> None:
        """Give a sign of life."""
        self._beats[beat.name] = beat

    async def beats(self) -> Mapping[str, Heartbeat]:
        """The last of each."""
        return dict(self._beats)

    async def judge(self, venue: str, verdicts: Sequence[Verdict]) -> None:
        """Put down what a scan found."""
        self._verdicts |= {(venue, one.symbol): one for one in verdicts}

    async def verdicts(self, venue: str) -> Sequence[Verdict]:
        """What was found last."""
        return [one for (where, _), one in sorted(self._verdicts.items()) if where == venue]

    async def measure(self, session: str, at: int, metrics: Mapping[str, Any]) -> None:
        """Put down metrics."""
        self._metrics.setdefault(session, {})[at] = dict(metrics)

    async def measured(self, session: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The metrics of a session."""
        return sorted(self._metrics.get(session, {}).items())


async def check_bulletin(bulletin: Bulletin) -> None:
    """What is put down comes back as it was; the last of each name and instrument counts; metrics are kept in order."""
    assert not await bulletin.beats()
    first, second = Heartbeat("scan", "a", 7, 10**18, 60.0, {"found": 3}), Heartbeat("scan", "b", 8, 2 * 10**18, 60.0)
    other = Heartbeat("manage", "c", 9, 10**18, 30.0, {"session": "x", "positions": {"BTC/USDT:USDT": [0.5]}})
    for beat in (first, other, second):
        await bulletin.beat(beat)
    assert {"scan": second, "manage": other} == dict(await bulletin.beats())
    known = MarketFigures("USDT", 1.5e6, 3.25, None, 12.0)
    eth, btc = (
        Verdict("ETH/USDT", 10**18, ("market cap not known",), known),
        Verdict("BTC/USDT", 10**18, (), known, "long"),
    )
    await bulletin.judge("practice", [eth, btc])
    await bulletin.judge("kraken", [eth])
    later = Verdict("ETH/USDT", 2 * 10**18, (), known)
    await bulletin.judge("practice", [later])
    assert [btc, later] == list(await bulletin.verdicts("practice"))
    assert [eth] == list(await bulletin.verdicts("kraken"))
    for at in (2 * 10**18, 10**18):
        await bulletin.measure("s", at, {"trades": at // 10**18, "sharpe": None})
    rows = [(10**18, {"trades": 1, "sharpe": None}), (2 * 10**18, {"trades": 2, "sharpe": None})]
    assert rows == [(at, dict(metrics)) for at, metrics in await bulletin.measured("s")]
    assert not await bulletin.measured("t")
