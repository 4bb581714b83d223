"""Several strategies in one account, from the description to the equity of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tradewright.domain.enums import OrderRole
from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import CancelAll, Change, OrderIntent
from tradewright.domain.run import RunSpec
from tradewright.domain.signal import Signal
from tradewright.domain.team import Member, instruments_of
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.backtest import Run, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.windows import run_windows, timed_wishes
from tradewright.market.bars import slice_bars
from tradewright.market.synthetic import synthesise
from tradewright.strategies.ma_crossover import MaCrossover
from tradewright.strategies.rsi_mean_reversion import RsiMeanReversion
from tradewright.strategy.strategy import Strategy, Wish
from tradewright.strategy.view import BarView

FIVE = Timeframe.parse("5m")
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"
FEEDS = {symbol: Feed(Instrument(symbol, "test"), synthesise(FIVE, 0, 2_000, k)) for k, symbol in enumerate((BTC, ETH))}
TREND, REVERT = MaCrossover(), RsiMeanReversion()


def member(name: str, share: float, *symbols: str, **fields: Any) -> Member:
    """Of a strategy that goes by the member's name, or follows the trend."""
    own = REVERT if name == "revert" else TREND
    risk = (("min_reward_risk", 0.5),) if own is REVERT else ()
    return Member(name, own.name, own.version, own.params, symbols, share, **{"risk": risk} | fields)


def described(*team: Member) -> RunSpec:
    """A run of a team on five minutes."""
    return RunSpec("team", "", (), "test", instruments_of(team), "5m", team=team)


def ran(*team: Member, path: str = "auto") -> Run:
    """A run of a team."""
    cast = [REVERT if own.name == "revert" else TREND for own in team]
    feeds = [FEEDS[symbol] for own in team for symbol in own.instruments]
    return run_backtest(described(*team), cast, feeds, path)


def test_a_member_with_the_whole_balance_trades_as_if_alone() -> None:
    """To the byte: a team of one is an account."""
    alone = RunSpec(TREND.name, TREND.version, TREND.params, "test", (BTC, ETH), "5m")
    run = run_backtest(alone, TREND, [FEEDS[BTC], FEEDS[ETH]])
    team = ran(member("trend", 1.0, BTC, ETH))

    assert run.world.fills.size > 50
    assert run.world.fills.tobytes() == team.world.fills.tobytes()
    assert run.world.equity.tolist() == team.world.equity.tolist() == team.world.shares[0].tolist()


def test_members_trade_one_instrument_each_with_a_position_of_its_own() -> None:
    """Two rows of one instrument; what the members own is what the account owns, less what nobody has been given."""
    run = ran(member("trend", 0.5, BTC), member("revert", 0.3, BTC))

    assert [{0}, {1}] == [{int(k)} for k in sorted(set(run.world.fills["instrument"]))]
    assert run.market.specs["underlying"].tolist() == [1, 1]
    idle = 0.2 * 10_000.0
    assert np.allclose(run.world.shares.sum(axis=0) + idle, run.world.equity, rtol=0.0, atol=1e-6)


def test_sizes_follow_the_capital_of_the_member_and_not_the_account() -> None:
    """Half the share asks for half as much in the first order."""
    whole, half = ran(member("trend", 1.0, BTC)), ran(member("trend", 0.5, BTC))

    first = [int(run.world.closed[run.world.closed["role"] == OrderRole.ENTRY]["lots"][0]) for run in (whole, half)]
    assert abs(first[0] - 2 * first[1]) <= 1


def test_windows_of_time_give_a_team_the_same_bytes() -> None:
    """State of members crosses the seam with the account's."""
    team = (member("trend", 0.5, BTC, limits=(("max_day_loss", 0.01),)), member("revert", 0.3, ETH))
    whole, feeds = ran(*team), [FEEDS[BTC], FEEDS[ETH]]
    windows = [
        [replace(feed, bars=slice_bars(feed.bars, start, min(start + 700, 2_000))) for feed in feeds]
        for start in range(0, 2_000, 700)
    ]
    spec = described(*team)
    run = run_windows(spec, timed_wishes(spec, [TREND, REVERT], feeds), windows)

    assert run.world.shares.tolist() == whole.world.shares.tolist()
    assert run.world.account.tobytes() == whole.world.account.tobytes()
    assert run.world.refusals.tobytes() == whole.world.refusals.tobytes()


def test_a_team_needs_a_strategy_for_each_member_and_one_path() -> None:
    """What does not fit is said before anything is run."""
    team = (member("trend", 0.5, BTC), member("revert", 0.3, ETH))
    with pytest.raises(InvalidValue, match="one for each of 2 members"):
        run_backtest(described(*team), [TREND], [FEEDS[BTC], FEEDS[ETH]])
    with pytest.raises(StrategyError, match="rsi_mean_reversion does not offer on_bar"):
        ran(*team, path="on_bar")


class Bidder(Strategy):
    """Keep one bid under the market by the same name, and take all back now and then."""

    version = "1"

    def on_bar(self, view: BarView) -> Wish:
        """See the class."""
        price = view.whole_price(0.998 * view.close, "buy")
        if view.index % 50 == 0:
            return CancelAll()
        if view.orders:
            return Change("bid", price=price)
        return None if view.position.quantity else OrderIntent("buy", 0.01, "limit", price=price, tag="bid")


def test_members_give_orders_by_the_same_names_without_meeting() -> None:
    """On one instrument each has its own bid, and takes back nothing of the other's: alone it would do the same."""
    members = [Member(name, "bidder", "1", (), (BTC,), 0.5) for name in ("one", "two")]
    both = run_backtest(described(*members), [Bidder(), Bidder()], [FEEDS[BTC], FEEDS[BTC]])
    alone = run_backtest(described(members[0]), [Bidder()], [FEEDS[BTC]])
    told = ["step", "ticks", "lots", "fee"]
    logs = [both.world.fills[both.world.fills["instrument"] == k][told].tolist() for k in (0, 1)]

    assert len(logs[0]) > 0
    assert logs[0] == logs[1] == alone.world.fills[told].tolist()
    assert {"bid"} == {both.wishes.tag_text(int(tag)) for tag in both.world.closed["tag"]}


class Barwise(Strategy):
    """The average cross, for those who cannot speak by columns."""

    name = "barwise"

    def on_start(self) -> None:
        """Begin with a cross of its own."""
        self.own = MaCrossover()
        self.own.on_start()

    def on_bar(self, view: BarView) -> Signal | None:
        """What the cross says."""
        given = self.own.on_bar(view)
        assert given is None or isinstance(given, Signal)
        return given


def test_members_may_speak_by_columns_beside_others_that_are_asked_bar_by_bar() -> None:
    """Neither path is offered by both; the outcome is that of columns alone."""
    team = (member("trend", 0.5, BTC, ETH), member("revert", 0.3, BTC))
    feeds = [FEEDS[symbol] for own in team for symbol in own.instruments]
    mixed = run_backtest(described(*team), [Barwise(), REVERT], feeds)
    columns = ran(*team)

    assert (mixed.path, columns.path) == ("mixed", "signals")
    assert mixed.world.fills.tobytes() == columns.world.fills.tobytes()
    assert mixed.world.refusals.tobytes() == columns.world.refusals.tobytes()
    assert mixed.world.shares.tolist() == columns.world.shares.tolist()
    for row in range(columns.wishes.rows.size):
        assert mixed.wishes.metadata(row) == columns.wishes.metadata(row)
