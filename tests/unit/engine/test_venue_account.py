"""An account that trades in the present: steps follow each other for ever, and each tells what it brought."""

from __future__ import annotations

import pytest

from tradewright.domain.enums import Code, CommandKind, OrderStatus, OrderType, TimeInForce
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec
from tradewright.engine.present import Present, Stretch
from tradewright.engine.venue_account import VenueAccount, VenueLimits, Wish, house_rules, house_terms

SECOND = 1_000_000_000
PLENTY = 1_000


@pytest.fixture
def present() -> Present:
    """One contract at 100, tick and lot 1, twenty times leverage, no costs but fees."""
    instrument = Instrument("BTC/USDT:USDT", "practice", tick_size="1", lot_size="1", min_notional=0.0)
    specs, tiers = house_terms([instrument], [VenueLimits()], CostSpec(slippage="none", spread_bps=0.0), 20.0)
    return Present([100], 0, specs, tiers)


@pytest.fixture
def account(present: Present) -> VenueAccount:
    """An account with 1,000."""
    return VenueAccount(present, house_rules(1, "through", capped=True), 1_000.0)


def _move(present: Present, account: VenueAccount, to: int):
    last = present.last(0)
    present.begin(present.ts + SECOND)
    present.lay(0, Stretch(last, max(last, to), min(last, to), to, PLENTY))
    happened = account.play()
    present.end()
    return happened


def _send(present: Present, account: VenueAccount, ticks: int, **wish):
    present.begin(present.ts)
    present.lay_tick(0, ticks, PLENTY)
    return account.send(Wish(0, wish.pop("kind", CommandKind.PLACE), **wish))


def test_market_order_fills_at_the_tick_and_pays_its_fee(present: Present, account: VenueAccount) -> None:
    """The tick is the price; the wallet pays five basis points; the mark has not moved."""
    happened = _send(present, account, 101, lots=10)

    assert [(101, 10, 0.505)] == [(row["ticks"], row["lots"], row["fee"]) for row in happened.fills]
    assert 1_000.0 - 0.505 == account.money().wallet
    held = account.holding(0)
    assert (10, 101.0, 100) == (held.lots, held.entry_ticks, held.mark_ticks)
    assert -10.0 == account.money().open_profit


def test_logs_are_empty_after_each_step(present: Present, account: VenueAccount) -> None:
    """A thousand steps leave no more behind than one: what happened is handed over, once."""
    rooms = [log.size for log in (account.world.fills, account.world.closed)]
    for _ in range(1_000):
        assert 1 == _send(present, account, 100, lots=1).fills.size
        assert 1 == _send(present, account, 100, lots=1, side=-1).closed.size
    assert rooms == [log.size for log in (account.world.fills, account.world.closed)]


def test_limit_rests_and_fills_at_its_own_price_later(present: Present, account: VenueAccount) -> None:
    """Placed in one step, it is an older order in every step after that."""
    _send(present, account, 100, type=OrderType.LIMIT, lots=10, level_ticks=95)
    assert [OrderStatus.OPEN] == account.open_orders(0)["status"].tolist()
    assert 0 == _move(present, account, 95).fills.size
    happened = _move(present, account, 90)
    assert [(95, 0)] == [(row["ticks"], row["liquidity"]) for row in happened.fills]


def test_triggered_stop_limit_that_rests_is_a_maker_in_the_next_step(present: Present, account: VenueAccount) -> None:
    """What became a limit in a step has rested by the next one: it fills at its price, as a maker."""
    stop = {"type": OrderType.STOP_LIMIT, "level_ticks": 104, "trigger_ticks": 105}
    _send(present, account, 100, lots=10, **stop)
    assert 0 == _move(present, account, 110).fills.size
    happened = _move(present, account, 103)
    assert [(104, 0)] == [(row["ticks"], row["liquidity"]) for row in happened.fills]


def test_cancel_needs_no_trade(present: Present, account: VenueAccount) -> None:
    """A step in which nothing trades still delivers a cancel, and an unknown order is refused."""
    _send(present, account, 100, type=OrderType.LIMIT, lots=10, level_ticks=95)
    present.begin(present.ts)
    happened = account.send(Wish(0, CommandKind.CANCEL, order_id=1))
    assert [OrderStatus.CANCELED] == happened.closed["status"].tolist()
    present.begin(present.ts)
    assert [Code.ORDER_UNKNOWN] == account.send(Wish(0, CommandKind.CANCEL, order_id=1)).refusals["code"].tolist()


def test_refusal_leaves_the_account_as_it_was(present: Present, account: VenueAccount) -> None:
    """What margin does not carry is no order."""
    happened = _send(present, account, 100, lots=500)
    assert [Code.MARGIN_INSUFFICIENT] == happened.refusals["code"].tolist()
    assert (1_000.0, 1_000.0) == (account.money().wallet, account.money().available)


def test_order_takes_no_more_than_a_step_has(present: Present, account: VenueAccount) -> None:
    """A tick of a thousand lots fills a thousand; immediate-or-cancel drops the rest."""
    account.deposit(1_000_000.0)
    happened = _send(present, account, 100, lots=1_500, time_in_force=TimeInForce.IOC)
    assert [1_000] == happened.fills["lots"].tolist()
    assert [(OrderStatus.CANCELED, Code.IOC_EXPIRED)] == [(row["status"], row["code"]) for row in happened.closed]


def test_funding_is_paid_once_at_the_price_of_its_time(present: Present, account: VenueAccount) -> None:
    """Longs pay mark times rate, in the one step that is told to."""
    _send(present, account, 100, lots=10)
    present.begin(present.ts + SECOND, at_once=True)
    present.lay(0, Stretch(110, 110, 110, 110, PLENTY))
    present.fund([0.01])
    happened = account.play()
    present.end()
    assert [(SECOND, 110, -11.0)] == [(row["ts"], row["ticks"], row["amount"]) for row in happened.payments]
    assert 0 == _move(present, account, 111).payments.size


def test_margin_of_positions_and_orders_adds_up(present: Present, account: VenueAccount) -> None:
    """Available is what is left of the worth when positions and waiting orders have their margin."""
    _send(present, account, 100, lots=20)
    _send(present, account, 100, type=OrderType.LIMIT, lots=40, level_ticks=90)
    money = account.money()
    assert 100.0 == money.position_margin
    assert pytest.approx(180.0) == money.order_margin
    assert pytest.approx(money.wallet + money.open_profit - 280.0) == money.available
    assert pytest.approx(180.0) == account.holding(0).order_margin
