"""What signals ask beyond the plain, as columns: limits behind triggers, trailing stops, several targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypedDict

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.enums import TimeInForce, TriggerBy
from tradewright.domain.errors import StrategyError
from tradewright.domain.signal import (
    ForceName,
    Signal,
    TriggerWish,
    check_order,
    check_targets,
    check_trigger,
    permille,
)
from tradewright.market.bars import FloatColumn, IntColumn

__all__ = ["FORCE", "PlanTerms", "Plans", "first_target", "force_of", "plans_from_list", "plans_from_terms", "watch_of"]

Mask = NDArray[np.bool_]
Levels = float | FloatColumn | tuple[FloatColumn, FloatColumn]
"""One level per bar, one for all, or a (long, short) pair."""

FORCE = {way.name.lower(): way for way in TimeInForce}
WATCH: Mapping[str | None, int] = {None: 0} | {by.name.lower(): 1 + by for by in TriggerBy}
_MOST_TARGETS = 4
_NEEDS = (
    ("activation", "trailing"),
    ("entry_activation", "entry_callback"),
    ("break_even", "targets"),
    ("break_even", "stop_loss"),
)


class PlanTerms(TypedDict, total=False):
    """Terms beyond the plain; see `Signal`.

    Attributes:
        limit_price: of `stop_limit` and `take_profit_limit`.
        time_in_force: `gtc`, `ioc`, `fok`, `gtx` (post-only) or `gtd`.
        entry_callback: of `trailing_stop`, a fraction.
        entry_activation: price from which it counts.
        targets: (levels, fraction of the position), nearest first, in place of `take_profit`.
        trailing: callback of a trailing stop on the position, a fraction; None for none.
        activation: price from which it counts.
        break_even: move the stop-loss to the entry price after the first target.
        trigger_by: price that triggers entry and exits, `last` or `mark`; None: as the run says.
    """

    limit_price: Levels
    time_in_force: ForceName
    entry_callback: float
    entry_activation: Levels
    targets: Sequence[tuple[Levels, float]]
    trailing: float | None
    activation: Levels | None
    break_even: bool
    trigger_by: TriggerWish | None


class Plans(NamedTuple):
    """One value per signal; 0 where nothing is asked.

    Attributes:
        limit_price: limit behind a trigger, quote per base.
        time_in_force: TimeInForce of the entry.
        trigger_by: 0 as the run says; else 1 + TriggerBy.
        entry_callback: of a trailing entry, permille.
        entry_activation: price from which it counts.
        callback: of a trailing stop on the position, permille.
        activation: price from which it counts.
        break_even: whether the first target moves the stop-loss.
        target2: price of the second target; the first is the signal's `take_profit`.
        target3: of the third.
        target4: of the fourth.
        share1: fraction of the position that the first target takes; 0: all.
        share2: the second.
        share3: the third.
        share4: the fourth.
    """

    limit_price: FloatColumn
    time_in_force: IntColumn
    trigger_by: IntColumn
    entry_callback: IntColumn
    entry_activation: FloatColumn
    callback: IntColumn
    activation: FloatColumn
    break_even: Mask
    target2: FloatColumn
    target3: FloatColumn
    target4: FloatColumn
    share1: FloatColumn
    share2: FloatColumn
    share3: FloatColumn
    share4: FloatColumn

    def take(self, which: Mask) -> Self:
        """The plans where `which` (one flag per signal) is True."""
        return type(self)._make(np.ascontiguousarray(column[which]) for column in self)

    @property
    def asked(self) -> Mask:
        """Which signals ask more than a time in force and a trigger price."""
        rest = [column for name, column in self._asdict().items() if name not in ("time_in_force", "trigger_by")]
        return np.asarray(np.logical_or.reduce([column != 0 for column in rest]), np.bool_)


def first_target(targets: Sequence[tuple[float, float]]) -> float:
    """The target that the gate looks at first: one at or below 0 before all others, for it refuses the signal."""
    lowest = min(price for price, _ in targets)
    return targets[0][0] if lowest > 0.0 else lowest


def plans_from_list(wishes: Sequence[Signal]) -> Plans | None:
    """The plans of signals that come one by one; None where none of them asks for any."""
    if not any(_is_special(wish) for wish in wishes):
        return None
    targets = [wish.targets or ((0.0, 0.0),) for wish in wishes]

    def prices(values: Sequence[float | None]) -> FloatColumn:
        return np.array([value or 0.0 for value in values], np.float64)

    def steps(name: str) -> IntColumn:
        given = [getattr(wish, name) for wish in wishes]
        return np.array([0 if value is None else permille(name, value) for value in given], np.int64)

    def nth(n: int, part: int) -> FloatColumn:
        return prices([rows[n][part] if n < len(rows) else 0.0 for rows in targets])

    return Plans(
        limit_price=prices([wish.limit_price for wish in wishes]),
        time_in_force=np.array([force_of(wish) for wish in wishes], np.int64),
        entry_callback=steps("entry_callback"),
        entry_activation=prices([wish.entry_activation for wish in wishes]),
        callback=steps("trailing"),
        activation=prices([wish.activation for wish in wishes]),
        break_even=np.array([wish.break_even for wish in wishes], np.bool_),
        **{f"target{n + 1}": nth(n, 0) for n in range(1, _MOST_TARGETS)},
        **{f"share{n + 1}": nth(n, 1) for n in range(_MOST_TARGETS)},
        trigger_by=np.array([watch_of(wish) for wish in wishes], np.int64),
    )


def force_of(wish: Signal) -> int:
    """TimeInForce of a signal's entry."""
    return TimeInForce.GTC if wish.side == "exit" else FORCE[wish.time_in_force]


def watch_of(wish: Signal) -> int:
    """What a signal says of its triggers: 0 nothing, else 1 + TriggerBy."""
    return 0 if wish.side == "exit" else WATCH[wish.trigger_by]


def _is_special(wish: Signal) -> bool:
    given = (wish.limit_price, wish.entry_callback, wish.trailing, wish.trigger_by)
    return wish.time_in_force != "gtc" or bool(wish.targets) or any(value is not None for value in given)


def plans_from_terms(
    terms: PlanTerms, kind: str, valid_bars: int, entering: Mask, pick: Callable[[str, Levels], FloatColumn]
) -> Plans | None:
    """The plans of signals that come as columns; None where no term asks for any.

    Args:
        terms: of all signals.
        kind: how to enter.
        valid_bars: how many bars an entry waits.
        entering: which signals enter; the others have no plan.
        pick: the column of a level, one value per signal.

    Raises:
        InvalidValue: terms do not go together.
        StrategyError: terms of a bracket do not go together.
    """
    callbacks = _checked(terms, kind, valid_bars)
    if not PlanTerms.__optional_keys__ & set(terms):
        return None
    targets = terms.get("targets", ())

    def level(name: str, levels: Levels | None) -> FloatColumn:
        return np.zeros(entering.size) if levels is None else np.where(entering, pick(name, levels), 0.0)

    def spread(value: Any, dtype: Any) -> NDArray[Any]:
        return np.where(entering, value, 0).astype(dtype)

    rest = [targets[n] if n < len(targets) else (None, 0.0) for n in range(_MOST_TARGETS)]
    return Plans(
        limit_price=level("limit_price", terms.get("limit_price")),
        time_in_force=spread(FORCE[terms.get("time_in_force", "gtc")], np.int64),
        entry_callback=spread(callbacks.get("entry_callback", 0), np.int64),
        entry_activation=level("entry_activation", terms.get("entry_activation")),
        callback=spread(callbacks.get("trailing", 0), np.int64),
        activation=level("activation", terms.get("activation")),
        break_even=spread(terms.get("break_even", False), np.bool_),
        **{f"target{n + 1}": level("targets", rest[n][0]) for n in range(1, _MOST_TARGETS)},
        **{f"share{n + 1}": spread(rest[n][1], np.float64) for n in range(_MOST_TARGETS)},
        trigger_by=spread(WATCH[terms.get("trigger_by")], np.int64),
    )


def _checked(terms: PlanTerms, kind: str, valid_bars: int) -> dict[str, int]:
    # The callbacks among the terms, permille, if all of them go together.
    given = {name for name, value in terms.items() if value is not None and value is not False}
    check_order(
        kind,
        terms.get("time_in_force", "gtc"),
        valid_bars,
        has_limit="limit_price" in given,
        has_callback="entry_callback" in given,
    )
    check_trigger(terms.get("trigger_by"))
    check_targets([(1.0, share) for _, share in terms.get("targets", ())])
    for name, needs in _NEEDS:
        if name in given and needs not in given:
            raise StrategyError(f"{name}: it needs {needs} as well")
    values = {"entry_callback": terms.get("entry_callback"), "trailing": terms.get("trailing")}
    return {name: permille(name, value) for name, value in values.items() if value is not None}
