"""Two processes that confirm one order at the same moment, in a real database: it is confirmed, and sent, once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.signal import Signal
from tradewright.services.pending import Confirming
from tradewright.testing.databases import still_database
from tradewright.testing.driver_rig import RIG_NAME, DriverRig, run_driver

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)
ASK = """
import asyncio, json, sys
from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.sessions import SqlSessions
from tradewright.adapters.storage.sql.tables import SIM_TABLES
address, name, wish = sys.argv[1:]
async def ask():
    async with Database(address_of(address, "database")) as database:
        sessions = SqlSessions(database, SIM_TABLES, lambda: 0)
        await sessions.asked(name)
        print("ready", flush=True)
        sys.stdin.readline()
        await sessions.ask(name, json.loads(wish))
asyncio.run(ask())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/own.db"
    found: str = request.getfixturevalue("postgres").database(uuid.uuid4().hex)
    return found


def ask_at_once(address: str, wishes: Sequence[str]) -> None:
    """Let as many processes as there are wishes leave one each, as near to each other as can be."""
    command = [sys.executable, "-c", ASK, address, RIG_NAME]
    with_pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    asking = [subprocess.Popen([*command, wish], **with_pipes) for wish in wishes]
    for one in asking:
        assert "ready\n" == one.stdout.readline()
    for one in asking:
        one.stdin.write("\n")
        one.stdin.flush()
    assert [0] * len(asking) == [one.wait() for one in asking]
    for one in asking:
        one.stdin.close()
        one.stdout.close()


@pytest.mark.parametrize("second", ["confirm", "reject"])
def test_one_of_two_decides_and_the_other_is_told(address: str, second: str) -> None:
    """Both wishes are dealt with, one by a refusal; the order goes to the venue once, or never."""

    @asynccontextmanager
    async def keep() -> AsyncIterator[SqlSessions[Any]]:
        async with still_database(address) as database:
            yield SqlSessions(database, SIM_TABLES, time.time_ns)

    async def act(rig: DriverRig) -> None:
        await rig.minutes(1.2)
        (own,) = rig.live.pending
        assert "waiting" == rig.live.pending[own].state
        wishes = [{"kind": "confirm", "order_id": own, "by": "ann"}, {"kind": second, "order_id": own, "by": "bob"}]
        ask_at_once(address, [json.dumps(one) for one in wishes])
        await rig.minutes(0.3)
        records = await rig.sessions.read(RIG_NAME)
        (decided,) = [one for one in records if one["kind"] in ("confirm", "reject")]
        (refused,) = [str(one["refusal"]) for one in records if "refusal" in one]
        is_sent = decided["kind"] == "confirm"
        pending = rig.live.pending[own]
        assert ("confirmed" if is_sent else "rejected", decided["by"]) == (pending.state, pending.by)
        assert f"this one is {pending.state} already" in refused
        assert int(is_sent) == len([one for one in records if one["kind"] == "sent" and one.get("is_opening")])
        assert float(is_sent) == rig.held
        assert [] == list(await rig.sessions.asked(RIG_NAME))

    run_driver({0: LONG}, act, keep=keep, confirming=Confirming(is_on=True))
