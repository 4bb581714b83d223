"""Downloads from a practice exchange, in process and in simulated time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright.adapters.storage.json_instruments import JsonInstruments
from tradewright.adapters.storage.parquet_candles import ParquetCandles
from tradewright.adapters.storage.parquet_funding import ParquetFunding
from tradewright.adapters.venues.binance.history import BinanceHistory
from tradewright.adapters.venues.binance.house_rules import usdm_address, verdict
from tradewright.adapters.venues.practice.faults import Fault
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.rates import Limits
from tradewright.adapters.venues.practice.sources import Synthetic
from tradewright.adapters.venues.transport.client import Client, Patience
from tradewright.adapters.venues.transport.door import Door
from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.timeframe import Timeframe
from tradewright.market.merge import MarkedBars, make_marked, take
from tradewright.ports.candle_store import CandleKey
from tradewright.services.download_bars import Downloaded, runs_without
from tradewright.services.downloads import DownloadRequest, Downloads
from tradewright.services.market_data import Shelves
from tradewright.testing.gateway_sender import GatewaySender
from tradewright.testing.practice import START, a_server
from tradewright.testing.simulated_time import SimulatedClock, run_simulated

M1, H1 = Timeframe.parse("1m"), Timeframe.parse("1h")
MINUTE, HOUR = M1.ns, H1.ns
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
KEY = CandleKey("practice", BTC, M1)
BEGIN = START - 1_500 * MINUTE  # of the market that the exchange draws


class Desk:
    """A data folder, an exchange that it downloads from, and the faults between them."""

    def __init__(self, folder: Path, *faults: Fault, **settings: Any) -> None:
        self.shelves = Shelves(
            ParquetCandles(folder / "candles"), ParquetCandles(folder / "mark"), ParquetCandles(folder / "spread"),
            ParquetFunding(folder / "funding"), JsonInstruments(folder / "instruments"),
        )  # fmt: skip
        self.clock = SimulatedClock(START + 10_000_000_000)
        self.faults, self.settings = faults, settings
        self.told: list[tuple[int, int]] = []
        self.ended = 0.0
        self.spoil: Callable[[Any], Any] = lambda body: body

    def run(self, *symbols: str, seconds: float = 3_600.0, **changes: Any) -> list[Downloaded]:
        given = {"timeframes": (M1,), "start": BEGIN, "end": START} | changes
        request = DownloadRequest(symbols or (BTC,), **given)

        async def act() -> list[Downloaded]:
            async with asyncio.timeout(seconds):
                done = await Downloads(self.shelves, self.history()).run(request, self._tell)
                self.ended = self.clock.monotonic()
                return list(done)

        return run_simulated(act)

    def history(self) -> BinanceHistory:
        server = a_server(
            lambda: round(self.clock.monotonic() * 1e9), speed=1.0, start=self.clock.start_ns, **self.settings
        )
        for fault in self.faults:
            server.hub.faults.add(fault)
        self.sender = GatewaySender(server, self.clock)
        self.sender.spoil = self.spoil
        patience, chance = Patience(reads_s=600.0, bulk_s=600.0), random.Random(1)
        door = Door(usdm_address(), verdict=verdict)
        return BinanceHistory(
            "practice", Client("practice", self.sender, door, self.clock, patience=patience, chance=chance)
        )

    def _tell(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def stored(self, key: CandleKey = KEY) -> MarkedBars:
        return self.shelves.candles.load(key)


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Desk]:
    return lambda *faults, **settings: Desk(tmp_path, *faults, **settings)


def _paths(desk: Desk, word: str) -> list[str]:
    return [wire.target for wire in desk.sender.sent if word in wire.target]


def test_candles_marks_and_funding_of_many_symbols_come_side_by_side(desk: Callable[..., Desk]) -> None:
    """Every bar of the range is stored once, on its grid, each series under its own name, with the venue's rules."""
    own = desk()
    reports = own.run(BTC, ETH, timeframes=(M1, H1), kinds=("candles", "mark", "funding"))
    assert [""] * 10 == [report.error for report in reports]
    assert [1_500, 1_500, 25, 25] * 2 == [report.added for report in reports[:8]]
    np.testing.assert_array_equal(np.arange(BEGIN, START, MINUTE), own.stored().bars.ts_open)
    rates = own.shelves.funding.load("practice", BTC)
    assert rates is not None
    assert [BEGIN + HOUR, START] == [rates[0][0], rates[0][-1]]
    instrument = own.shelves.instruments.load("practice", BTC)
    assert instrument is not None
    assert ("0.1", "0.001", 8) == (instrument.tick_size, instrument.lot_size, instrument.funding_hours)
    assert own.told[-1][0] == own.told[-1][1] > 6_000
    assert all(done <= total for done, total in own.told)


def test_asking_again_asks_the_venue_for_nothing_that_is_stored(desk: Callable[..., Desk]) -> None:
    """The second time no page of bars is asked for, and nothing is written."""
    own = desk()
    own.run()
    before = own.stored()
    (report,) = own.run()
    assert (0, 1_500, 0) == (report.added, report.known, report.pages)
    np.testing.assert_array_equal(before.bars.close, own.stored().bars.close)


def test_a_download_that_broke_off_goes_on_where_it_ended(desk: Callable[..., Desk]) -> None:
    """What had come before the venue stopped to answer is stored; the next call brings the rest and only that."""
    listings = [listing_of("BTCUSDT"), listing_of("ETHUSDT")]
    long = {"listings": listings, "source": Synthetic(listings, START, 1, 6_000)}
    begin = START - 6_000 * MINUTE
    own = desk(Fault("drop", path="/fapi/v1/klines", after=2, count=0), **long)
    (broken,) = own.run(start=begin)
    assert (3_000, 2) == (broken.added, broken.pages)
    assert "the connection was lost" in broken.error
    own.faults = ()
    (rest,) = own.run(start=begin)
    assert (3_000, 3_000, 2, "") == (rest.added, rest.known, rest.pages, rest.error)
    np.testing.assert_array_equal(np.arange(begin, START, MINUTE), own.stored().bars.ts_open)


def test_holes_and_invented_bars_are_filled_by_real_ones(desk: Callable[..., Desk]) -> None:
    """A hole in the middle, invented bars and a missing end are asked for; real bars that are there are left alone."""
    own = desk()
    own.run()
    whole = own.stored()
    keep = np.ones(1_500, np.bool_)
    keep[300:320] = keep[1_400:] = False
    filled = np.zeros(int(keep.sum()), np.bool_)
    filled[50:60] = True
    own.shelves.candles.save(KEY, make_marked(take(whole.bars, keep), filled))
    (report,) = own.run()
    assert (130, 3) == (report.added, report.pages)
    np.testing.assert_array_equal(whole.bars.close, own.stored().bars.close)
    assert not own.stored().filled.any()


def test_a_page_that_was_cut_or_moved_on_leaves_no_hole(desk: Callable[..., Desk]) -> None:
    """Trap 6.10: limits that are capped silently, and pages that begin later than asked, cost a second look, no bar."""
    own = desk()
    chance = random.Random(3)

    def spoil(body: Any) -> Any:
        if not isinstance(body, list) or len(body) < 100:
            return body
        return body[chance.randint(0, 60) : chance.randint(61, len(body))]

    own.spoil = spoil
    (report,) = own.run()
    assert () == report.missing
    np.testing.assert_array_equal(np.arange(BEGIN, START, MINUTE), own.stored().bars.ts_open)


def test_bars_that_the_venue_does_not_have_are_asked_for_twice_and_named(desk: Callable[..., Desk]) -> None:
    """A range that begins before the market says from when on there is none, and a hole of the venue is named."""
    own = desk()
    gone = {(BEGIN + n * MINUTE) // 1_000_000 for n in range(700, 710)}

    def spoil(body: Any) -> Any:
        return [row for row in body if not isinstance(row, list) or row[0] not in gone]

    own.spoil = lambda body: spoil(body) if isinstance(body, list) else body
    (report,) = own.run(start=BEGIN - 5 * MINUTE)
    missing = [(gap.first, gap.count) for gap in report.missing]
    assert [(BEGIN - 5 * MINUTE, 5), (BEGIN + 700 * MINUTE, 10)] == missing
    assert 1_490 == report.added


def test_no_bar_is_stored_before_it_has_closed_by_the_venues_clock(desk: Callable[..., Desk]) -> None:
    """A machine whose clock is an hour ahead, or behind, stores the bars that have closed at the venue, and no more."""
    for hours in (-1, 0, 1):
        own = desk()
        own.clock.set_back_ns = -hours * HOUR
        own.run(ETH, end=None, start=START - 10 * MINUTE)
        last = own.stored(CandleKey("practice", ETH, M1)).bars.ts_close[-1]
        assert START == last


def test_bars_that_cannot_be_are_refused_and_other_series_go_on(desk: Callable[..., Desk]) -> None:
    """A high below a low stops its series with words, and stores nothing of that page."""
    own = desk()

    def spoil(body: Any) -> Any:
        if isinstance(body, list) and body and isinstance(body[0], list) and len(body) == 1_500:
            body[7][2] = "1"
        return body

    own.spoil = spoil
    bad, good = own.run(timeframes=(M1, H1))
    assert "high below low" in bad.error
    assert (0, 25, "") == (bad.added, good.added, good.error)
    assert KEY not in own.shelves.candles.list()


@pytest.mark.parametrize("body", ["<html>busy</html>", "[[17000", {"code": 0}, [["a"]], [[1, 2]]], ids=str)  # fmt: skip
def test_an_answer_that_cannot_be_read_is_no_data(desk: Callable[..., Desk], body: Any) -> None:
    """Text that is no JSON is asked for again; JSON of another shape is named; nothing is written."""
    own, left = desk(), [3]

    def spoil(true: Any) -> Any:
        if isinstance(true, list) and len(true) == 1_500 and left[0]:
            left[0] -= 1
            return body
        return true

    own.spoil = spoil
    (report,) = own.run()
    assert (1_500, "") == (report.added, report.error) if isinstance(body, str) else (0, True) == (
        report.added, "practice: candles of BTC/USDT:USDT" in report.error)  # fmt: skip


def test_the_weight_that_the_venue_grants_is_kept_however_much_is_asked_for(desk: Callable[..., Desk]) -> None:
    """A venue that grants 40 a minute, and says so, never has to refuse; four pages that weigh 10 take their time."""
    own = desk(limits=Limits(weight=40))
    reports = own.run(BTC, ETH, kinds=("candles", "mark"))
    assert [1_500] * 4 == [report.added for report in reports]
    assert {200} == set(own.sender.statuses)
    assert own.ended > 60.0


def test_requests_are_checked_before_anything_is_asked(desk: Callable[..., Desk]) -> None:
    """Unknown symbols, empty ranges, lengths that the venue does not have, and kinds that do not exist, in words."""
    own = desk()
    with pytest.raises(UnknownName, match="did you mean 'BTC/USDT:USDT'"):
        own.run("BTC/USDT:USD")
    with pytest.raises(InvalidValue, match="--from"):
        own.run(start=START + HOUR, end=None)
    with pytest.raises(InvalidValue, match="--to"):
        own.run(end=BEGIN)
    with pytest.raises(InvalidValue, match="--kind"):
        own.run(kinds=("trades",))
    with pytest.raises(InvalidValue, match="--instrument"):
        own.run(BTC, BTC)
    (report,) = own.run(timeframes=(Timeframe.parse("20m"),))
    assert "--timeframe: '20m' is not allowed; give one of 1m" in report.error


def test_rules_that_a_user_has_edited_are_kept_and_the_difference_is_told(desk: Callable[..., Desk]) -> None:
    """The stored tick stands; a note says what the venue says."""
    own = desk()
    own.run(timeframes=(H1,))
    stored = own.shelves.instruments.load("practice", BTC)
    assert stored is not None
    own.shelves.instruments.save(type(stored).from_dict(stored.as_dict() | {"tick_size": "0.5"}))
    (report,) = own.run(timeframes=(H1,))
    assert "stored rules are kept (tick 0.5" in report.notes[0]


@pytest.mark.parametrize("start", [0, 1, 59])
def test_runs_cover_what_is_missing_and_nothing_else(start: int) -> None:
    """For 200 random sets of stamps: runs and stamps together are the grid of the range, without overlap."""
    chance = random.Random(start)
    for _ in range(200):
        have = np.array(sorted(chance.sample(range(100), chance.randint(0, 100))), np.int64) * MINUTE
        begin, end = start * 1_000_000_000, chance.randint(60, 110) * MINUTE + chance.randint(0, MINUTE)
        runs = runs_without(have, M1, begin, end)
        missing = [ts for first, last in runs for ts in range(first, last, MINUTE)]
        grid = set(range(-(-begin // MINUTE) * MINUTE, end // MINUTE * MINUTE, MINUTE))
        assert sorted(grid - set(have.tolist())) == missing


def some_faults(chance: random.Random) -> list[Fault]:
    """What the practice exchange can do to requests, drawn at random; none lasts for ever."""
    kinds = {
        "drop": {}, "delay": {"delay": 30.0}, "maintenance": {"end": 40.0}, "skew": {"delay": 3_600.0, "end": 60.0},
        "execute_then_drop": {},
    }  # fmt: skip
    given = [
        Fault(kind, count=chance.randint(1, 4), chance=0.5, **kinds[kind]) for kind in chance.sample(list(kinds), 2)
    ]
    for status, code in ((429, -1003), (503, -1001), (500, -1000), (408, -1007)):
        if chance.random() < 0.5:
            given.append(Fault("status", path="/fapi/v1/", count=2, chance=0.3, status=status, code=code))
    return given


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_practice_exchange_does_to_requests_the_history_is_whole(
    desk: Callable[..., Desk], seed: int
) -> None:
    """Lost, late, refused and limited answers, maintenance, an hour's skew: both series are there, each bar once."""
    own = desk(*some_faults(random.Random(seed)))
    for report in own.run(BTC, ETH, kinds=("candles", "funding")):
        assert "" == report.error
    for symbol in (BTC, ETH):
        stored = own.stored(CandleKey("practice", symbol, M1)).bars
        np.testing.assert_array_equal(np.arange(BEGIN, START, MINUTE), stored.ts_open)
