"""What becomes of freed memory: a run finds it again, and what lasts for months gives it back."""

import ctypes
import sys

__all__ = ["give_back_freed_memory", "keep_freed_memory"]

# Of glibc's malloc.h; other C libraries have no such door, or other names.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MOST_ARENAS = -1, -3, -8
_KEPT = 128 << 20
_APART = 32 << 20
_ARENAS = 2


def keep_freed_memory() -> bool:
    """Tell the C library to keep up to 128 MiB that were freed, and to take blocks below 32 MiB from them.

    A year of minutes is 4 MiB a column, and a run frees some twenty of them. Left alone, glibc gives them back to the
    system and takes them again page by page, or does not, by the luck of what was freed last: 23 ms or 14 ms for the
    same run (docs/adr/0042). Threads share two arenas: each of their own keeps some megabytes that nobody else can use.

    Returns:
        Whether the C library of this process was told.
    """
    wishes = ((_MOST_ARENAS, _ARENAS), (_MMAP_THRESHOLD, _APART), (_TRIM_THRESHOLD, _KEPT))
    return all(_told("mallopt", *wish) for wish in wishes)


def give_back_freed_memory() -> bool:
    """Give the system back what has been freed: after a session's beginning, four times what it needs from then on.

    Returns:
        Whether the C library had any to give.
    """
    return _told("malloc_trim", 0)


def _told(door: str, *words: int) -> bool:
    told = getattr(ctypes.CDLL(None), door, None) if sys.platform == "linux" else None
    return told is not None and bool(told(*words))
