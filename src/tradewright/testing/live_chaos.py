"""A live session whose process is killed again and again, at a practice exchange over sockets, with faults on the way.

The exchange and each life of the session are processes of their own, begun by `fork` from one that has everything
loaded. A life kills itself with SIGKILL at a counted moment: before or after its journal is written, a request is sent,
an answer or an event is heard. In the end our books are held against the exchange's.

Run it: python -m tradewright.testing.live_chaos AT_ONCE, and hand it lines `SEED DEATHS DATABASE FOLDER`; it plays so
many of them beside each other, each of which waits most of the time, and tells of each by a line. Everything is loaded
once for all of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import ready
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.adapters.venues.binance.abilities import PRACTICE
from tradewright.adapters.venues.binance.opening import Addresses, Opening
from tradewright.adapters.venues.binance.signing import Keys
from tradewright.adapters.venues.binance.user_stream import StreamTerms
from tradewright.adapters.venues.practice.server import serve
from tradewright.adapters.venues.practice.setup import Account
from tradewright.adapters.venues.transport.client import Patience
from tradewright.bootstrap.reach import Reach
from tradewright.bootstrap.venues import history_of
from tradewright.domain.errors import VenueError
from tradewright.domain.order_life import Life
from tradewright.domain.orders import exact
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.engine.venue_session import VenueSession
from tradewright.services.live.driver import Driver
from tradewright.services.live.fold import live_session_of
from tradewright.services.live.guards import bare_rows
from tradewright.services.live.session import LiveSession
from tradewright.services.live.terms import LiveTerms, TradingPlace
from tradewright.services.paper.records import Beginning, beginning_record
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.venue_steps import VenueSteps
from tradewright.services.pending import Confirming
from tradewright.testing.live_storm import play_storm
from tradewright.testing.lively import lively_registry
from tradewright.testing.mortal import Fate, MortalSessions, MortalVenue
from tradewright.testing.practice import KEY, SECRET, START, a_server
from tradewright.testing.venues import BTC, Rig, WallClock

__all__ = ["play_chaos"]

_NS = 1_000_000_000
_NAME = "20231115-000000-c4a0"
_BAR_S = 0.5  # of our time, for a minute of the exchange's
_MOST_MOMENTS, _LIFE_S, _LAST_S, _REFUSED, _TRIES = 60, 60.0, 8.0, 3, 5
_TERMS = LiveTerms(check_s=1.0, probe_s=0.2, skew_s=0.0, most_errors=10_000, stale_bars=1_000.0, bare_s=600.0)
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop"},
    {"kind": "execute_then_drop"},
    {"kind": "delay", "delay": 0.7},
    {"kind": "status", "status": 503, "code": -1000, "text": "Unknown error."},
    {"kind": "user_lost"},
    {"kind": "user_duplicate"},
    {"kind": "user_reorder"},
    {"kind": "ws_close", "chance": 0.01},
)


def play_chaos(seed: int, deaths: int, database: str, folder: Path) -> dict[str, Any]:
    """Kill a session so many times, and compare; gives what happened.

    Args:
        seed: of prices, faults and moments.
        deaths: how often it is killed.
        database: address; empty.
        folder: for what the processes tell each other.

    Raises:
        AssertionError: an order or a fill was lost or doubled, or the books differ.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    exchange = _fork(lambda: asyncio.run(_exchange(seed, folder)))
    try:
        port = int(_waited(folder / "port"))
        _end(_fork(lambda: asyncio.run(_begin(port, database))))
        died = tries = 0
        while died < deaths and tries < 3 * deaths:
            at, tries = chance.randint(1, _MOST_MOMENTS), tries + 1
            ended = _end(_fork(partial(_run, _life, port, database, folder, at)))
            died += ended == -signal.SIGKILL
        os.kill(exchange, signal.SIGUSR1)
        _waited(folder / "calm")
        _live_on(partial(_run, _life, port, database, folder, 0))
    finally:
        os.kill(exchange, signal.SIGTERM)
        os.waitpid(exchange, 0)
    ours, theirs = (json.loads((folder / name).read_text()) for name in ("ours", "theirs"))
    _compare(ours, theirs)
    return {"seed": seed, "deaths": died, "fills": len(ours["trades"]), "orders": len(ours["tickets"]),
            "steps": ours["steps"], "halted": ours["halted"]}  # fmt: skip


def _compare(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    booked: dict[str, Any] = theirs["booked"]
    for name, (is_open, filled) in booked.items():
        life, our_filled = ours["tickets"][name]
        assert Decimal(filled) == Decimal(our_filled), (name, booked[name], ours["tickets"][name])
        assert is_open == (life == Life.WORKING.value), (name, booked[name], ours["tickets"][name])
    never = {Life.NEVER.value, Life.REJECTED.value}
    ghosts = {name: life for name, (life, _) in ours["tickets"].items() if name not in booked and life not in never}
    assert not ghosts, ghosts
    assert sorted(theirs["executions"]) == sorted(ours["trades"])
    assert len(ours["trades"]) == ours["fills"]
    held = sum(map(Decimal, theirs["executions"].values()), start=Decimal(0))
    assert held == Decimal(ours["held"]), (held, ours["held"])
    assert ours["is_guarded"], "a position is without its stop"
    assert ours["is_same"], "the journal makes another session"


# -- processes --------------------------------------------------------------------------------------------------


def _fork(work: Callable[[], Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        work()
    except VenueError:
        code = _REFUSED
    except BaseException:  # noqa: BLE001 - told, and the process ends
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


def _run(work: Callable[..., Any], *given: Any) -> None:
    asyncio.run(work(*given))


def _live_on(work: Callable[[], Any]) -> None:
    # The exchange may still be slow to answer where many processes share a processor: then one asks again.
    for _ in range(_TRIES):
        if _end(_fork(work)) == 0:
            return
    raise AssertionError(f"the last life was refused {_TRIES} times by an exchange without faults")


def _end(child: int) -> int:
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, _REFUSED, -signal.SIGKILL), f"a process ended with {code}"
    return code


def _waited(path: Path) -> str:
    until = time.monotonic() + 30.0
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} was never written"
        time.sleep(0.02)
    return path.read_text()


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


# -- the exchange -----------------------------------------------------------------------------------------------


async def _exchange(seed: int, folder: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    server = a_server(time.monotonic_ns, speed=1.0, start=START + 5 * _NS, accounts=(Account(KEY, SECRET, 10_000.0),))
    nobody: Any = None  # other processes ask the account
    rig = Rig(nobody, server)
    for fault in chance.sample(_FAULTS, chance.randint(1, 4)):
        rig.strike(**{"chance": chance.uniform(0.03, 0.15), "count": 0, **fault})
    stop, calm, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, partial(_quiet, rig, calm, folder))
    served = asyncio.create_task(serve(server, 0, lambda ports: _write(folder / "port", str(ports[0]))))
    passing = asyncio.create_task(_pass_time(rig, calm))
    await stop.wait()
    passing.cancel()
    booked = {name: (one.is_open, str(one.filled)) for name, one in rig.booked().items()}
    executions = {name: str(quantity) for name, quantity in rig.executions().items()}
    _write(folder / "theirs", json.dumps({"booked": booked, "executions": executions}))
    served.cancel()
    await asyncio.gather(served, passing, return_exceptions=True)


def _quiet(rig: Rig, calm: asyncio.Event, folder: Path) -> None:
    rig.calm()
    calm.set()
    _write(folder / "calm", "")


async def _pass_time(rig: Rig, calm: asyncio.Event) -> None:
    while True:
        for _ in range(4):
            await asyncio.sleep(_BAR_S / 4)
            await rig.wait(15.0)
        if calm.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(2.0 * _BAR_S):
                    await asyncio.Event().wait()


# -- the session ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _place(port: int, database: str) -> AsyncIterator[TradingPlace[Any]]:
    rest, streams = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
    opening = Opening(
        Keys(KEY, SECRET), WallClock(), Addresses(rest, streams), PRACTICE, timeout_s=0.5,
        patience=Patience(reads_s=3.0, writes_s=0.5, first_s=0.02, most_s=0.1),
        watch=StreamTerms(audit_s=1.0, grace_s=0.1, extend_s=5.0, heartbeat_s=1.0),
    )  # fmt: skip
    async with Database(address_of(database, "database")) as kept:
        await ready(kept)
        sessions = SqlSessions(kept, SIM_TABLES, lambda: START)
        async with opening.venue() as venue, history_of(Reach("practice", rest)) as history:
            yield TradingPlace(sessions, venue, history, WallClock(), _TERMS)


async def _begin(port: int, database: str) -> None:
    registry = lively_registry()
    (strategy,) = registry.names()
    risk = RiskSpec(min_reward_risk=0.0, require_target=False, leverage=5.0)
    spec = RunSpec(strategy, "1", (), "practice", (BTC,), "1m", risk=risk)
    async with _place(port, database) as place:
        while True:
            try:
                feeds = await VenueSteps(place.history, spec, place.clock).beginning(300)
                break
            except VenueError:
                continue
        draft = PaperSession.new(Beginning(spec, feeds, "code"), registry, VenueSession)
        begun = Beginning(replace(spec, start=draft.last_close), feeds, "code")
        async with place.sessions.begin(_NAME) as journal:
            await journal.append({**beginning_record(begun), "confirming": asdict(Confirming())})


async def _life(port: int, database: str, folder: Path, at: int) -> None:
    fate = Fate(at, lambda: os.kill(os.getpid(), signal.SIGKILL))
    async with _place(port, database) as real:
        sessions: Any = MortalSessions(real.sessions, fate)
        venue: Any = MortalVenue(real.venue, fate)
        place = replace(real, sessions=sessions, venue=venue)
        async with sessions.open(_NAME) as journal:
            live = live_session_of(_NAME, journal.records, lively_registry())
            driver = Driver(live, journal, place, _Nobody())
            run = asyncio.create_task(driver.run())
            await asyncio.wait((run,), timeout=_LIFE_S if at else _LAST_S)
            driver.stop.set()
            await run
        if not at:
            _write(folder / "ours", json.dumps(_told(live, await real.sessions.read(_NAME))))


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
        "is_same": same and fills.tolist() == refolded.tolist(),
        "steps": len(live.own.steps),
        "halted": live.halted,
    }


def main() -> None:
    """See the module."""
    play_storm(1, bars=30)  # what it calls is loaded, and every process that is forked has it
    at_once, players = int(sys.argv[1]), 0
    for line in sys.stdin:
        if players == at_once:
            os.wait()
            players -= 1
        _fork(partial(_tell, line.split()))
        players += 1
    for _ in range(players):
        os.wait()


def _tell(words: list[str]) -> None:
    seed, deaths, database, folder = words
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    try:
        told = play_chaos(int(seed), int(deaths), database, path)
    except Exception as error:  # noqa: BLE001 - told, whatever it is
        told = {"seed": int(seed), "failed": f"{error}\n{traceback.format_exc()}"}
    os.write(sys.stdout.fileno(), f"{json.dumps(told)}\n".encode())


if __name__ == "__main__":
    main()
