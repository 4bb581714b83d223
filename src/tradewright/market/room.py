"""Room for what will come: zeros that take memory where they are written to, page by page, and nowhere else."""

from __future__ import annotations

import mmap
import sys
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["room_for"]

_NO_RESERVE = 0x4000  # of Linux's mman.h: what is never written to is not counted as taken


def room_for(shape: int | tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    """Zeros of a shape and kind.

    What numpy gives may be memory that was used before, and is then all there; this is new to the process.
    """
    size = prod(shape) if isinstance(shape, tuple) else shape
    flags = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NO_RESERVE} if sys.platform == "linux" else {}
    place = mmap.mmap(-1, max(size * np.dtype(kind).itemsize, 1), **flags)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        place.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(place, kind, size).reshape(shape)
