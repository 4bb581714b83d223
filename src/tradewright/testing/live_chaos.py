"""A live session whose process is killed again and again, at a practice exchange over sockets, with faults on the way.

The exchange and each life of the session are processes of their own, begun by `fork` from one that has everything
loaded. A life kills itself with SIGKILL at a counted moment of a drawn kind (`testing.mortal.MOMENTS`): around what is
written, within a COMMIT, around a request, while it starts, reconciles or asks what became of an order. Meanwhile its
machine may be ill (`testing.chaos_ills.ILLS`). In the end our books are held against the exchange's.

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
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tradewright.adapters.venues.practice.server import serve
from tradewright.adapters.venues.practice.setup import Account
from tradewright.domain.errors import StoreError, VenueError
from tradewright.domain.order_life import Life
from tradewright.testing.chaos_ills import hold_locks, ills_of
from tradewright.testing.chaos_life import Doom, Play, begin, drawn_doom, one_life, tell
from tradewright.testing.live_storm import play_storm
from tradewright.testing.practice import KEY, SECRET, START, a_server
from tradewright.testing.venues import Rig

__all__ = ["play_chaos"]

_NS = 1_000_000_000
_BAR_S = 0.5  # of our time, for a minute of the exchange's
_REFUSED, _FAILED, _TRIES = 3, 4, 5
_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop"},
    {"kind": "execute_then_drop"},
    {"kind": "delay", "delay": 0.7},
    {"kind": "status", "status": 503, "code": -1000, "text": "Unknown error."},
    {"kind": "user_lost"},
    {"kind": "user_duplicate"},
    {"kind": "user_reorder"},
    {"kind": "ws_close", "chance": 0.01},
    {"kind": "ws_silence", "chance": 0.01, "delay": 240.0},  # of its seconds: two of ours
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
    chance, play = random.Random(seed), Play(seed, database, folder, ills_of(seed))  # noqa: S311 - no secret
    others = [_fork(lambda: asyncio.run(_exchange(seed, folder)))]
    try:
        _waited(folder / "port")
        _end(_fork(partial(_run, begin, play)))
        if "locks" in play.ills:
            others.append(_fork(partial(hold_locks, seed, database)))
        ends: Counter[int] = Counter()
        while ends[-signal.SIGKILL] < deaths and ends.total() < _TRIES * deaths:
            doom = drawn_doom(chance, ends.total() + 1, play.ills)
            ends[_end(_fork(partial(_run, one_life, play, doom)))] += 1
        _stopped(others.pop() for _ in others[1:])
        os.kill(others[0], signal.SIGUSR1)
        _waited(folder / "calm")
        _live_on(partial(_run, one_life, play, Doom()))
    finally:
        _stopped(others)
    ours, theirs = (json.loads((folder / name).read_text()) for name in ("ours", "theirs"))
    _compare(ours, theirs)
    kinds = Counter((folder / "deaths").read_text().split())
    return {"seed": seed, "deaths": ends[-signal.SIGKILL], "kinds": kinds, "failed_writes": ends[_FAILED],
            "ills": sorted(play.ills), "fills": len(ours["trades"]), "orders": len(ours["tickets"]),
            "confirmed": ours["confirmed"], "steps": ours["steps"], "halted": ours["halted"]}  # fmt: skip


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
    assert not ours["unconfirmed"], f"sent without being confirmed: {ours['unconfirmed']}"
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
    except StoreError:
        code = _FAILED
    except BaseException:  # noqa: BLE001 - told, and the process ends
        code = 1
        traceback.print_exc()
    finally:
        # Whatever happens: a child never goes on as if it were its parent.
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
    assert code in (0, _REFUSED, _FAILED, -signal.SIGKILL), f"a process ended with {code}"
    return code


def _stopped(children: Iterable[int]) -> None:
    for child in children:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _waited(path: Path) -> str:
    until = time.monotonic() + 30.0
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} was never written"
        time.sleep(0.02)
    return path.read_text()


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
    served = asyncio.create_task(serve(server, 0, lambda ports: tell(folder / "port", str(ports[0]))))
    passing = asyncio.create_task(_pass_time(rig, calm))
    await stop.wait()
    passing.cancel()
    booked = {name: (one.is_open, str(one.filled)) for name, one in rig.booked().items()}
    executions = {name: str(quantity) for name, quantity in rig.executions().items()}
    tell(folder / "theirs", json.dumps({"booked": booked, "executions": executions}))
    served.cancel()
    await asyncio.gather(served, passing, return_exceptions=True)


def _quiet(rig: Rig, calm: asyncio.Event, folder: Path) -> None:
    rig.calm()
    calm.set()
    tell(folder / "calm", "")


async def _pass_time(rig: Rig, calm: asyncio.Event) -> None:
    while True:
        for _ in range(4):
            await asyncio.sleep(_BAR_S / 4)
            await rig.wait(15.0)
        if calm.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(2.0 * _BAR_S):
                    await asyncio.Event().wait()


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
