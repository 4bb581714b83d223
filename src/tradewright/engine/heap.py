"""What becomes of freed memory: a run finds it again, and what lasts for months gives it back."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["give_back_freed_memory", "keep_freed_memory", "looked_at_once"]

# Of glibc's malloc.h; other C libraries have no such door, or other names.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MOST_ARENAS = -1, -3, -8
_KEPT = 128 << 20
_APART = 32 << 20
_ARENAS = 2
# Of Linux's mman.h. Nothing is lost by it: what is looked at again is read again.
_PAGE_OUT = 21
_LIBRARIES = ("libllvmlite", "_polars_runtime")
_MAPS = Path("/proc/self/maps")


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


@contextmanager
def looked_at_once() -> Iterator[None]:
    """Let the collector of garbage leave alone what is there already, as long as this lasts.

    A strategy that gives signals one by one makes objects that stay; at every so many of them Python looks through all
    that a process holds, half a million objects of the compiler's and of tables: a tenth of such a run.
    """
    is_ours = gc.get_freeze_count() == 0  # else a session that lasts has done so, and is still at work
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()


def give_back_freed_memory() -> bool:
    """Give the system back what has been freed: after a session's beginning, four times what it needs from then on.

    With it go the pages of the compiler's library and of the one that reads tables: 90 MB that were needed to begin.

    Returns:
        Whether the C library had any to give.
    """
    if sys.platform == "linux" and _MAPS.exists():
        for begin, end in _library_pages(_MAPS.read_text(encoding="utf-8")):
            _told("madvise", ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), _PAGE_OUT)
    return _told("malloc_trim", 0)


def _library_pages(maps: str) -> list[tuple[int, int]]:
    # Where code and constants of these libraries lie: from, to.
    named = [line.split() for line in maps.splitlines() if any(f"/{name}" in line for name in _LIBRARIES)]
    spans = [span.split("-") for span, mode, *_ in named if "w" not in mode]
    return [(int(begin, 16), int(end, 16)) for begin, end in spans]


def _told(door: str, *words: object) -> bool:
    told = getattr(ctypes.CDLL(None), door, None) if sys.platform == "linux" else None
    return told is not None and bool(told(*words))
