"""One of our strategies behind our risk gate, for an engine that is not ours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import Liquidity, OrderRole, OrderType, SignalKind, TimeInForce, TriggerBy
from tradewright.domain.errors import StrategyError
from tradewright.domain.run import RunSpec
from tradewright.engine.cast import chosen_path
from tradewright.engine.desk import Desk
from tradewright.engine.feed import Feed
from tradewright.engine.guard import speaking, spoken
from tradewright.engine.wishes import Wishes, merge_wishes, plan_row, signal_rows, wish_row
from tradewright.engine.world import enlarge, new_world
from tradewright.kernels.deciding import decide
from tradewright.kernels.money import round_cash
from tradewright.kernels.records import FILL, PLAN, SIGNAL, Market, World
from tradewright.ports.foreign_engine import EngineFill, OrderPlan
from tradewright.risk.policy import rules_of
from tradewright.strategy.playback import fresh
from tradewright.strategy.signals import Signals
from tradewright.strategy.strategy import Strategy

__all__ = ["GatedTrader", "fill_record"]

_FIRST_ROOM = 256
_HURRIED = (TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTX)


def fill_record(fill: EngineFill, market: Market) -> NDArray[np.void]:
    """An execution of another engine as a FILL record, shape (1,); a market order and a gap fill at the bar's open."""
    record = np.zeros(1, FILL)
    row = record[0]
    for name in ("group", "signal", "side", "role", "ticks", "lots", "closed_lots"):
        row[name] = getattr(fill, name)
    row["ts"] = (market.ts_open if fill.at_open else market.ts_close)[fill.bar]
    row["step"], row["order_id"] = fill.bar, fill.order
    row["liquidity"] = Liquidity.MAKER if fill.is_maker else Liquidity.TAKER
    row["fee"], row["realised"] = round_cash(fill.fee), round_cash(fill.realised)
    slipped = abs(fill.ticks - fill.reference_ticks) * fill.lots
    row["slippage"] = round_cash(slipped * float(market.specs[0]["tick_value"]))
    return record


def _check_known(signal: np.void) -> None:
    known = (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET)
    if signal["trigger_by"] == 1 + TriggerBy.MARK:
        raise StrategyError(
            "trigger_by: the other engine knows no marks; use --engine tradewright for triggers on them"
        )
    if signal["order_type"] not in known or signal["time_in_force"] in _HURRIED or signal["plan"] > 0:
        raise StrategyError(
            "the other engine knows market, limit and stop entries with one stop-loss and one take-profit;"
            " for everything else use --engine tradewright"
        )


class GatedTrader:
    """A `Trader`: the strategy by either of its paths, and the very gate that our engine asks.

    The account that the gate looks at holds what the other engine says: its position, and its equity as cash.

    Args:
        spec: of the run, for one instrument.
        strategy: of which a fresh instance is made.
        feed: the instrument's bars.
        market: the same on our grid.
        path: `signals`, `on_bar` or `auto`.
    """

    def __init__(self, spec: RunSpec, strategy: Strategy, feed: Feed, market: Market, path: str) -> None:
        self._rules, self._feed = rules_of(spec), feed
        self._strategy = fresh(strategy)
        self._desk: Desk | None = None
        if chosen_path(strategy, path) == "signals":
            self._columns = self._asked_at_once()
            rows = signal_rows(self._columns, 0, self._columns.bar, feed.instrument)
        else:
            self._desk = Desk(0, strategy, feed)
            rows = np.zeros(_FIRST_ROOM, SIGNAL)
        self._market = market._replace(signals=rows)
        self._world = new_world(self._market, spec.balance, rows.size)
        self._given = 0

    def _asked_at_once(self) -> Signals:
        with speaking(self._strategy):
            self._strategy.on_start()
            return spoken(self._strategy, self._feed)

    def on_fill(self, fill: EngineFill) -> None:
        """See `Trader`."""
        position = self._world.positions[0]
        position["lots"], position["entry_ticks"] = fill.held_lots, fill.entry_ticks
        if self._desk is not None:
            with speaking(self._strategy):
                self._desk.tell(fill_record(fill, self._market), [position])

    def on_close(self, bar: int, equity: float) -> OrderPlan | None:
        """See `Trader`.

        Raises:
            StrategyError: the strategy failed.
        """
        row = self._wish(bar, equity)
        return None if row is None else self._judged(row, bar, equity)

    def _wish(self, bar: int, equity: float) -> int | None:
        # Row of the signal given at this close.
        if self._desk is None:
            rows = self._market.signals
            if self._given == rows.size or rows[self._given]["step"] != bar:
                return None
        else:
            with speaking(self._strategy):
                answer = self._desk.ask(bar, equity)
            if answer is None:
                return None
            if answer.signal is None or answer.asks:
                raise StrategyError("the other engine knows signals alone; for orders use --engine tradewright")
            wish = answer.signal
            if self._given == self._market.signals.size:
                more = np.zeros(self._given, SIGNAL)
                self._market = self._market._replace(signals=np.concatenate((self._market.signals, more)))
            self._market.signals[self._given] = wish_row(
                wish, 0, bar, self._feed.instrument, int(plan_row(wish, self._feed.instrument) is not None)
            )
        self._given += 1
        _check_known(self._market.signals[self._given - 1])
        return self._given - 1

    def _judged(self, row: int, bar: int, equity: float) -> OrderPlan | None:
        account, position = self._world.account[0], self._world.positions[0]
        if account["n_refusals"] == self._world.refusals.size:
            self._world = enlarge(self._world)
        entry, account["wallet"] = float(position["entry_ticks"]), equity
        # Open profit is in the equity that was given.
        position["mark_ticks"] = position["entry_ticks"] = self._market.close[0, bar]
        decide(self._world, self._market, self._rules, row)
        position["entry_ticks"] = entry
        if position["n_orders"] > 0:
            position["n_orders"] = 0  # it goes to the other engine
            return self._plan(self._world.orders[0, 0])
        # With nothing to leave, an exit still calls back an entry that waits.
        is_exit = self._market.signals[row]["kind"] == SignalKind.EXIT
        return OrderPlan(row, 0, 0, OrderType.MARKET, 0, 0, 0, 0, False) if is_exit else None

    def _plan(self, order: np.void) -> OrderPlan:
        is_entry = order["role"] == OrderRole.ENTRY
        return OrderPlan(
            signal=int(order["signal"]),
            side=int(order["side"]),
            lots=int(order["lots"]) if is_entry else 0,
            order_type=OrderType(int(order["type"])),
            level_ticks=int(order["level_ticks"]),
            valid_bars=int(order["valid_until"] - order["step"]) if order["valid_until"] else 0,
            stop_ticks=int(order["stop_ticks"]) if order["has_stop"] else 0,
            target_ticks=int(order["target_ticks"]) if order["has_target"] else 0,
            target_takes=self._rules.target_type != OrderType.LIMIT,
        )

    def told(self) -> tuple[World, Wishes]:
        """Refusals, in the logs of a world, and every signal that was given."""
        if self._desk is None:
            return self._world, merge_wishes([self._columns], [self._market.signals], [np.zeros(0, PLAN)])
        signals = Signals.from_list(self._desk.wishes)
        return self._world, Wishes(
            self._market.signals[: self._given], (signals,), np.arange(self._given), np.zeros(0, PLAN)
        )
