"""Paper trading as a use case: begin a session, follow the venue, go on after a break, judge what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Protocol, TypeVar

from tradewright.domain.errors import DataError, InvalidValue, StrategyError, UnknownName, VenueUnavailable
from tradewright.domain.result_id import result_id
from tradewright.domain.times import iso
from tradewright.engine.heap import give_back_freed_memory
from tradewright.engine.session import Heard
from tradewright.market.steps import Step
from tradewright.portfolio.warnings import warning_of
from tradewright.ports.clock import Clock
from tradewright.ports.history import History
from tradewright.ports.session_store import SimJournal, SimSessionStore
from tradewright.services.backtests import BacktestRequest, Backtests, Kept
from tradewright.services.paper.drift import Drift, drift_of
from tradewright.services.paper.records import Beginning, beginning_of, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming

__all__ = ["Follow", "Listener", "PaperTrading", "SessionHead"]

T = TypeVar("T")

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


class Listener(Protocol):
    """Who is told what goes on."""

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """A step has been played."""
        ...

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """Something was asked of the session in between, and done, or refused for a reason."""
        ...

    def waiting(self, reason: str, seconds: float) -> None:
        """The venue cannot be asked now; it will be asked again."""
        ...


@dataclass(frozen=True, slots=True)
class Follow:
    """How long a session follows its venue.

    Args:
        stop: set to end it after the step under way.
        most: steps after which it ends by itself; None for no end.
        flatten: close every position when it ends; they are closed at the next open, when the session goes on.
    """

    stop: asyncio.Event
    most: int | None = None
    flatten: bool = False


class SessionHead(NamedTuple):
    """What a session is, in a line. `last_close` is in UTC ns."""

    strategy: str
    instruments: tuple[str, ...]
    timeframe: str
    venue: str
    steps: int
    last_close: int


class _Place(NamedTuple):
    steps: VenueSteps
    clock: Clock


@dataclass(frozen=True, slots=True)
class PaperTrading:
    """Paper sessions.

    Args:
        backtests: describes runs and keeps results.
        sessions: where journals lie.
        look_s: seconds from one look for wishes to the next.
    """

    backtests: Backtests
    sessions: SimSessionStore
    look_s: float = 0.5

    async def begin(
        self,
        request: BacktestRequest,
        context: int,
        venue: tuple[History, Clock],
        *,
        name: str | None = None,
        confirming: Confirming | None = None,
    ) -> str:
        """Begin a session with the last bars of the venue as its context; gives its name.

        Args:
            request: strategy, instruments and rules; its range and venue are not used.
            context: bars that the strategy is shown before the first that is traded; more where it warms up longer.
            venue: its history, and the clock to wait by.
            name: of the session; None gives it one.
            confirming: how orders that open a position are confirmed; None sends them at once.

        Raises:
            TradewrightError: whatever is wrong with the request, by field, or with the venue; nothing is written then.
        """
        history, clock = venue
        if not 1 <= context <= _MOST_CONTEXT:
            raise InvalidValue("--context", context, f"a whole number of bars from 1 to {_MOST_CONTEXT}")
        strategy = self.backtests.strategies.create(request.strategy, request.params)
        asked = replace(request, venue=history.venue, start=None, end=None)
        spec = self.backtests.describe(asked, strategy)
        feeds = await VenueSteps(history, spec, clock).beginning(max(context, strategy.warmup))
        code = self.backtests.code_fingerprint(self.backtests.strategies.source(spec.strategy))
        draft = PaperSession.new(Beginning(spec, feeds, code), self.backtests.strategies)
        begun = Beginning(replace(spec, start=draft.last_close), feeds, code)
        name = name or result_id(self.backtests.now(), self.backtests.salt())
        async with self.sessions.begin(name) as journal:
            held = {"holding": asdict(confirming)} if confirming is not None and confirming.is_on else {}
            await journal.append({**beginning_record(begun), **held})
        return name

    async def follow(self, name: str, venue: tuple[History, Clock], wish: Follow, told: Listener) -> PaperSession:
        """Make a session again from its journal, and play what its venue closes until it is told to stop.

        Args:
            name: of the session.
            venue: its history, and the clock to wait by.
            wish: how long.
            told: what goes on.

        Raises:
            StoreError: the journal is not there, damaged, or cannot be written.
            InvalidValue: the session is one of another venue.
            DataError: the venue's answers make no sense.
            StrategyError: the strategy fails.
        """
        history, clock = venue
        async with self.sessions.open(name) as journal:
            own = PaperSession.of(journal.records, self.backtests.strategies)
            if history.venue != own.spec.venue:
                raise InvalidValue("--exchange", history.venue, f"{own.spec.venue}, where session {name} trades")
            await self._attend(own, (name, journal), wish.stop, told)
            over = asyncio.Event()
            attending = asyncio.create_task(self._attending(own, (name, journal), (wish.stop, over, clock), told))
            try:
                await self._play(own, journal, (_Place(VenueSteps(history, own.spec, clock), clock), wish), told)
            finally:
                # It is not cancelled: what it may be writing is written, and done.
                over.set()
                await attending
            if wish.flatten and own.session.steps:
                await own.act({"kind": "flatten"}, journal)
        return own

    @staticmethod
    async def _play(own: PaperSession, journal: SimJournal, way: tuple[_Place, Follow], told: Listener) -> None:
        place, wish = way
        begin = own.session.steps
        while not wish.stop.is_set() and (wish.most is None or own.session.steps - begin < wish.most):
            closed = await _next(own, place, wish.stop, told)
            if wish.most is not None:
                closed = closed[: wish.most - (own.session.steps - begin)]
            is_first = own.session.steps == begin
            for step, heard in await own.hear(closed, journal):
                told.played(own, step, heard)
            if is_first:
                # What lasts is there now, and what made it ready has been freed.
                give_back_freed_memory()

    async def _attending(
        self,
        own: PaperSession,
        journal: tuple[str, SimJournal],
        way: tuple[asyncio.Event, asyncio.Event, Clock],
        told: Listener,
    ) -> None:
        stop, over, clock = way
        try:
            while not over.is_set():
                await _unless(over, clock.sleep(self.look_s))
                if not over.is_set():
                    await self._attend(own, journal, stop, told)
        except BaseException:
            # A session that hears no wish must not trade on.
            stop.set()
            raise

    async def _attend(
        self, own: PaperSession, journal: tuple[str, SimJournal], stop: asyncio.Event, told: Listener
    ) -> None:
        # What was asked since the last look is done now, between two steps.
        name, pages = journal
        for number, record in await self.sessions.asked(name):
            refusal = ""
            try:
                if record.get("kind") == "stop":
                    stop.set()
                    await self.sessions.answered(name, number)
                else:
                    await own.act(record, pages, answers=number)
            except (DataError, InvalidValue, UnknownName, StrategyError) as error:
                refusal = str(error)
                await self.sessions.answered(name, number, refusal)
            told.asked(record, refusal)

    async def restored(self, name: str) -> PaperSession:
        """A session as its journal tells of it; it may be at work in another process.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        return PaperSession.of(await self.sessions.read(name), self.backtests.strategies)

    async def head(self, name: str) -> SessionHead:
        """What a session is, without playing it.

        Raises:
            StoreError: there is none, or it is damaged.
            DataError: its first record is none of a session.
        """
        records = await self.sessions.read(name)
        begun = beginning_of(records[0]) if records else None
        if begun is None:
            raise DataError(f"session {name} has no records: it ended before it began")
        steps = [record for record in records if record.get("kind") == "step"]
        last = int(steps[-1]["ts_close"]) if steps else int(begun.spec.start or 0)
        spec = begun.spec
        return SessionHead(spec.strategy, spec.instruments, spec.timeframe, spec.venue, len(steps), last)

    async def drift(self, name: str) -> Drift | None:
        """A session beside the backtest over its bars; None before its first step."""
        return drift_of(await self.restored(name), self.backtests.strategies)

    def keep(self, own: PaperSession) -> Kept:
        """Judge what came of a session, and keep it as a result beside those of backtests.

        Raises:
            DataError: it has not played a step.
        """
        if not own.steps:
            raise DataError("the session has not played a bar: there is nothing to judge")
        run = own.session.run
        strategy = self.backtests.strategies.create(own.spec.strategy, dict(own.spec.params))
        since = iso(own.steps.opens[0])
        warning = warning_of("paper-session", venue=own.spec.venue, bars=len(own.steps), since=since)
        return self.backtests.keep(run, self.backtests.passport(run, strategy), warnings=(warning, *own.warnings))


_MOST_CONTEXT = 20_000


async def _next(own: PaperSession, place: _Place, stop: asyncio.Event, told: Listener) -> Sequence[Step]:
    # What closes next; nothing where the session was told to stop meanwhile.
    wait = _FIRST_WAIT_S
    while not stop.is_set():
        try:
            return await _unless(stop, place.steps.after(own.last_close, own.begun.feeds)) or ()
        except VenueUnavailable as error:
            told.waiting(str(error), wait)
            await _unless(stop, place.clock.sleep(wait))
            wait = min(2 * wait, _LONGEST_WAIT_S)
    return ()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    # The work's outcome, or None where the stop came first.
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, stopped):
            one.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)
