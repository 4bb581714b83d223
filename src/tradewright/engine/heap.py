"""Freed memory stays with the process, so that the columns of the next run need not be paged in anew."""

import ctypes
import sys

__all__ = ["keep_freed_memory"]

# Of glibc's malloc.h; other C libraries have no such door, or other names.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 128 << 20
_APART = 32 << 20


def keep_freed_memory() -> bool:
    """Tell the C library to keep up to 128 MiB that were freed, and to take blocks below 32 MiB from them.

    A year of minutes is 4 MiB a column, and a run frees some twenty of them. Left alone, glibc gives them back to the
    system and takes them again page by page, or does not, by the luck of what was freed last: 23 ms or 14 ms for the
    same run (docs/adr/0042).

    Returns:
        Whether the C library of this process was told.
    """
    if sys.platform != "linux":
        return False
    told = getattr(ctypes.CDLL(None), "mallopt", None)
    return told is not None and bool(told(_MMAP_THRESHOLD, _APART)) and bool(told(_TRIM_THRESHOLD, _KEPT))
