"""What sessions tell: how each stands, and what has happened to it since it told last.

Events are what sets a session apart from what was put down of it: so that what happened just before a process died is
told by the next, and nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tradewright.domain.deployment import Deployment
from tradewright.domain.errors import DataError, StoreError
from tradewright.portfolio.trades import RoundTrips
from tradewright.ports.clock import Clock
from tradewright.ports.happenings import FactBoard, SessionFacts, Telling
from tradewright.services import session_facts
from tradewright.services.desk.tracing import traced
from tradewright.services.desk.venue_time import OURS, VenueTime
from tradewright.services.session_facts import AnySession

__all__ = ["Reporter", "facts_of", "tellings_of"]

Plain = Mapping[str, Any]
_NOTHING: Plain = {"counts": {}}
_EACH_S = 0.25
_FIGURES_S, _SHARE_OF_FIGURES = 10.0, 0.002
_LAST_SIGNALS, _LAST_DECIDED = 20, 100


def facts_of(name: str, known: AnySession) -> dict[str, Any]:
    """How a session stands, as plain data; `counts` say how much of its logs has been told with it."""
    told = session_facts.counts(known)
    return {
        "status": session_facts.status(name, known),
        "portfolio": session_facts.portfolio(known),
        "positions": session_facts.positions(known),
        "orders": session_facts.orders(known),
        "pending": session_facts.pending(known),
        "decided": session_facts.decided(known)[-_LAST_DECIDED:],
        "signals": session_facts.signals_since(known, max(told["signals"] - _LAST_SIGNALS, 0)),
        "prices": session_facts.prices(known),
        "counts": told,
    }


def tellings_of(deployment: Deployment, known: AnySession, before: Plain, now: Plain, ts: int) -> list[Telling]:
    """What has happened to a session between two of its facts.

    Args:
        deployment: whose it is.
        known: the session as it stands.
        before: facts that were put down last.
        now: its facts.
        ts: UTC ns.
    """
    whose = {"deployment": deployment.name, "session": deployment.session, "mode": deployment.mode}
    counts = before.get("counts", {})
    found = [("signal", row) for row in session_facts.signals_since(known, int(counts.get("signals", 0)))]
    found += [("fill", row) for row in session_facts.fills(known, int(counts.get("fills", 0)))]
    found += [("order.changed", row) for row in _changed(before, now, "orders")]
    found += [("order.changed", row) for row in session_facts.ended_orders(known, int(counts.get("ended", 0)))]
    found += [("pending.changed", row) for row in _changed(before, now, "pending")]
    gone = {row["order"] for row in before.get("pending", ())} - {row["order"] for row in now["pending"]}
    found += [("pending.changed", row) for row in session_facts.decided(known) if row["order"] in gone]
    return [Telling(kind, whose | row, ts) for kind, row in found]


def _changed(before: Plain, now: Plain, part: str) -> list[dict[str, Any]]:
    known = {row["order"]: row for row in before.get(part, ())}
    return [row for row in now[part] if known.get(row["order"]) != row]


@dataclass
class _Told:
    deployment: Deployment
    last: Plain
    time: VenueTime
    known: AnySession | None = None
    is_new: bool = False
    figures: Plain = field(default_factory=dict)
    figure_at: float = 0.0
    trips: RoundTrips = field(default_factory=RoundTrips)


class Reporter:
    """Puts down what sessions tell, each at most four times a second.

    Args:
        board: where it is put down.
        clock: to wait by.
        enter: writes what a session has made into the books.
        told: a line, where it cannot be put down now.
        trace: is given each thing that has happened, with its ids, for the log; once it has been put down.
    """

    def __init__(
        self,
        board: FactBoard,
        clock: Clock,
        enter: Callable[[Deployment, AnySession, Plain, Plain], Awaitable[None]],
        told: Callable[[str], None],
        trace: Callable[[str, Plain], None] | None = None,
    ) -> None:
        self._board, self._clock, self._enter, self._say = board, clock, enter, told
        self._trace = trace
        self._sessions: dict[str, _Told] = {}
        self._tellings: list[Telling] = []

    async def follow(self, deployment: Deployment, time: VenueTime = OURS) -> None:
        """Begin to tell of a session, from where it was told of last.

        Args:
            deployment: whose it is.
            time: of its venue.

        Raises:
            StoreError: that cannot be read.
        """
        last = await self._board.of(deployment.session)
        self._sessions[deployment.session] = _Told(deployment, _NOTHING if last is None else last.told, time)

    def heard(self, session: str, known: AnySession) -> None:
        """Something has happened to a session."""
        told = self._sessions[session]
        told.known, told.is_new = known, True

    def tell(self, kind: str, data: Plain) -> None:
        """Tell something beside."""
        self._tellings.append(Telling(kind, data, self._clock.now_ns()))

    async def run(self) -> None:
        """Put down what is told, until cancelled."""
        while True:
            await self._clock.sleep(_EACH_S)
            try:
                await self.flush()
            except StoreError as error:
                self._say(f"what happened cannot be put down now, and is later: {error}")

    async def flush(self) -> None:
        """Put down what has been told; where a session tells nonsense, that is said, and the others are told.

        Raises:
            StoreError: it cannot be written; it is kept for the next time.
        """
        for session, told in list(self._sessions.items()):
            if told.is_new and told.known is not None:
                told.is_new = False
                try:
                    await self._put(session, told, told.known)
                except StoreError:
                    told.is_new = True
                    raise
                except Exception as error:  # noqa: BLE001 - our own fault: it trades on, and must not hide the others
                    self._say(f"{session}: what happened cannot be told: {type(error).__name__}: {error}")
                await asyncio.sleep(0)
        if waiting := list(self._tellings):
            await self._board.put((), waiting)
            del self._tellings[: len(waiting)]

    async def _put(self, session: str, told: _Told, known: AnySession) -> None:
        ts = self._clock.now_ns()
        now = facts_of(session, known) | {"performance": self._figures(told, known), "time": told.time.plain(ts)}
        tellings = tellings_of(told.deployment, known, told.last, now, ts)
        before = told.last
        await self._enter(told.deployment, known, before, now)
        own = told.deployment
        lines = list(traced(own, known, before)) if self._trace else []
        await self._board.put([SessionFacts(session, own.name, own.mode, ts, now)], tellings)
        told.last = now
        for kind, ids in lines:
            if self._trace is not None:
                self._trace(kind, ids)

    def _figures(self, told: _Told, known: AnySession) -> Plain:
        # What takes longest, and changes least: it gets no more than a small part of the time, however long it takes.
        begun = self._clock.monotonic()
        if begun >= told.figure_at:
            try:
                told.figures = session_facts.performance(known, told.trips)
            except DataError:
                told.figures = {}
            took = self._clock.monotonic() - begun
            told.figure_at = begun + max(_FIGURES_S, took / _SHARE_OF_FIGURES)
        return told.figures
