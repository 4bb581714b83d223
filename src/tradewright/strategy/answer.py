"""What a strategy answers at a bar's close, sorted: its signal, and what it asks for in orders."""

from __future__ import annotations

from typing import Any, NamedTuple

from tradewright.domain.errors import StrategyError
from tradewright.domain.intents import Ask
from tradewright.domain.signal import Signal

__all__ = ["NO_ANSWER", "Answer", "answered"]


class Answer(NamedTuple):
    """A signal, orders, both or neither.

    Attributes:
        signal: at most one a bar.
        asks: orders, changes, cancels and parents, in the order in which they were given.
    """

    signal: Signal | None = None
    asks: tuple[Ask, ...] = ()


NO_ANSWER = Answer()


def answered(strategy: str, path: str, given: object, before: Answer = NO_ANSWER) -> Answer:
    """Sort what a strategy gave, behind what it had given already.

    Args:
        strategy: name, for errors.
        path: `on_bar` or `on_fill`, for errors.
        given: a Signal, an ask, a sequence of them, or None.
        before: what it answered to the fills of the bar.

    Raises:
        StrategyError: something else was given, or a second signal for the same bar.
    """
    if given is None:
        return before
    if type(given) is Signal and before is NO_ANSWER:
        return Answer(given)
    signal, asks = before.signal, list(before.asks)
    for item in given if isinstance(given, list | tuple) else (given,):
        if isinstance(item, Ask):
            asks.append(item)
        elif not isinstance(item, Signal):
            raise StrategyError(f"{strategy}: {path} gave {_kind(item)}; it must give Signal, orders, or None")
        elif signal is not None:
            raise StrategyError(f"{strategy}: {path} gave a second Signal for one bar; it may give one, beside orders")
        else:
            signal = item
    return Answer(signal, tuple(asks))


def _kind(item: Any) -> str:
    return type(item).__name__
