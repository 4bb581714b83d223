"""Things of which only one is held at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

__all__ = ["OneByOne"]

T = TypeVar("T")


class OneByOne(Sequence[T]):
    """A sequence whose items are made when they are asked for; the last one asked for is kept.

    Args:
        size: how many there are.
        make: gives the item at a place.
    """

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size, self._make = size, make
        self._held: tuple[int, T] | None = None

    def __len__(self) -> int:
        """See the class."""
        return self._size

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        """The item at a place, made anew unless it was the last one; of a slice, items that are made when asked for."""
        if isinstance(place, slice):
            places = range(self._size)[place]
            return OneByOne(len(places), lambda k: self[places[k]])
        k = range(self._size)[place]
        if self._held is None or self._held[0] != k:
            # What was held goes before the next one comes.
            self._held = None
            self._held = (k, self._make(k))
        return self._held[1]
