"""The position manager: the process that owns a paper session. The engine plays it; no trading rule stands here."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tradewright.domain.heartbeat import Heartbeat
from tradewright.engine.outcome import log_of
from tradewright.engine.session import Heard
from tradewright.market.steps import Step
from tradewright.portfolio.summary import summarise
from tradewright.ports.bulletin import Bulletin
from tradewright.ports.clock import Clock
from tradewright.ports.history import History
from tradewright.services.backtests import BacktestRequest
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.trading import Follow, Listener, PaperTrading
from tradewright.services.rounds import rounds
from tradewright.services.scanner import MANAGE

__all__ = ["ManageWish", "PositionManager"]


@dataclass(frozen=True, slots=True)
class ManageWish:
    """What is managed.

    Args:
        request: strategy, instruments and rules.
        context: bars that a new session's strategy is shown first.
        run_id: of the process.
        pid: its number.
        every_s: seconds from one look at what is held to the next, asked before each.
    """

    request: BacktestRequest
    context: int
    run_id: str
    pid: int
    every_s: Callable[[], float]

    def fingerprint(self, venue: str) -> str:
        """Of what a session is begun with: where it changes, another one is begun. Parameters may change in between."""
        request = {name: value for name, value in asdict(self.request).items() if name != "params"}
        text = json.dumps([venue, request], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class PositionManager:
    """Follows a venue with one paper session, and puts down how it stands.

    Args:
        trading: paper sessions.
        bulletin: where it is put down.
        venue: its history, and the clock to wait by.
        wish: what is managed.
        told: makes, for the session's name, who is told what goes on.
    """

    def __init__(
        self, trading: PaperTrading, bulletin: Bulletin, venue: tuple[History, Clock], wish: ManageWish,
        told: Callable[[str], Listener],
    ) -> None:  # fmt: skip
        self._trading, self._bulletin, self._wish, self._hearing = trading, bulletin, wish, told
        self._history, self._clock = venue
        self._name = ""
        self._told: Listener
        self._own: PaperSession | None = None

    async def swap(self, params: Mapping[str, Any]) -> None:
        """Let the session's strategy go on with these parameters.

        Raises:
            StoreError: the wish cannot be left.
        """
        if self._name:
            await self._trading.sessions.ask(self._name, {"kind": "swap", "params": dict(params)})

    async def run(self, stop: asyncio.Event) -> str:
        """Go on with the session that was managed last, or begin one, until told to stop; gives its name.

        A new session opens nothing before the scanner has told it where it may.

        Raises:
            TradewrightError: the session cannot be begun or gone on with.
        """
        self._name = await self._session()
        self._told = self._hearing(self._name)
        await self._look()
        looks = asyncio.create_task(rounds(self._look, self._wish.every_s, self._clock, self._told.waiting))
        try:
            await self._trading.follow(self._name, (self._history, self._clock), Follow(stop), self)
        finally:
            looks.cancel()
            await asyncio.gather(looks, return_exceptions=True)
        await self._look()
        return self._name

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        self._own = own
        self._told.played(own, step, heard)

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.asked(record, refusal)

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        self._told.waiting(reason, seconds)

    async def _session(self) -> str:
        beat = (await self._bulletin.beats()).get(MANAGE)
        before = dict(beat.state) if beat is not None else {}
        kept = before.get("session")
        same = before.get("begun_with") == self._wish.fingerprint(self._history.venue)
        if same and kept in await self._trading.sessions.names():
            return str(kept)
        name = await self._trading.begin(self._wish.request, self._wish.context, (self._history, self._clock))
        await self._trading.sessions.ask(name, {"kind": "admit", "symbols": []})
        return name

    async def _look(self) -> None:
        now = self._clock.now_ns()
        state = {"session": self._name, "begun_with": self._wish.fingerprint(self._history.venue), **self._figures()}
        own = self._own
        if own is not None and own.steps:
            await self._bulletin.measure(self._name, now, self._metrics(own))
        beat = Heartbeat(MANAGE, self._wish.run_id, self._wish.pid, now, self._wish.every_s(), state)
        await self._bulletin.beat(beat)

    def _figures(self) -> dict[str, Any]:
        own = self._own
        if own is None or not own.steps:
            return {}
        held = {symbol: sizes for symbol, sizes in own.session.positions_by_symbol().items() if any(sizes)}
        return {"bars": len(own.steps), "last_close": own.last_close, "positions": held}

    @staticmethod
    def _metrics(own: PaperSession) -> dict[str, Any]:
        log = log_of(own.session.run, 0.0)
        return {"equity": float(log.equity[-1]), **summarise(log).metrics.values}
