"""One life of a live session that trades at a practice exchange, on a machine that may be ill, until it is killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import ready
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.link import account_door
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.binance.user_stream import StreamTerms
from tradewright.adapters.venues.transport.client import Patience
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venues import history_of, shared_address
from tradewright.domain.errors import VenueError
from tradewright.domain.live_terms import LiveTerms
from tradewright.domain.orders import exact
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.engine.venue_session import VenueSession
from tradewright.services.ending import end_all
from tradewright.services.live.driver import Driver
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.guards import bare_rows
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import TradingPlace
from tradewright.services.paper.records import Beginning, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming
from tradewright.testing.chaos_ills import SetClock, fail_store
from tradewright.testing.lively import lively_registry
from tradewright.testing.mortal import MOMENTS, Fate, MortalDatabase, MortalSessions, MortalVenue
from tradewright.testing.practice import KEY, SECRET, START
from tradewright.testing.venues import BTC

__all__ = ["Doom", "Play", "begin", "drawn_doom", "one_life", "tell"]

_NAME = "20231115-000000-c4a0"
_LIFE_S, _LAST_S, _LOOK_S, _MOST_S = 60.0, 8.0, 0.5, 40.0
_MOST_MOMENTS = {"": 120, "write": 20, "commit": 30, "send": 6, "hear": 12, "begin": 14, "check": 20, "probe": 3}
_LATEST, _WITHIN_S = 160, 0.003
_TERMS = LiveTerms(check_s=1.0, probe_s=0.2, skew_s=0.0, most_errors=10_000, stale_bars=1_000.0, bare_s=600.0,
                   latest_bars=4.0)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Play:
    """One playing.

    Args:
        seed: of it.
        database: its address.
        folder: for what the processes tell each other.
        ills: what may be wrong with the machine.
    """

    seed: int
    database: str
    folder: Path
    ills: frozenset[str]

    @property
    def port(self) -> int:
        """Of the exchange."""
        return int((self.folder / "port").read_text())


class Doom(NamedTuple):
    """How a life ends.

    Args:
        number: of the life; 0 is the last, which ends by itself.
        kind: of the moments that are counted; empty for any.
        at: the number of the moment.
        within_s: where that is in the midst of a COMMIT, how long after its begin.
        fails_s: after so many seconds nothing can be stored any more; 0 is never.
        room: see `fail_store`.
    """

    number: int = 0
    kind: str = ""
    at: int = 0
    within_s: float = 0.0
    fails_s: float = 0.0
    room: float = 0.0


def drawn_doom(chance: random.Random, number: int, ills: frozenset[str]) -> Doom:
    """How the next life ends."""
    kind = chance.choice(("", *MOMENTS))
    at, within, fails, room = chance.randint(1, _MOST_MOMENTS[kind]), *(chance.random() for _ in range(3))
    fails_s = 0.5 + 2.0 * fails if "fails" in ills and chance.random() < 0.4 else 0.0  # noqa: PLR2004 - a share
    return Doom(number, kind, at, within * _WITHIN_S, fails_s, room)


@asynccontextmanager
async def _place(play: Play, doom: Doom, fate: Fate) -> AsyncIterator[tuple[TradingPlace[Any], Database]]:
    rest, streams = f"http://127.0.0.1:{play.port}", f"ws://127.0.0.1:{play.port}"
    clock = SetClock(play.seed, is_set="jumps" in play.ills and bool(doom.number))
    # The exchange's minutes pass in half a second of ours: what one of ours may weigh is no measure.
    shared_address(rest).weights = ()
    opening = Opening(
        Keys(KEY, SECRET), clock, Addresses(rest, streams), PRACTICE, account_door(shared_address(rest)), timeout_s=0.5,
        patience=Patience(reads_s=3.0, writes_s=0.5, first_s=0.02, most_s=0.1),
        watch=StreamTerms(audit_s=1.0, grace_s=0.1, extend_s=5.0, heartbeat_s=1.0),
    )  # fmt: skip
    async with MortalDatabase(address_of(play.database, "database"), fate, doom.within_s) as kept:
        await ready(kept)
        sessions = SqlSessions(kept, SIM_TABLES, lambda: START)
        async with opening.venue() as venue, history_of(Reach("practice", rest)) as history:
            yield TradingPlace(sessions, venue, history, clock, _TERMS), kept


async def begin(play: Play) -> None:
    """Begin the session."""
    registry = lively_registry()
    (strategy,) = registry.names()
    risk = RiskSpec(min_reward_risk=0.0, require_target=False, leverage=5.0)
    spec = RunSpec(strategy, "1", (), "practice", (BTC,), "1m", risk=risk)
    async with _place(play, Doom(), Fate()) as (place, _):
        while True:
            try:
                feeds = await VenueSteps(place.history, spec, place.clock).beginning(300)
                break
            except VenueError:
                continue
        draft = PaperSession.new(Beginning(spec, feeds, "code"), registry, VenueSession)
        begun = Beginning(replace(spec, start=draft.last_close), feeds, "code")
        async with place.sessions.begin(_NAME) as journal:
            confirming = Confirming("confirms" in play.ills, ttl_s=240.0)
            await journal.append({**beginning_record(begun), "confirming": asdict(confirming)})


async def one_life(play: Play, doom: Doom) -> None:
    """Take the session up, and trade until the process dies; the last tells how the session stands then."""
    fate = Fate(doom.at, partial(_die, play.folder), doom.kind, _LATEST if doom.number else 0)
    async with _place(play, doom, fate) as (real, kept):
        sessions: Any = MortalSessions(real.sessions, fate)
        venue: Any = MortalVenue(real.venue, fate)
        place = replace(real, sessions=sessions, venue=venue)
        async with sessions.open(_NAME) as journal:
            live = live_session_of(_NAME, journal.records, lively_registry())
            driver = Driver(live, journal, place, _Nobody())
            beside = [asyncio.create_task(_decide(live, real.sessions, play.seed))]
            if doom.fails_s:
                beside.append(asyncio.create_task(fail_store(kept, doom.fails_s, doom.room)))
            run = asyncio.create_task(driver.run())
            await asyncio.wait((run,), timeout=_LIFE_S if doom.number else _LAST_S)
            for _ in range(0 if doom.number else round(_MOST_S / _LOOK_S)):
                if run.done() or _is_settled(live):
                    break
                await asyncio.wait((run,), timeout=_LOOK_S)  # where nothing was traded, there is little to say
            driver.stop.set()
            await run
            await end_all(*beside)
        if not doom.number:
            tell(play.folder / "ours", json.dumps(_told(live, await real.sessions.read(_NAME))))


def _is_settled(live: LiveSession) -> bool:
    # On a busy machine the last life may need longer until it has heard of everything.
    is_certain = all(one.is_certain for one in live.tickets.living())
    return bool(live.trades) and live.is_synced and is_certain and bare_rows(live) == ()


def tell(path: Path, text: str) -> None:
    """Write a file that is there as a whole, or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


def _die(folder: Path, kind: str) -> None:
    with suppress(OSError), (folder / "deaths").open("a") as told:  # its disk may be full
        told.write(f"{kind}\n")
    os.kill(os.getpid(), signal.SIGKILL)


async def _decide(live: LiveSession, sessions: Any, seed: int) -> None:
    # What people do about orders that wait: two confirm at once, one rejects, nobody comes.
    asked: set[int] = set()
    while True:
        for own in [n for n, one in live.pending.items() if one.state == "waiting" and n not in asked]:
            asked.add(own)
            draw = random.Random(f"{seed} {own}").random()  # noqa: S311 - no secret
            if draw < 0.8:  # noqa: PLR2004 - a share
                kinds = ("confirm", "confirm") if draw < 0.7 else ("reject", "confirm")  # noqa: PLR2004 - a share
                wishes = [
                    {"kind": kind, "order_id": own, "by": by} for kind, by in zip(kinds, ("ann", "bob"), strict=True)
                ]
                await asyncio.gather(*(sessions.ask(_NAME, one) for one in wishes))
        await asyncio.sleep(0.05)


class _Nobody:
    """Watches nothing."""

    def happened(self, live: Any, records: Any) -> None:
        """See `services.live.terms.Watcher`."""


def _told(live: LiveSession, records: Any) -> dict[str, Any]:
    again = live_session_of(_NAME, records, lively_registry())
    same = (live.tickets, live.trades, live.notes) == (again.tickets, again.trades, again.notes)
    fills, refolded = live.session.world.fills, again.session.world.fills
    return {
        "tickets": {name: (one.life.value, str(one.filled)) for name, one in live.tickets.by_name.items()},
        "trades": [number for _, number in live.trades],
        "fills": int(fills.size),
        "held": str(exact(live.session.held_lots(0), live.session.instruments[0].lot)),
        "is_guarded": bare_rows(live) == (),
        "confirmed": sum(one.state == "confirmed" for one in live.pending.values()),
        "unconfirmed": [
            name
            for name, one in live.tickets.by_name.items()
            if one.is_opening
            and live.confirming.is_on
            and getattr(live.pending.get(one.order_id), "state", "") != "confirmed"
        ],
        "is_same": same and fills.tolist() == refolded.tolist(),
        "steps": len(live.own.steps),
        "halted": live.halted,
    }
