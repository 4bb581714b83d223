"""Paper sessions on a practice exchange: what they play, what a break costs, and what of it can be believed."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tradewright.adapters.venues.practice.faults import Fault
from tradewright.domain.books import Find
from tradewright.domain.errors import DataError, InvalidValue, StoreError, UnknownName
from tradewright.engine.fingerprints import outcome_fingerprint
from tradewright.services.paper.bookkeeping import enter_session
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.trading import Follow, PaperTrading
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.practice import START

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
MINUTE = 60_000_000_000
BARS = 240


def print_of(own: PaperSession) -> str:
    """Of the outcome so far."""
    return outcome_fingerprint(own.session.run.world)


def test_session_follows_its_venue_and_is_the_backtest(tmp_path: Path) -> None:
    """Four hours of two instruments, funding included: every bar in order, every fill as in the backtest."""
    rig = PaperRig(tmp_path)
    name = rig.begin(BTC, ETH)

    own = rig.follow(name, BARS)

    assert [START + k * MINUTE for k in range(BARS)] == [step.ts_open for step, _ in rig.told]
    assert sum(heard.fills.size for _, heard in rig.told) == own.session.run.world.fills.size > 10
    drift = rig.drift(name)
    assert drift is not None
    assert (True, 1.0, 0.0, ()) == (drift.is_equal, drift.score, drift.equity, drift.differences)
    assert (0, []) == (own.missed, rig.waits)


def test_funding_that_was_paid_is_in_the_session(tmp_path: Path) -> None:
    """Nine hours hold one funding time after the first; a rate that the venue tells is not an assumed one."""
    rig = PaperRig(tmp_path)
    own = rig.follow(rig.begin(timeframe="15m"), 40)

    paid = [payment for step, _ in rig.told for payment in step.funding]
    assert [START, START + 8 * 60 * MINUTE] == [payment.ts for payment in paid]
    assert not any(payment.is_assumed for payment in paid)
    assert (0,) == own.session.run.assumed_funding


@pytest.mark.parametrize("cut", [0, 1, 2, 50, 119, 120])
def test_session_goes_on_where_its_journal_ends(tmp_path: Path, cut: int) -> None:
    """Whichever record was the last on disk: the end is the same."""
    whole, broken = PaperRig(tmp_path / "whole"), PaperRig(tmp_path / "broken")
    expected = whole.follow(whole.begin(), 121)
    name = broken.begin()
    broken.follow(name, 120)
    with closing(sqlite3.connect(tmp_path / "broken" / "tradewright.db")) as file, file:
        file.execute("DELETE FROM session_records_sim WHERE number > ?", (cut + 1,))

    again = PaperRig(tmp_path / "broken")
    own = again.follow(name, 121 - cut, after_s=60.0 * cut)

    assert 121 == own.session.steps
    assert print_of(expected) == print_of(own)


def test_bars_of_a_break_are_played_and_not_decided_on(tmp_path: Path) -> None:
    """An hour away: what waited has filled, nothing was opened, and the report says why it differs."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.follow(name, 10)

    own = rig.follow(name, 120, after_s=3_600.0 + 10 * 60)

    assert own.missed == 59
    assert 0 == sum(heard.signals.size for step, heard in rig.told if step.ts_close in own.missed_closes)
    drift = rig.drift(name)
    assert drift is not None
    assert drift.missed == 59
    assert all("heard of too late" in one.why for one in drift.differences)
    assert ["bars-missed"] == [warning.code for warning in own.warnings]


@pytest.mark.parametrize("kind", ["drop", "status", "delay", "maintenance"])
def test_a_venue_that_fails_for_a_while_costs_no_bar(tmp_path: Path, kind: str) -> None:
    """Lost and late answers, errors and ten minutes of maintenance: every bar is played, once and in order."""
    fault = Fault(kind, path="/fapi/v1/klines", chance=0.5, count=0, delay=30.0)
    if kind == "maintenance":
        fault = Fault(kind, begin=600.0, end=1_200.0)
    rig = PaperRig(tmp_path, fault)

    own = rig.follow(rig.begin(), 40)

    assert [START + k * MINUTE for k in range(40)] == [*own.steps.opens]
    assert (kind in {"delay", "maintenance"}) == bool(rig.waits)


def test_time_of_the_venue_may_pass_faster(tmp_path: Path) -> None:
    """At sixty times our pace no bar is heard of too late."""
    rig = PaperRig(tmp_path, speed=60.0)
    own = rig.follow(rig.begin(), 100)

    assert (100, 0) == (own.session.steps, own.missed)


def test_acts_by_hand_survive_a_break_and_are_told(tmp_path: Path) -> None:
    """A session that was flattened is flat again when it is made from its journal, and says what was done."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.follow(name, 60, flatten=True)
    own = rig.follow(name, 1, after_s=3_600.0)

    assert [(60, "flatten")] == own.acts
    assert (0.0,) == own.session.positions
    assert print_of(rig.restored(name)) == print_of(own)
    drift = rig.drift(name)
    assert drift is not None
    assert 1 == drift.acts
    assert all("flatten by hand" in one.why for one in drift.differences)


def test_what_came_of_it_is_kept_as_a_result(tmp_path: Path) -> None:
    """Beside those of backtests, with a word that it was paper."""
    rig = PaperRig(tmp_path)
    own = rig.follow(rig.begin(), 60)

    kept = rig.keep(own)

    assert '<span data-t="paper">' in kept.report.read_text(encoding="utf-8")
    assert "paper-session" in [warning.code for warning in kept.result.warnings]
    assert own.session.run.world.equity[-1] == pytest.approx(kept.result.final_balance)


def test_what_a_session_made_is_in_the_books(tmp_path: Path) -> None:
    """Every fill in exact steps, every trade, the equity of each bar; entered twice it is the same."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    own = rig.follow(name, 90)

    async def enter(_: PaperTrading) -> tuple[int, int, int]:
        for _ in range(2):
            await enter_session(name, own, rig.books)
        last = (await rig.books.equity.find())[0]
        assert (own.last_close, own.session.run.world.equity[-1]) == (last.ts, float(last.equity))
        fills = await rig.books.fills.find(Find(name, newest_first=False))
        lots = [own.session.instruments[0].to_lots(float(fill.quantity)) for fill in fills]
        assert [int(fill["lots"]) for fill in own.session.run.world.fills] == lots
        return len(await rig.books.trades.find()), len(fills), await rig.books.equity.count()

    trades, fills, points = rig.do(enter)
    assert (own.session.run.world.fills.size, 90) == (fills, points)
    assert 1 <= trades <= fills


def test_nothing_is_written_of_a_session_that_cannot_be(tmp_path: Path) -> None:
    """Wrong names, rules and lengths are refused by their field before there is a journal."""
    rig = PaperRig(tmp_path)
    for fields, error, word in (
        ({"strategy": "nothing"}, UnknownName, "nothing"),
        ({"fills": {"ambiguity": "subbar"}}, InvalidValue, "ambiguity"),
        ({"timeframe": "2m"}, InvalidValue, "--timeframe"),
        ({"context": 0}, InvalidValue, "--context"),
    ):
        with pytest.raises(error, match=word):
            rig.begin(**fields)
    with pytest.raises(UnknownName, match="DOGE"):
        rig.begin("DOGE/USDT:USDT")
    assert [] == list(rig.do(lambda trading: trading.sessions.names()))


def test_session_without_a_bar_has_nothing_to_judge(tmp_path: Path) -> None:
    """It says so, and there is no drift."""
    rig = PaperRig(tmp_path)
    name = rig.begin()

    assert rig.drift(name) is None
    with pytest.raises(DataError, match="not played a bar"):
        rig.keep(rig.restored(name))


def test_session_of_another_venue_is_refused(tmp_path: Path) -> None:
    """Bars of one market do not continue another."""
    rig = PaperRig(tmp_path)
    name = rig.begin()

    async def elsewhere(trading: PaperTrading) -> None:
        history = rig.history()
        history._venue = "elsewhere"
        await trading.follow(name, (history, rig.clock), Follow(asyncio.Event(), 1), rig)

    with pytest.raises(InvalidValue, match="--exchange"):
        rig.do(elsewhere)


def test_other_parameters_are_taken_between_two_bars_and_survive_a_break(tmp_path: Path) -> None:
    """Asked for while it runs: the next bar is decided on by them, and the journal knows it."""
    rig = PaperRig(tmp_path)
    name = rig.begin(strategy="ma_crossover", params={"fast": 5, "slow": 20})
    rig.follow(name, 30)
    rig.ask(name, {"kind": "swap", "params": {"fast": "3"}})
    own = rig.follow(name, 30, after_s=1_800.0)

    assert [({"kind": "swap", "params": {"fast": "3"}}, "")] == rig.asks
    assert {"fast": 3, "slow": 20} == {key: dict(own.strategy.params)[key] for key in ("fast", "slow")}
    again = rig.restored(name)
    assert print_of(again) == print_of(own)
    assert again.strategy.params == own.strategy.params
    assert [(30, "swap to other parameters(fast=3)")] == own.acts
    assert [] == list(rig.do(lambda trading: trading.sessions.asked(name)))


def test_another_strategy_takes_over(tmp_path: Path) -> None:
    """Its signals are kept beside those of the first, each with its facts."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.follow(name, 60)
    rig.ask(name, {"kind": "swap", "strategy": "ma_crossover", "params": {}})
    own = rig.follow(name, 60, after_s=3_600.0)

    run = own.session.run
    assert "ma_crossover" == own.strategy.name
    assert sum(heard.signals.size for _, heard in rig.told) == run.wishes.rows.size
    assert len(run.wishes.places) == len({int(place) for place in run.wishes.places})
    assert all(isinstance(run.wishes.metadata(row), dict) for row in range(run.wishes.rows.size))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"kind": "dance"}, "act: 'dance'"),
        ({}, "act: None"),
        ({"kind": "swap", "strategy": "nothing"}, "nothing"),
        ({"kind": "swap", "params": {"speed": 1}}, "speed"),
        ({"kind": "swap", "params": 7}, "swap"),
        ({"kind": "swap", "strategy": "smc"}, "htf"),
        ({"kind": "flatten"}, "flatten"),
    ],
)
def test_wish_that_cannot_be_is_refused_and_the_session_goes_on(
    tmp_path: Path, wish: dict[str, object], words: str
) -> None:
    """The reason is told, nothing of it is in the journal, and the wish does not come again."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.ask(name, wish)
    own = rig.follow(name, 3)

    ((asked, refusal),) = rig.asks
    assert (asked, 3, []) == (wish, own.session.steps, own.acts)
    assert words in refusal
    assert 4 == len(rig.do(lambda trading: trading.sessions.read(name)))


def test_session_is_stopped_paused_and_resumed_by_wishes(tmp_path: Path) -> None:
    """Paused it gives no entries; a stop ends it after the bar under way, and is no part of its journal."""
    rig = PaperRig(tmp_path)
    name = rig.begin()
    rig.ask(name, {"kind": "pause"})
    own = rig.follow(name, 60)
    assert (True, 0) == (own.session.is_paused, own.session.run.world.fills.size)
    for kind in ("resume", "stop"):
        rig.ask(name, {"kind": kind})

    own = rig.follow(name, None, after_s=3_600.0)

    assert (False, 60) == (own.session.is_paused, own.session.steps)
    assert ["pause", "resume", "stop"] == [record["kind"] for record, _ in rig.asks]
    with pytest.raises(StoreError, match="there is none"):
        rig.ask("20260101-000000-0000", {"kind": "stop"})
