"""Signals of all instruments as the rows that the kernels read, and the way back from a row to its signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import OrderType, SignalKind
from tradewright.domain.instrument import Instrument
from tradewright.domain.signal import Signal, permille
from tradewright.engine.cast import each_leg
from tradewright.features.ticks import ticks_of
from tradewright.kernels.records import COMMAND, PLAN, SIGNAL
from tradewright.market.bars import IntColumn
from tradewright.portfolio.run_log import ParentOrder, plain_tag
from tradewright.strategy.plans import Plans, first_target, force_of, watch_of
from tradewright.strategy.signals import KIND, ORDER_TYPE, Signals

__all__ = ["Wishes", "merge_wishes", "plan_row", "plan_rows", "signal_rows", "wish_row"]

_TWO_PRICES = (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
_PRICED_ELSEWHERE = (*_TWO_PRICES, OrderType.TRAILING_STOP)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Every signal of a run, and all that its strategy asked for in orders.

    Args:
        rows: SIGNAL records by (step, instrument).
        signals: the columns of each instrument.
        places: for each row, its place in the columns of its instrument.
        plans: PLAN records of the rows that need one, in their order.
        commands: COMMAND records by step.
        parents: orders that were worked by children.
        tag_text: gives the tag that a number in a record stands for.
    """

    rows: NDArray[np.void]
    signals: tuple[Signals, ...]
    places: IntColumn
    plans: NDArray[np.void]
    commands: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, COMMAND))
    parents: tuple[ParentOrder, ...] = ()
    tag_text: Callable[[int], str] = plain_tag

    def metadata(self, row: int) -> dict[str, Any]:
        """The facts that the strategy gave with a signal."""
        columns = self.signals[int(self.rows[row]["instrument"])].metadata
        place = int(self.places[row])
        return {name: column[place : place + 1].tolist()[0] for name, column in sorted(columns.items())}


def signal_rows(signals: Signals, k: int, steps: IntColumn, instrument: Instrument, legs: int = 1) -> NDArray[np.void]:
    """Signals of one seat as SIGNAL records; `steps` holds the step of each signal's bar, `k` is its first row.

    Plans are numbered as `plan_rows` gives them. Of two legs the second is told what is short.
    """
    rows = np.zeros(signals.size, SIGNAL)
    rows["step"] = steps
    rows["instrument"] = k if legs == 1 else k + (signals.kind == SignalKind.SHORT)
    rows["kind"] = signals.kind
    rows["order_type"] = signals.order_type
    rows["has_stop"] = signals.has_stop
    rows["has_target"] = signals.has_target
    rows["entry_ticks"] = ticks_of(signals.entry, instrument)
    rows["stop_ticks"] = ticks_of(signals.stop_loss, instrument)
    rows["target_ticks"] = ticks_of(signals.take_profit, instrument)
    rows["valid_steps"] = signals.valid_bars
    rows["confidence"] = signals.confidence
    if signals.plans is not None:
        _ask_more(rows, signals.plans, instrument)
    return rows


def _ask_more(rows: NDArray[np.void], plans: Plans, instrument: Instrument) -> None:
    limited, trailing = np.isin(rows["order_type"], _TWO_PRICES), rows["order_type"] == OrderType.TRAILING_STOP
    rows["entry_ticks"][limited] = ticks_of(plans.limit_price[limited], instrument)
    rows["entry_ticks"][trailing] = ticks_of(plans.entry_activation[trailing], instrument)
    rows["time_in_force"] = plans.time_in_force
    rows["trigger_by"] = plans.trigger_by
    asked = plans.asked
    rows["plan"][asked] = np.arange(1, 1 + int(asked.sum()))


def plan_rows(signals: Signals, instrument: Instrument) -> NDArray[np.void]:
    """The PLAN records of one instrument's signals that ask for one."""
    if signals.plans is None:
        return np.zeros(0, PLAN)
    asked = signals.plans.asked
    plans, limited = signals.plans.take(asked), np.isin(signals.order_type, _TWO_PRICES)[asked]
    rows = np.zeros(int(asked.sum()), PLAN)
    rows["trigger_ticks"] = np.where(limited, ticks_of(signals.entry[asked], instrument), 0)
    rows["activation_ticks"] = ticks_of(plans.activation, instrument)
    rows["more_targets"] = (plans.share2 > 0.0).astype(np.int64) + (plans.share3 > 0.0) + (plans.share4 > 0.0)
    for name in ("target2", "target3", "target4"):
        rows[f"{name}_ticks"] = ticks_of(getattr(plans, name), instrument)
    for name in ("entry_callback", "callback", "break_even", "share1", "share2", "share3", "share4"):
        rows[name] = getattr(plans, name)
    return rows


def wish_row(wish: Signal, k: int, step: int, instrument: Instrument, plan: int = 0) -> tuple[float, ...]:
    """One signal as the fields of a SIGNAL record, in their order: what `signal_rows` gives for it, sooner."""
    stop, kind = wish.stop_loss, ORDER_TYPE[wish.kind]
    target = first_target(wish.targets) if wish.targets else wish.take_profit
    entry: float | None = wish.entry
    if kind in _PRICED_ELSEWHERE:
        entry = wish.entry_activation if kind == OrderType.TRAILING_STOP else wish.limit_price
    return (
        step,
        k,
        KIND[wish.side],
        kind,
        stop is not None,
        target is not None,
        force_of(wish),
        watch_of(wish),
        plan,
        0 if wish.side == "exit" or entry is None else instrument.to_ticks(entry),
        0 if stop is None else instrument.to_ticks(stop),
        0 if target is None else instrument.to_ticks(target),
        wish.valid_bars,
        wish.confidence,
    )


def plan_row(wish: Signal, instrument: Instrument) -> tuple[float, ...] | None:
    """One signal's PLAN record as a tuple, or None where it asks for none: what `plan_rows` gives for it, sooner."""
    if wish.limit_price is wish.entry_callback is wish.trailing is None and not wish.targets:
        return None
    prices = [instrument.to_ticks(price) for price, _ in wish.targets[1:]]
    shares = [share for _, share in wish.targets]
    return (
        0 if wish.limit_price is None else instrument.to_ticks(wish.entry),
        0 if wish.entry_callback is None else permille("entry_callback", wish.entry_callback),
        0 if wish.trailing is None else permille("trailing", wish.trailing),
        0 if wish.activation is None else instrument.to_ticks(wish.activation),
        len(prices),
        *prices,
        *[0] * (3 - len(prices)),
        *shares,
        *[0.0] * (4 - len(shares)),
        wish.break_even,
    )


def merge_wishes(
    signals: Sequence[Signals], rows: Sequence[NDArray[np.void]], plans: Sequence[NDArray[np.void]] = (), legs: int = 1
) -> Wishes:
    """Put the rows of all seats, of so many legs each, into one order of time; equal times go by row."""
    # Records are copied field by field: where there is one part, it is taken as it is.
    together = rows[0] if len(rows) == 1 else np.concatenate(rows) if rows else np.zeros(0, SIGNAL)
    places = np.concatenate([np.arange(part.size) for part in rows]) if rows else np.zeros(0, np.int64)
    merged = together
    if not _is_in_order(together, len(rows)):
        order = np.lexsort((together["instrument"], together["step"]))
        merged, places = together[order], places[order]
    asking = merged["plan"] > 0
    if not asking.any():
        return Wishes(merged, each_leg(signals, legs), places, np.zeros(0, PLAN))
    # Numbers of each instrument become rows of all plans, and those the order of their signals.
    first = np.cumsum([0, *(part.size for part in plans)])
    chosen = first[merged["instrument"][asking] // legs] + merged["plan"][asking] - 1
    merged["plan"][asking] = np.arange(1, 1 + chosen.size)
    return Wishes(merged, each_leg(signals, legs), places, np.concatenate(plans)[chosen])


def _is_in_order(rows: NDArray[np.void], instruments: int) -> bool:
    # What one strategy says of one instrument mostly comes in order: nothing is left to sort.
    steps = rows["step"]
    return instruments == 1 and bool(np.all(steps[1:] >= steps[:-1]))
