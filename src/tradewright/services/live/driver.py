"""The driver of a live session: it carries events in and requests out, and writes all of it down before it acts.

One task alone plays records, in the order of the journal. What waits for the network waits in tasks of its own, which
hand their news over as records.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import DataError, TradewrightError, VenueError
from tradewright.domain.mode import Mode
from tradewright.domain.timeframe import SECOND_NS, Timeframe
from tradewright.domain.user_events import Filled, Gap, OrderChanged, UserEvent
from tradewright.ports.session_store import SessionJournal
from tradewright.services.ending import end_all
from tradewright.services.live.acts import checked_act
from tradewright.services.live.dead_man import DeadMansSwitch
from tradewright.services.live.errands import (
    Errand,
    ask_for_all,
    carry,
    fills_since,
    name_of,
    payments_since,
    probe,
    sent_record,
    set_up,
)
from tradewright.services.live.fold import play
from tradewright.services.live.guards import Guards
from tradewright.services.live.heard_steps import HeardSteps
from tradewright.services.live.lasting import lasting
from tradewright.services.live.plain import as_plain
from tradewright.services.live.planning import requests
from tradewright.services.live.requests import Deny, Hold
from tradewright.services.live.session import NAMES, LiveSession
from tradewright.services.live.terms import TradingPlace, Watcher
from tradewright.services.paper.records import step_of, step_record
from tradewright.services.paper.venue_steps import VenueSteps

__all__ = ["Driver"]

Record = Mapping[str, Any]
_FIRST_WAIT_S, _MOST_WAIT_S = 0.2, 30.0
_LOOK_S = 0.25
_READ_S = 10.0  # connections that nothing was sent on for longer are closed by one side or the other
_OVERLAP_NS = 120 * SECOND_NS
_TURNS = 2  # of the loop, after which a request has left: it begins in one, and is written in the next
_LAST_S = 15.0  # that the orders on their way are waited for at the end


class _Parcel(NamedTuple):
    records: tuple[Record, ...]
    answers: int | None = None
    played: asyncio.Event | None = None


class Driver:
    """Runs one session at its venue. What it holds may be ahead of the journal while that is written, never the venue.

    Args:
        live: the session, as its journal tells of it.
        journal: of the session, open for more.
        place: where it trades.
        told: who is told.

    Attributes:
        stop: set to end it.
        told: who is told what goes on.
        flatten: close every position at the end; else what protects them stays at the venue.
    """

    def __init__(
        self, live: LiveSession, journal: SessionJournal[Any], place: TradingPlace[Any], told: Watcher
    ) -> None:
        self.live, self.stop, self.flatten = live, asyncio.Event(), False
        self._journal, self.told = journal, told
        self._place: TradingPlace[Mode] = place
        self._guards = Guards(live, place.terms)
        asked = VenueSteps(place.history, live.spec, place.clock)
        self._steps = HeardSteps(asked, live.spec, place.clock, place.stream, self._remark)
        self._switch = DeadMansSwitch(live, place, self._remark, self._unanswered)
        self._frame = Timeframe.parse(live.spec.timeframe)
        self._news: asyncio.Queue[_Parcel | BaseException] = asyncio.Queue()
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._probed: dict[str, float] = {}
        self._venue_time: tuple[int, float] | None = None
        self._lead = self._first_lead = 0

    async def run(self) -> None:
        """Trade until told to stop.

        Raises:
            TradewrightError: the journal cannot be written, or the account cannot be set up; nothing more is sent then.
        """
        await self._read_clock()
        self._first_lead, self._since = self._lead, self.now()
        await set_up(self.live, self._place)
        whole = self.live.holdings.whole_at or self.live.spec.start or self._since
        self._hand_over({"kind": "told", "event": as_plain(Gap(whole, "the session is taken up"))})
        await self._catch_up(whole)
        await self._check()
        try:
            listening = self._steps.listen(self.live.own.begun.feeds)
            bars = self._spawn(self._hear_bars())
            for work in (self._hear_venue(), listening, self._look_around()):
                self._spawn(work)
            with lasting():
                while not self.stop.is_set():
                    await self._take_news()
                await end_all(bars)  # what would be decided at a close from now on, nobody would look after
                await self._wind_up()
        finally:
            await end_all(*self._tasks)

    def now(self) -> int:
        """The venue's time as far as we know it, UTC ns."""
        at, read = self._venue_time or (0, 0.0)
        return max(self.live.holdings.now, at + round((self._place.clock.monotonic() - read) * SECOND_NS))

    async def _catch_up(self, since: int) -> None:
        # What was executed while nobody listened.
        known = self.live.trades
        records = await fills_since(self._place.venue, self.live.spec.instruments, since - _OVERLAP_NS)
        # What was paid before the session is not its own, though the position may have been.
        paid = await payments_since(self._place.venue, max(since - _OVERLAP_NS, self.live.spec.start or self._since))
        self._hand_over(
            *(one for one in records if (one["event"]["fill"]["instrument"], one["event"]["fill"]["id"]) not in known),
            *(one for one in paid if one["event"]["id"] not in self.live.payments),
        )

    async def _read_clock(self) -> None:
        # Time is carried on by a clock that nobody sets; how far the other has gone astray is watched.
        clock, now = self._place.clock, await self._place.venue.now()
        self._venue_time, self._lead = (now, clock.monotonic()), now - clock.now_ns()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # of one that was ended before it began
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        # What fails beside the one that plays records ends the session there, not unheard.
        try:
            await work
        except Exception as error:  # noqa: BLE001 - handed over, and raised by `run`
            self._news.put_nowait(error)

    async def _take_news(self) -> None:
        # All that is there is written in one go. There is news at each look around: whoever waits here wakes up.
        parcels = [await self._news.get()]
        while not self._news.empty():
            parcels.append(self._news.get_nowait())
        for parcel in parcels:
            if isinstance(parcel, BaseException):
                raise parcel
        batch: list[Record] = []
        for parcel in parcels:
            assert not isinstance(parcel, BaseException)
            if parcel.answers is None and not any(one["kind"] == "step" for one in parcel.records):
                batch.extend(parcel.records)
                continue
            if batch:
                await self._note(batch)
            batch = []
            for record in parcel.records:
                if record["kind"] == "step":
                    self.live.session.check(step_of(record))
                await self._note([record], parcel.answers)
            if parcel.played is not None:
                parcel.played.set()
        await self._note(batch)

    async def _note(self, records: list[Record], answers: int | None = None) -> None:
        # Play, see what follows, and write it all down in one go: nobody is told of it, and nothing is done, before.
        # Where it cannot be written the session ends, and is made again from what is there.
        entry: list[Record] = []
        while True:
            for record in records:
                play(self.live, record)
            entry += records
            records, errands = self._next()
            if records and not errands:
                continue  # what was decided about orders is seen, too
            for record in records:
                play(self.live, record)
            entry += records
            if entry:
                await self._write(entry, answers)
            if not errands:
                return
            for errand in errands:
                self._spawn(self._carry(errand))
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            records, entry, answers = [], [], None

    async def _write(self, records: list[Record], answers: int | None) -> None:
        if answers is None:
            await self._journal.append_all(records)
        else:
            first, *more = records
            await self._journal.append(first, answers=answers)
            if more:
                await self._journal.append_all(more)
        self.told.happened(self.live, records)

    def _next(self) -> tuple[list[Record], list[Errand]]:
        now, terms = self.now(), self._place.terms
        found = requests(self.live, self._place.venue.abilities, now, round(terms.latest_bars * self._frame.ns))
        decided: list[Record] = [_decision(one, now) for one in found if isinstance(one, Hold | Deny)]
        if decided:
            return decided, []
        errands: list[Errand] = []
        for one in found:
            if not isinstance(one, Hold | Deny) and name_of(one) not in self._busy:
                self._busy.add(name_of(one))
                errands.append(one)
        return [sent_record(one, now) for one in errands], errands

    async def _carry(self, errand: Errand) -> None:
        record = await carry(errand, self._place.venue)
        if record["result"]["is"] == "Unknown":
            self._unanswered()
        self._busy.discard(name_of(errand))
        self._hand_over(record)

    def _hand_over(self, *records: Record, answers: int | None = None) -> None:
        self._news.put_nowait(_Parcel(tuple({"ts": self.now(), **one} for one in records), answers))

    def _unanswered(self) -> None:
        self._guards.failed(self._place.clock.monotonic())

    def _remark(self, text: str) -> None:
        self._hand_over({"kind": "remark", "text": text})

    async def _hear_venue(self) -> None:
        wait = _FIRST_WAIT_S
        while True:
            try:
                async for event in self._place.venue.events():
                    wait = _FIRST_WAIT_S
                    if not _is_anothers(event, self.live.mark):
                        self._hand_over({"kind": "told", "event": as_plain(event)})
            except VenueError as error:
                self._unanswered()
                self._hand_over({"kind": "told", "event": as_plain(Gap(self.live.holdings.now, str(error)))})
            await self._place.clock.sleep(wait)
            wait = min(2 * wait, _MOST_WAIT_S)

    async def _hear_bars(self) -> None:
        wait = _FIRST_WAIT_S
        while True:
            late = self._place.terms.stale_bars * self._frame.ns / SECOND_NS
            self._guards.bar_due(self._place.clock.monotonic() + late + self._frame.ns / SECOND_NS)
            try:
                steps = await self._steps.after(self.live.own.last_close, self.live.own.begun.feeds)
            except (VenueError, DataError) as error:
                # An answer that makes no sense is as good as none, but somebody should know of it.
                if isinstance(error, DataError) and wait == _FIRST_WAIT_S:
                    self._remark(f"the venue's bars cannot be used, and are asked for again: {error}")
                self._unanswered()
                await self._steps.rest(self.live.own.last_close, wait)
                wait = min(2 * wait, _MOST_WAIT_S)
                continue
            wait, played = _FIRST_WAIT_S, asyncio.Event()
            records = tuple(step_record(step, is_missed=n < len(steps)) for n, step in enumerate(steps, start=1))
            self._news.put_nowait(_Parcel(records, played=played))
            await played.wait()

    async def _look_around(self) -> None:
        clock, terms = self._place.clock, self._place.terms
        checked = read = clock.monotonic()
        while True:
            await self._attend()
            now = clock.monotonic()
            for record in (*self._guards.due(now), *self._expired()):
                self._hand_over(record)
            self._probe_all(now)
            self._news.put_nowait(_Parcel(()))  # what waited for its time is looked at again
            if now - read >= _READ_S:
                read = now
                self._spawn(self._keep_time())
            if now - checked >= terms.check_s:
                checked = now
                self._spawn(self._check())
            if self._switch.is_due(now):
                self._spawn(self._switch.put_off())
            await clock.sleep(_LOOK_S)

    async def _attend(self) -> None:
        sessions = self._place.sessions
        for number, record in await sessions.asked(self.live.name):
            try:
                if record.get("kind") == "stop":
                    await sessions.answered(self.live.name, number)
                    self.stop.set()
                    continue
                done = checked_act(self.live, record, self.now(), is_ending=self.stop.is_set())
            except TradewrightError as error:
                await sessions.answered(self.live.name, number, str(error))
                kind = str(record.get("kind"))
                self._hand_over({"kind": "remark", "text": f"{kind}: {error}", "asked": kind, "refusal": str(error)})
                continue
            played = asyncio.Event()
            self._news.put_nowait(_Parcel((done,), number, played))
            await played.wait()

    def _expired(self) -> list[Record]:
        now = self.now()
        late = [one for one in self.live.pending.values() if one.state == "waiting" and one.until < now]
        return [{"kind": "expire", "order_id": one.order_id} for one in late]

    def _probe_all(self, now: float) -> None:
        for ticket in self.live.tickets.living():
            name = ticket.client_id
            is_missed = not ticket.is_ended and ticket.is_certain and ticket.filled < ticket.told
            if name in self._busy or (ticket.is_certain and not is_missed):
                self._probed.pop(name, None)
            elif now - self._probed.setdefault(name, now) >= self._place.terms.probe_s:
                self._probed[name] = now
                self._busy.add(name)
                self._spawn(self._probe(name))

    async def _probe(self, name: str) -> None:
        ticket = self.live.tickets.by_name[name]
        try:
            if ticket.is_certain:
                # It has ended, and a fill of it was not heard.
                await self._catch_up(ticket.sent_at)
            else:
                self._hand_over(await probe(ticket, self._place.venue, self._since))
        except VenueError:
            self._unanswered()
        finally:
            self._busy.discard(name)

    async def _check(self) -> None:
        try:
            record = await ask_for_all(self.live, self._place.venue)
        except VenueError:
            self._unanswered()
            return
        self._hand_over({**record, "policy": self._place.terms.policy})

    async def _keep_time(self) -> None:
        # Often enough that the connection on which an order goes is there already when it is decided.
        with suppress(VenueError):
            await self._read_clock()
            self._guards.skewed((self._lead - self._first_lead) / SECOND_NS)

    async def _wind_up(self) -> None:
        # Nothing that opens is left alone at the venue; what protects stays.
        self._hand_over({"kind": "withdraw"})
        if self.flatten and self.live.own.steps:
            self._hand_over({"kind": "flatten"})
        until = self._place.clock.monotonic() + _LAST_S
        while self._place.clock.monotonic() < until:
            await self._take_news()
            if self._news.empty() and not self._busy and self._is_quiet():
                break
        if wrong := await self._switch.lift():
            record = {"kind": "remark", "ts": self.now(), "text": wrong}
            play(self.live, record)
            await self._write([record], None)

    def _is_quiet(self) -> bool:
        live = self.live
        is_leaving = any(one["status"] == OrderStatus.PENDING for one in live.session.open_orders())
        return not is_leaving and all(one.is_certain for one in live.tickets.living())


def _is_anothers(event: UserEvent, mark: str) -> bool:
    # Several sessions may trade in one account: each keeps what is its own.
    name = event.fill.client_id if isinstance(event, Filled) else ""
    name = event.order.client_id if isinstance(event, OrderChanged) else name
    return name.startswith(NAMES) and not name.startswith(mark)


def _decision(one: Hold | Deny, now: int) -> Record:
    if isinstance(one, Deny):
        return {"kind": "deny", "ts": now, "order_id": one.order_id, "text": one.text}
    return {"kind": "hold", "ts": now, "order_id": one.order_id, "price": one.price}
