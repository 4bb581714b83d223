"""Which strategy sits on which row of an account, and by which path it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.run import RunSpec
from tradewright.domain.team import seats_of
from tradewright.strategy.strategy import Strategy

__all__ = ["Cast", "cast_of", "chosen_path", "each_leg", "legs_of", "path_of", "seat_rows"]

T = TypeVar("T")

Cast = Strategy | Sequence[Strategy]
"""The strategy of a run, or one for each member of its team."""


def cast_of(spec: RunSpec, strategy: Cast) -> tuple[Strategy, ...]:
    """The strategy of each seat, see `domain.team.seats_of`.

    Raises:
        InvalidValue: there are not as many strategies as members.
    """
    given = (strategy,) if isinstance(strategy, Strategy) else tuple(strategy)
    if len(given) != max(len(spec.team), 1):
        raise InvalidValue("strategy", [own.name for own in given], f"one for each of {len(spec.team)} members")
    return tuple(given[max(who, 1) - 1] for who, _ in seats_of(spec))


def path_of(cast: Sequence[Strategy], path: str) -> str:
    """The path by which all of them speak: `auto` is `signals` where every one offers them, else `on_bar`.

    Where neither is offered by all it is `mixed`: who offers no `on_bar` says at its bars what it has said by columns.

    Raises:
        InvalidValue: there is no such path.
        StrategyError: one of them does not offer it.
    """
    wanted = path
    if path == "mixed":
        return path
    if path == "auto" and not all(own.has_signals for own in cast):
        if not all(own.has_on_bar for own in cast):
            return "mixed"
        wanted = "on_bar"
    for own in cast:
        wanted = chosen_path(own, wanted)
    return wanted


def chosen_path(strategy: Strategy, path: str) -> str:
    """The path that is meant: `auto` is `signals` where the strategy offers them, else `on_bar`.

    Raises:
        InvalidValue: there is no such path.
        StrategyError: the strategy does not offer it.
    """
    offered = {"signals": strategy.has_signals, "on_bar": strategy.has_on_bar}
    if path not in (*offered, "auto"):
        raise InvalidValue("path", path, "'auto', 'signals' or 'on_bar'")
    wanted = path if path != "auto" else ("signals" if strategy.has_signals else "on_bar")
    if not offered[wanted]:
        raise StrategyError(f"{strategy.name} does not offer {wanted}")
    return wanted


def legs_of(spec: RunSpec) -> int:
    """Rows of a seat: two in a hedge, the long leg and then the short one."""
    return 2 if spec.risk.position_mode == "hedge" else 1


def each_leg(seats: Iterable[T], legs: int) -> tuple[T, ...]:
    """What belongs to seats, once for each of their rows."""
    return tuple(item for item in seats for _ in range(legs))


def seat_rows(specs: NDArray[np.void], spec: RunSpec) -> None:
    """Write into the terms of every row whose it is, which leg, and which others are of its instrument."""
    legs = legs_of(spec)
    rows = each_leg(seats_of(spec), legs)
    symbols = [symbol for _, symbol in rows]
    specs["member"] = [who for who, _ in rows]
    specs["underlying"] = [1 + symbols.index(own) if symbols.count(own) > 1 else 0 for own in symbols]
    specs["side"] = np.tile((1, -1), len(rows) // 2) if legs > 1 else 0
