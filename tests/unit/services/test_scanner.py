"""The scanner and the position manager on the practice exchange, in simulated time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.universe import FilterSpec, Verdict
from tradewright.ports.coin_facts import CoinFacts
from tradewright.services.backtests import BacktestRequest
from tradewright.services.paper.sessions import PaperSession
from tradewright.services.paper.trading import PaperTrading
from tradewright.services.position_manager import ManageWish, PositionManager
from tradewright.services.rounds import rounds
from tradewright.services.scanner import MANAGE, Scanner, ScanWish
from tradewright.services.strategies import find_strategies
from tradewright.testing.memory_bulletin import MemoryBulletin, check_bulletin
from tradewright.testing.paper_rig import PaperRig
from tradewright.testing.simulated_time import run_simulated

BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
WISH = ScanWish(FilterSpec(), (BTC, ETH), Timeframe.parse("1m"), find_strategies().create("simple_test", {}))


class _World:
    """A rig, a bulletin, and what of both a test runs for some simulated minutes."""

    def __init__(self, folder: Path) -> None:
        self.rig, self.bulletin = PaperRig(folder), MemoryBulletin()
        self.filters = FilterSpec()
        self.passed_s = 0.0
        self.swap: dict[str, Any] = {}

    def run(self, minutes: float, *, scans: bool = True, **fields: Any) -> str:
        """Manage, and scan every 60 s, for so long; gives the session's name."""
        given: dict[str, Any] = {"strategy": "simple_test", "timeframe": "1m"} | fields
        request = BacktestRequest(instruments=(BTC, ETH), **given)

        async def act(trading: PaperTrading) -> str:
            history, clock = self.rig.history(), self.rig.clock
            await clock.sleep(self.passed_s)
            self.passed_s += 60.0 * minutes
            self.rig._begun += 1
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(60.0 * minutes, stop.set)
            scanner = Scanner(history, self.bulletin, trading.sessions)
            wish = ManageWish(request, 300, "run-1", 7, lambda: 30.0)

            async def scan() -> None:
                await scanner.scan(replace(WISH, filters=self.filters))

            scanning = asyncio.ensure_future(rounds(scan, lambda: 60.0, clock, self.rig.waiting)) if scans else None
            manager = PositionManager(trading, self.bulletin, (history, clock), wish, lambda _: self.rig)
            if self.swap:
                swaps = partial(manager.swap, self.swap)
                asyncio.get_running_loop().call_later(30.0, lambda: asyncio.ensure_future(swaps()))
            try:
                return await manager.run(stop)
            finally:
                if scanning is not None:
                    scanning.cancel()

        return self.rig.do(act)

    def traded(self, name: str) -> Mapping[str, int]:
        """Fills of a session by symbol."""
        own: PaperSession = self.rig.restored(name)
        symbols = [own.session.instruments[int(row["instrument"])].symbol for row in own.session.run.world.fills]
        return {symbol: symbols.count(symbol) for symbol in set(symbols)}


def test_the_scanner_admits_what_passes_and_says_why_the_rest_does_not(tmp_path: Path) -> None:
    """Both are judged by the bars of 24 hours; a filter between their turnovers lets one through."""
    world = _World(tmp_path)

    def scan(filters: FilterSpec) -> dict[str, tuple[bool, tuple[str, ...]]]:
        async def act(trading: PaperTrading) -> tuple[Verdict, ...]:
            scanner = Scanner(world.rig.history(), world.bulletin, trading.sessions)
            found = await scanner.scan(replace(WISH, filters=filters))
            assert list(found) == list(await world.bulletin.verdicts("practice"))
            return found

        return {one.symbol: (one.is_admitted, one.reasons) for one in world.rig.do(act)}

    assert {BTC: (True, ()), ETH: (True, ())} == scan(FilterSpec())
    figures = {one.symbol: one.figures for one in run_simulated(lambda: world.bulletin.verdicts("practice"))}
    assert figures[BTC].volatility
    assert figures[BTC].turnover != figures[ETH].turnover
    low, high = sorted((figures[BTC].turnover or 0.0, figures[ETH].turnover or 0.0))
    found = scan(FilterSpec(min_daily_volume=(low + high) / 2))
    assert [False, True] == sorted(admitted for admitted, _ in found.values())
    assert any("is below" in words for _, reasons in found.values() for words in reasons)
    found = scan(FilterSpec(min_market_cap=1.0))
    assert {("market cap not known",)} == {reasons for _, reasons in found.values()}
    found = scan(FilterSpec(min_history_days=5_000.0))
    assert all(any("days of history" in words for words in reasons) for _, reasons in found.values())


def test_an_instrument_that_is_not_traded_is_named(tmp_path: Path) -> None:
    """Near names are suggested."""
    world = _World(tmp_path)

    async def scan(trading: PaperTrading) -> None:
        scanner = Scanner(world.rig.history(), world.bulletin, trading.sessions)
        await scanner.scan(replace(WISH, instruments=("BTC/USDT",)))

    with pytest.raises(UnknownName, match="BTC/USDT:USDT"):
        world.rig.do(scan)


def test_positions_are_opened_only_where_the_scanner_admits(tmp_path: Path) -> None:
    """Without a scan nothing is opened; with one that turns ETH away, BTC alone is traded."""
    world = _World(tmp_path / "a")
    assert {} == world.traded(world.run(40, scans=False))
    world = _World(tmp_path / "b")
    name = world.run(40)
    assert {BTC, ETH} == set(world.traded(name))
    verdicts = run_simulated(lambda: world.bulletin.verdicts("practice"))
    turnovers = {one.symbol: one.figures.turnover or 0.0 for one in verdicts}
    larger = max(turnovers, key=lambda symbol: turnovers[symbol])
    world = _World(tmp_path / "c")
    world.filters = FilterSpec(min_daily_volume=sum(turnovers.values()) / 2)
    name = world.run(40)
    assert {larger} == set(world.traded(name))
    assert [f"admit {larger}"] == [words for _, words in world.rig.restored(name).acts[1:]]


def test_the_manager_puts_down_how_it_stands_and_goes_on_with_its_session(tmp_path: Path) -> None:
    """Signs of life every 30 s, metrics of the session; the same wish goes on, another begins anew."""
    world = _World(tmp_path)
    name = world.run(30)
    beat = run_simulated(world.bulletin.beats)[MANAGE]
    assert (name, 7, 30.0) == (beat.state["session"], beat.pid, beat.every_s)
    measured = run_simulated(lambda: world.bulletin.measured(name))
    assert 50 <= len(measured) <= 64
    assert {"equity", "trades", "profit_factor", "sharpe"} <= set(measured[-1][1])
    bars = len(world.rig.restored(name).steps)
    assert name == world.run(5)
    assert len(world.rig.restored(name).steps) > bars
    assert name != world.run(5, balance=5_000.0)


def test_the_bulletin_of_a_test_is_a_bulletin() -> None:
    """What stands in for the database in tests keeps its contract."""
    run_simulated(lambda: check_bulletin(MemoryBulletin()))


def test_spreads_are_those_of_the_best_prices(tmp_path: Path) -> None:
    """The venue's best bid and ask, per cent; where nobody tells them, the filter turns away."""
    rig, bulletin = PaperRig(tmp_path), MemoryBulletin()

    async def act(trading: PaperTrading) -> tuple[Verdict, ...]:
        history = rig.history()
        narrow = replace(WISH, filters=FilterSpec(max_spread_percentage=1e-9))
        found = await Scanner(history, bulletin, trading.sessions, history).scan(narrow)
        return (*found, *await Scanner(history, bulletin, trading.sessions).scan(narrow))

    known, other, *unknown = rig.do(act)
    for one in (known, other):
        assert one.figures.spread is not None
        assert 0.0 < one.figures.spread < 1.0
        assert "is above" in one.reasons[0]
    assert {("spread, per cent, not known",)} == {one.reasons for one in unknown}


def test_a_scan_shows_no_higher_timeframe() -> None:
    """A strategy that needs one is refused before anything is asked."""
    with pytest.raises(InvalidValue, match=r"scanner\.strategy: 'smc'"):
        replace(WISH, strategy=find_strategies().create("smc", {}))


def test_what_is_no_list_of_symbols_admits_nothing(tmp_path: Path) -> None:
    """It is refused, and not in the journal; the session goes on."""
    rig = PaperRig(tmp_path)
    name = rig.begin(BTC)
    rig.ask(name, {"kind": "admit", "symbols": "BTC/USDT:USDT"})
    own = rig.follow(name, 2)
    assert ["admit: 'BTC/USDT:USDT' is not allowed; give a list of symbols"] == [refusal for _, refusal in rig.asks]
    assert ([], 2) == (own.acts, len(rig.restored(name).steps))


def test_the_managers_strategy_goes_on_with_other_parameters(tmp_path: Path) -> None:
    """They reach its session as a wish, and stand in its journal."""
    world = _World(tmp_path)
    world.swap = {"every": 7}
    name = world.run(3)
    assert ["swap to other parameters(every=7)"] == [
        words for _, words in world.rig.restored(name).acts if "swap" in words
    ]


class _Coins:
    """Knows bitcoin at once, and its listings with the second question."""

    trouble = "CoinGecko: resting"

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], bool]] = []

    async def coins(self, bases: Collection[str], *, with_listings: bool) -> Mapping[str, CoinFacts]:
        """See `ports.coin_facts.CoinSource`."""
        self.asked.append((tuple(bases), with_listings))
        return {"BTC": CoinFacts(2e12, 60 if len(self.asked) > 2 else None)} if "BTC" in bases else {}


def test_the_filters_of_the_momentum_bot_can_be_passed(tmp_path: Path) -> None:
    """Capitalisation and listings are asked for, listings only of what is large enough; each reason is told."""
    rig, bulletin, coins = PaperRig(tmp_path), MemoryBulletin(), _Coins()
    filters = FilterSpec(min_market_cap=1e8, min_exchange_listings=3, max_spread_percentage=0.5, max_volatility=90.0)

    async def act(trading: PaperTrading) -> list[tuple[Verdict, ...]]:
        history = rig.history()
        scanner = Scanner(history, bulletin, trading.sessions, history, coins)
        assert "CoinGecko: resting" == scanner.trouble
        return [await scanner.scan(replace(WISH, filters=filters)) for _ in range(2)]

    first, second = rig.do(act)
    assert [("listings not known",), ("market cap not known", "listings not known")] == [one.reasons for one in first]
    assert [True, False] == [one.is_admitted for one in second]
    assert (60, 2e12, "BTC") == (second[0].figures.listings, second[0].figures.market_cap, second[0].figures.base)
    assert [(("BTC", "ETH"), False), (("BTC",), True)] == coins.asked[:2]


def test_no_bar_is_asked_for_where_it_could_not_decide(tmp_path: Path) -> None:
    """What is turned away by what it is costs the venue nothing."""
    rig, bulletin = PaperRig(tmp_path), MemoryBulletin()
    filters = FilterSpec(excluded_bases=("ETH",), market="spot", min_daily_volume=1e15)

    async def act(trading: PaperTrading) -> tuple[Verdict, ...]:
        return await Scanner(rig.history(), bulletin, trading.sessions).scan(replace(WISH, filters=filters))

    btc, eth = rig.do(act)
    assert ("it is a perpetual, not spot",) == btc.reasons
    assert ("it is a perpetual, not spot", "coin ETH is left out") == eth.reasons
    assert btc.figures.turnover is None
