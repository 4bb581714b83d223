"""Which strategy sits on which row of an account, and by which path it speaks."""

from __future__ import annotations

from collections.abc import Sequence

from tradewright.domain.errors import InvalidValue, StrategyError
from tradewright.domain.run import RunSpec
from tradewright.domain.team import seats_of
from tradewright.strategy.strategy import Strategy

__all__ = ["Cast", "cast_of", "chosen_path", "path_of", "shared_rows"]

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

    Raises:
        InvalidValue: there is no such path.
        StrategyError: one of them does not offer it.
    """
    wanted = path
    if path == "auto" and not all(own.has_signals for own in cast):
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


def shared_rows(symbols: Sequence[str]) -> list[int]:
    """For each row 1 + the first row of its instrument, where several are of one; else 0."""
    return [1 + symbols.index(symbol) if symbols.count(symbol) > 1 else 0 for symbol in symbols]
