"""What lasts as long as sessions do is not gone through by the garbage collector again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from tradewright.engine.heap import give_back_freed_memory

__all__ = ["lasting", "settle"]

_OFTEN = (700, 10, 10)


def settle() -> None:
    """Let the collector leave alone what is there now, and look often at what comes: a start has ended."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OFTEN)


@contextmanager
def lasting() -> Iterator[None]:
    """Let the collector leave alone what is there now, until the block ends.

    With 50 instruments it takes a tenth of a second to go through everything, and it does so when much happens: at a
    close, between a decision and its orders. What was freed on the way there goes back to the system.
    """
    settle()
    give_back_freed_memory()
    try:
        yield
    finally:
        gc.unfreeze()
