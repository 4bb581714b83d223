"""Features that go on: asked again of columns that have grown by some rows, they compute those rows alone.

Whoever asks a strategy for its columns at each close keeps a `Recall`. Inside `Recall.over` each call of a feature goes
on from the same call of the time before: the strategy is shown the last rows only, and what the feature gives there is,
to the last bit, what the whole columns would have given. There is one definition of each feature: its kernel, which
goes on from a state, or its stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Begin", "CannotGoOnError", "GoOn", "Recall", "over_the_whole", "recalled", "windowed"]

Columns = Sequence[NDArray[Any]]
GoOn = Callable[[Columns], NDArray[Any]]
"""Takes the rows that are new; gives as many rows of each output."""
Begin = Callable[[Columns], tuple[NDArray[Any], GoOn]]
"""Takes whole columns; gives its outputs, and what goes on from there."""
P = ParamSpec("P")
T = TypeVar("T")


class CannotGoOnError(Exception):
    """Something was asked for that hangs on more than what is remembered: the whole columns must be shown."""


@dataclass(slots=True)
class _Call:
    """One call of a feature, as it was left: what it was, how it goes on, and the last rows that it gave."""

    key: object
    go_on: GoOn
    last: NDArray[Any]


class Recall:
    """What the features that one strategy calls over one instrument remember.

    Args:
        look_back: rows before the new ones that are shown beside them.
    """

    def __init__(self, look_back: int) -> None:
        self._look_back = look_back
        self._calls: list[_Call] = []
        self._size = self._shown = self._new = self._place = 0

    @contextmanager
    def over(self, size: int) -> Iterator[int]:
        """Ask of columns that have so many rows by now.

        Yields:
            How many of the last rows to show: all of them the first time.

        Raises:
            CannotGoOnError: nothing is new, or the features that are called are not those of the last time. What is
                remembered is of no use then.
        """
        self._new, self._place = size - self._size, 0
        if self._new < 1:
            raise CannotGoOnError("no row is new")
        is_first = self._size == 0
        self._shown = size if is_first else min(size, self._look_back + self._new)
        token = _RECALL.set(self)
        try:
            yield self._shown
        finally:
            _RECALL.reset(token)
        if self._place != len(self._calls):
            raise CannotGoOnError("fewer features were called than before")
        self._size = size

    def follow(self, key: object, inputs: Columns, begin: Begin) -> NDArray[Any]:
        """Outputs of a feature over the rows that are shown, one row of the table for each.

        Args:
            key: what is called, and with which parameters.
            inputs: its columns, of the rows that are shown.
            begin: computes the whole, and says how to go on.

        Raises:
            CannotGoOnError: the columns are not those of the rows that are shown, or another feature was called here
                the last time.
        """
        if any(one.size != self._shown for one in inputs):
            raise CannotGoOnError(f"{key}: columns of other rows than the bars that are shown")
        place, self._place = self._place, self._place + 1
        if self._size == 0:
            found, go_on = begin(inputs)
            self._calls.append(_Call(key, go_on, found[:, max(self._shown - self._look_back, 0) :].copy()))
            return found
        if place == len(self._calls) or self._calls[place].key != key:
            raise CannotGoOnError(f"{key}: was not called here before")
        call, old = self._calls[place], self._shown - self._new
        found = call.go_on([one[old:] for one in inputs])
        if old:
            found = np.concatenate((call.last[:, call.last.shape[1] - old :], found), axis=1)
        call.last = found
        return found


_RECALL: ContextVar[Recall | None] = ContextVar("recall", default=None)


def recalled() -> Recall | None:
    """What is remembered of the columns that are being asked for, or None where they are whole."""
    return _RECALL.get()


def windowed(function: Callable[[Columns], NDArray[Any]], look: int) -> Begin:
    """A feature each of whose rows hangs on that row and `look` rows before it, and on nothing else.

    Args:
        function: gives a table of outputs for columns.
        look: rows before its own.
    """

    def begin(inputs: Columns) -> tuple[NDArray[Any], GoOn]:
        kept = [one[max(one.size - look, 0) :].copy() for one in inputs]

        def go_on(rows: Columns) -> NDArray[Any]:
            wide = [np.concatenate(pair) for pair in zip(kept, rows, strict=True)]
            kept[:] = [one[max(one.size - look, 0) :] for one in wide]
            return function(wide)[:, wide[0].size - rows[0].size :]

        return function(inputs), go_on

    return begin


def over_the_whole(feature: Callable[P, T]) -> Callable[P, T]:
    """Mark a feature that needs whole columns: a strategy that calls it is shown all bars at each close."""

    @wraps(feature)
    def asked(*given: P.args, **named: P.kwargs) -> T:
        if _RECALL.get() is not None:
            raise CannotGoOnError(f"{feature.__name__} needs whole columns")
        return feature(*given, **named)

    return asked
