"""A session that is told by a venue what the kernels would have matched has the books of the session on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tradewright.domain.enums import Code, Liquidity, OrderStatus
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import RiskSpec, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.feed import Feed
from tradewright.engine.session import Heard, Session
from tradewright.engine.steps import steps_of
from tradewright.engine.venue_session import Deal, VenueSession
from tradewright.market.bars import empty_bars, slice_bars
from tradewright.market.resample import resample
from tradewright.market.synthetic import synthesise
from tradewright.services.strategies import find_strategies
from tradewright.strategy.strategy import Strategy
from tradewright.testing.wild import Wild

# Thousands of bars: without the compiler they take minutes.
pytestmark = pytest.mark.compiled
FIFTEEN = Timeframe.parse("15m")
BUILT_IN = find_strategies(Path("strategies"))
CONTEXT, SIZE = 300, 1_200
SAME = ("order_id", "instrument", "group", "signal", "side", "role", "ticks", "lots", "closed_lots", "fee", "realised")
MONEY = ("wallet", "realised", "fees", "funding")


def feeds(strategy: Strategy, count: int) -> list[Feed]:
    """Instruments with context, and bars to trade."""
    found = []
    for k in range(count):
        bars = synthesise(FIFTEEN, 0, SIZE, 40 + k)
        context, traded = slice_bars(bars, 0, CONTEXT), slice_bars(bars, CONTEXT, SIZE)
        htf = resample(bars, FIFTEEN, Timeframe.parse(strategy.htf)) if strategy.htf else None
        instrument = Instrument(f"{'ABC'[k]}/USDT:USDT", "test", lot_size="0.0001")
        found.append(Feed(instrument, traded, htf, context=context))
    return found


def beginning(whole: Feed, strategy: Strategy) -> Feed:
    """What is known before the first traded bar."""
    assert whole.context is not None
    htf = resample(whole.context, FIFTEEN, Timeframe.parse(strategy.htf)) if strategy.htf else None
    return replace(whole, bars=empty_bars(), htf=htf)


def tell(venue: VenueSession, heard: Heard) -> None:
    """Tell what the kernels made of the orders: fills in their order, refusals on arrival, funding."""
    fills = [fill for fill in heard.fills if fill["step"] == heard.step]
    ended = [one for one in heard.closed if one["status"] == OrderStatus.REJECTED]
    told = [(int(one["ts"]), 0, "fill", one) for one in fills]
    for _, _, _, fill in told:
        is_maker = fill["liquidity"] == Liquidity.MAKER
        deal = Deal(int(fill["ticks"]), int(fill["lots"]), float(fill["fee"]), bool(is_maker), int(fill["ts"]))
        venue.deal(int(fill["order_id"]), deal)
    for one in ended:
        venue.end(int(one["id"]), OrderStatus.REJECTED, Code(int(one["code"])), int(one["ts_closed"]))
    for payment in heard.payments:
        venue.pay(int(payment["instrument"]), float(payment["amount"]), int(payment["ts"]))


def spec_of(strategy: Strategy, seats: list[Feed]) -> RunSpec:
    """A run of one strategy, without funding at closes: when it is paid, the venue says."""
    symbols = tuple(seat.instrument.symbol for seat in seats)
    return RunSpec(
        strategy.name, strategy.version, strategy.params, "test", symbols, "15m", strategy.htf,
        risk=RiskSpec(**strategy.risk),
    )  # fmt: skip


def both(strategy: Strategy, count: int = 1) -> tuple[Session, VenueSession]:
    """A session on paper, and one at a venue that matches as the kernels do."""
    seats = feeds(strategy, count)
    spec = spec_of(strategy, seats)
    begun = [beginning(seat, strategy) for seat in seats]
    paper, venue = Session(spec, strategy, begun), VenueSession(spec, strategy, begun)
    for step in steps_of(spec, seats):
        heard = paper.close(step)
        tell(venue, heard)
        assert float(heard.equity) == venue.close(step).equity
        for alteration in venue.alterations():
            assert alteration.order_id > 0
    return paper, venue


def assert_books_agree(paper: Session, venue: VenueSession) -> None:
    """Fills, positions and money are the same to the last digit."""
    ours, theirs = venue.run.world, paper.run.world
    assert theirs.fills.size > 0
    for name in SAME:
        assert theirs.fills[name].tolist() == ours.fills[name].tolist(), name
    assert theirs.positions["lots"].tolist() == ours.positions["lots"].tolist()
    assert theirs.positions["entry_ticks"].tolist() == ours.positions["entry_ticks"].tolist()
    assert [theirs.account[0][name] for name in MONEY] == [ours.account[0][name] for name in MONEY]
    assert np.array_equal(theirs.equity, ours.equity)


@pytest.mark.parametrize("name", BUILT_IN.names())
def test_built_in_strategies_have_the_same_books_at_a_venue(name: str) -> None:
    """Every built-in strategy: told of the same fills, it decides the same, to the byte."""
    assert_books_agree(*both(BUILT_IN.create(name)))


@pytest.mark.parametrize("strategy", [Wild], ids=lambda item: item.name)
def test_whatever_is_wished_has_the_same_books_at_a_venue(strategy: type[Strategy]) -> None:
    """Every kind of entry, bracket, reversal and size on three instruments."""
    assert_books_agree(*both(strategy(), 3))
