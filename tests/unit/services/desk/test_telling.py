"""What sessions tell, and what is entered into the books: each thing once, through any break."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.adapters.storage.sql.books import SqlBooks
from tradewright.adapters.storage.sql.tables import SIM_TABLES
from tradewright.domain.books import Find
from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.errors import StoreError
from tradewright.domain.signal import Signal
from tradewright.services import session_facts
from tradewright.services.desk.bookkeeping import Bookkeeper
from tradewright.services.desk.telling import Reporter
from tradewright.services.live.requests import Place
from tradewright.services.paper.bookkeeping import enter_session
from tradewright.services.pending import Confirming
from tradewright.testing.databases import still_database
from tradewright.testing.live_desk import LiveDesk
from tradewright.testing.memory_desk import MemoryFacts
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

_BARS = 30


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """A session as it stood after each of some bars, the last of them twice."""
    rig = PaperRig(tmp_path_factory.mktemp("rig"))
    name = rig.begin(params={"every": 4})
    found = [rig.follow(name, 10) for _ in range(_BARS // 10)]
    return rig, name, found


async def _nothing(*_):
    return None


def _deployment(name):
    return Deployment(name, "simulation", name, DeploymentTerms("simple_test", ("BTC/USDT:USDT",)), "running")


def test_each_thing_is_told_once_whoever_dies_in_between(lives):
    """Told by a process for each stretch, or by one for all: the same fills and signals, in order, each once."""
    _, name, found = lives
    board = MemoryFacts()

    async def act():
        for own in found:
            # Each stretch is told by a new process, twice.
            reporter = Reporter(board, SimulatedClock(), _nothing, print)
            await reporter.follow(_deployment(name))
            for _ in range(2):
                reporter.heard(name, own)
                await reporter.flush()

    run_simulated(act)
    last = found[-1]
    for kind, field, count in (
        ("fill", "fill", last.session.run.world.fills.size),
        ("signal", "number", last.session.run.wishes.rows.size),
    ):
        assert list(range(1, count + 1)) == [one.data[field] for one in board.tellings if one.kind == kind]
    assert 0 < last.session.run.world.fills.size
    assert {"deployment": name, "session": name, "mode": "simulation"}.items() <= board.tellings[0].data.items()


def test_a_fill_is_followed_back_to_the_bar_where_it_was_decided(lives):
    """Every fill has its order, the order its signal, the signal its bar, each logged once; and the way leads back."""
    _, name, found = lives
    board, lines = MemoryFacts(), []

    async def act():
        reporter = Reporter(board, SimulatedClock(), _nothing, print, lambda kind, ids: lines.append((kind, dict(ids))))
        await reporter.follow(_deployment(name))
        for own in found:
            reporter.heard(name, own)
            await reporter.flush()

    run_simulated(act)
    rows = {kind: [ids for one, ids in lines if one == kind] for kind in ("bar", "signal", "order", "fill")}
    bars = [row["market_event"] for row in rows["bar"]]
    signals = {row["signal"]: row for row in rows["signal"]}
    world = found[-1].session.run.world
    assert (len(found[-1].steps), world.fills.size) == (len(set(bars)), len(rows["fill"]))
    assert len(bars) == len(set(bars))
    assert rows["fill"]
    for fill in rows["fill"]:
        order = next(row for row in rows["order"] if row["order"] == fill["order"])
        signal = signals[fill["signal"]]
        assert fill["signal"] == order["signal"]
        assert fill["market_event"] == order["market_event"] == signal["market_event"]
        assert signal["market_event"] in bars
    assert all(name == ids["session"] == ids["deployment"] for _, ids in lines)


def test_what_a_venue_fills_within_a_bar_is_entered_and_its_equity_at_the_close(tmp_path):
    """A fill belongs to a bar that is under way: it is told and entered at once, a point of equity with each close."""
    desk = LiveDesk({0: Signal("long", 1_000.0, 990.0, 1_020.0)})
    desk.bar()
    (entry,) = [one.order.client_id for one in desk.go() if isinstance(one, Place)]
    desk.fill(entry, "1", "1000.0")
    assert len(desk.live.own.session.world.equity) == len(desk.live.own.steps) + 1
    board, said = MemoryFacts(), []

    async def act():
        async with still_database(f"sqlite:///{tmp_path}/a.db") as database:
            books = SqlBooks(database, SIM_TABLES)
            reporter = Reporter(board, SimulatedClock(), Bookkeeper({"simulation": books}).enter, said.append)
            await reporter.follow(_deployment("live"))
            found = []
            for _ in range(2):
                reporter.heard("live", desk.live)
                await reporter.flush()
                found.append((len(await books.fills.find()), len(await books.equity.find())))
                desk.bar()
            return found

    found = run_simulated(act)
    assert [] == said
    assert [(1, 1), (1, 2)] == found


def test_a_session_that_tells_nonsense_hides_no_other(lives):
    """What one makes cannot be told: that is said, at each change, and of the other everything is told."""
    _, name, found = lives
    board, said = MemoryFacts(), []

    async def enter(one, *_):
        if one.name == "odd":
            raise ValueError("nonsense")

    async def act():
        reporter = Reporter(board, SimulatedClock(), enter, said.append)
        for one in ("odd", name):
            await reporter.follow(_deployment(one))
        for own in found:
            for one in ("odd", name):
                reporter.heard(one, own)
            await reporter.flush()

    run_simulated(act)
    assert ["odd: what happened cannot be told: ValueError: nonsense"] * len(found) == said
    assert {name} == {one.data["session"] for one in board.tellings}


def test_what_cannot_be_put_down_now_is_put_down_later(lives):
    """The board is away: nothing is lost, and what is told then is how the session stands then."""
    _, name, found = lives

    class Away(MemoryFacts):
        is_away = True

        async def put(self, facts, tellings=()):
            if self.is_away:
                raise StoreError("away")
            await super().put(facts, tellings)

    board, said = Away(), []

    async def act():
        reporter = Reporter(board, SimulatedClock(), _nothing, said.append)
        await reporter.follow(_deployment(name))
        running = asyncio.create_task(reporter.run())
        reporter.tell("session.changed", {"state": "running"})
        reporter.heard(name, found[0])
        await asyncio.sleep(2)
        board.is_away = False
        await asyncio.sleep(1)
        running.cancel()

    run_simulated(act)
    assert "away" in said[0]
    assert 1 == sum(one.kind == "session.changed" for one in board.tellings)
    assert found[0].session.run.world.fills.size == sum(one.kind == "fill" for one in board.tellings)


def test_books_that_are_filled_while_it_trades_are_those_that_are_filled_at_its_end(lives, tmp_path):
    """Trades, fills and equity, entered in stretches with breaks, are those of one go; orders and signals are there."""
    _, name, found = lives

    async def act():
        async with (
            still_database(f"sqlite:///{tmp_path}/a.db") as one,
            still_database(f"sqlite:///{tmp_path}/b.db") as other,
        ):
            books, whole, board = SqlBooks(one, SIM_TABLES), SqlBooks(other, SIM_TABLES), MemoryFacts()
            for own in found:
                reporter = Reporter(board, SimulatedClock(), Bookkeeper({"simulation": books}).enter, print)
                await reporter.follow(_deployment(name))
                reporter.heard(name, own)
                await reporter.flush()
            await enter_session(name, found[-1], whole)
            for shelf in ("trades", "exits", "fills", "equity"):
                every = Find(limit=10_000)
                assert await getattr(whole, shelf).find(every) == await getattr(books, shelf).find(every), shelf
            signals, orders = await books.signals.find(), await books.orders.find(Find(limit=10_000))
            assert found[-1].session.run.wishes.rows.size == len(signals)
            assert {"filled", "canceled"} <= {order.status for order in orders}
            assert all(order.updated >= order.created for order in orders)

    run_simulated(act)


def test_orders_that_wait_for_a_person_are_entered_and_what_becomes_of_them(tmp_path):
    """Each once, with what is to be ordered and by when; then who decided and when, or that nobody did."""
    rig = PaperRig(tmp_path / "rig")
    rig.confirming = Confirming(is_on=True, ttl_s=120.0, tolerance=1.0)
    name = rig.begin(params={"every": 4})

    begun = rig.restored(name)
    while not begun.waiting.pending:
        begun = rig.follow(name, 1)
    (row,) = session_facts.pending(begun)
    rig.ask(name, {"kind": "confirm", "order_id": row["order"], "by": "mary"})
    lives = [begun, rig.follow(name, 1), rig.follow(name, 20)]

    async def act():
        async with still_database(f"sqlite:///{tmp_path}/a.db") as database:
            books, board, found = SqlBooks(database, SIM_TABLES), MemoryFacts(), []
            for own in lives:
                reporter = Reporter(board, SimulatedClock(), Bookkeeper({"simulation": books}).enter, print)
                await reporter.follow(_deployment(name))
                reporter.heard(name, own)
                await reporter.flush()
                found.append(await books.pending.find(Find(limit=10_000, newest_first=False)))
            return found

    (one,), (confirmed, *_), (still, *later) = run_simulated(act)
    assert (f"{name}-{row['order']}", name, "waiting", None) == (one.id, one.deployment, one.status, one.decided)
    assert (row["side"], row["quantity"]) == (one.intent["side"], one.intent["quantity"])
    assert 120 * 10**9 == one.expires - one.created
    assert ("confirmed", "mary") == (confirmed.status, confirmed.decided_by)
    assert one.created <= confirmed.decided <= one.expires
    assert confirmed == still
    assert {"expired"} <= {two.status for two in later} <= {"expired", "replaced", "waiting"}
