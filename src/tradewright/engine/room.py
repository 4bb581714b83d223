"""Room for what will come, and a file for what lies far back.

Room is zeros that take memory where they are written to, page by page, and nowhere else. What has been written and is
hardly looked at any more may be set aside: its pages go into a file without a name, and are read from there when they
are looked at, at the same address. Arrays do not notice. Where there is no place for it, it stays in memory.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["PAGE", "room_for", "set_aside"]

PAGE = mmap.PAGESIZE
"""What is set aside is set aside in pages of so many bytes."""
_IS_LINUX = sys.platform == "linux"
_SYSTEM: Any = ctypes.CDLL(None) if _IS_LINUX else None
if _IS_LINUX:
    _SYSTEM.mmap.restype = ctypes.c_void_p
_NO_RESERVE = 0x4000  # of Linux's mman.h: what is never written to is not counted as taken
_FIXED = 0x10  # of the same: at this address and no other
_PAGE_OUT = 21
_PUNCH, _KEEP_SIZE = 0x02, 0x01  # of its falloc.h
_MOST_STRETCHES = 16_000
"""Each is a mapping of its own beside what is left of its room; Linux lets a process have 65,530 of them."""


class _Place(mmap.mmap):
    """Memory of one room, and how much of each of its lines lies in the file."""

    aside: dict[int, int]  # from which page to which: bytes from the beginning
    home: tuple[_Shelf, int] | None  # and where in the file that beginning is


class _Shelf:
    """The file of one process; it has no name, so that nothing is left behind however the process ends."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._number = _nameless_file()
        self._lock, self._size = threading.Lock(), 0
        self.stretches = 0

    def berth(self, place: _Place) -> int:
        """Where a room has its place in the file: as many bytes as in memory, of which only those written are kept."""
        with self._lock:
            begin, self._size = self._size, self._size + -(-len(place) // PAGE) * PAGE
        weakref.finalize(place, self._forget, begin, len(place), place.aside).atexit = False
        return begin

    def take(self, address: int, begin: int, size: int) -> bool:
        """Move pages of memory into the file, and show them from there at the same address; whether that was done."""
        try:
            if os.pwrite(self._number, (ctypes.c_char * size).from_address(address), begin) != size:
                return False
        except OSError:
            return False
        # Whoever writes there still writes to memory of the process's own; a refusal leaves all as it was.
        kind = mmap.MAP_PRIVATE | _FIXED | _NO_RESERVE
        words = (ctypes.c_void_p(address), ctypes.c_size_t(size), mmap.PROT_READ | mmap.PROT_WRITE, kind)
        return bool(_SYSTEM.mmap(*words, self._number, ctypes.c_long(begin)) == address)

    def _forget(self, begin: int, size: int, aside: dict[int, int]) -> None:
        # The file gives back what nobody will read again.
        if aside and self.pid == os.getpid():
            self.stretches -= len(aside)
            where = (ctypes.c_long(begin), ctypes.c_long(size))
            _SYSTEM.fallocate(self._number, _PUNCH | _KEEP_SIZE, *where)


def _nameless_file() -> int:
    # On a disk where there is one: what lies in /tmp may be memory. It is open as long as the process lives.
    usual = tempfile.gettempdir()
    for folder in ("/var/tmp", usual) if usual == "/tmp" else (usual,):  # noqa: S108 - nobody can open it there
        with suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
            return os.dup(file.fileno())
    raise OSError(errno.ENOENT, "no folder for temporary files")


_SHELVES: list[_Shelf] = []


def room_for(shape: int | tuple[int, ...], kind: DTypeLike) -> NDArray[Any]:
    """Zeros of a shape and kind.

    What numpy gives may be memory that was used before, and is then all there; this is new to the process.
    """
    size = prod(shape) if isinstance(shape, tuple) else shape
    flags = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NO_RESERVE} if _IS_LINUX else {}
    place = _Place(-1, max(size * np.dtype(kind).itemsize, 1), **flags)
    place.aside, place.home = {}, None
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        place.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(place, kind, size).reshape(shape)


def set_aside(line: NDArray[Any]) -> int:
    """Let the whole pages of a line of values, one behind the other, lie in a file until they are looked at.

    They stay what they are, and may be written to again; then they are in memory again. Asked anew of a line that has
    become longer, only what is new is moved.

    Args:
        line: a part of what `room_for` gave; of any other array nothing is moved.

    Returns:
        How many bytes were moved.
    """
    place = _place_of(line)
    if place is None or not _IS_LINUX or not line.flags.c_contiguous:
        return 0
    whole = _address(np.frombuffer(place, np.uint8))
    offset = _address(line) - whole
    first, stop = -(-offset // PAGE) * PAGE, (offset + line.nbytes) // PAGE * PAGE
    begin = place.aside.get(first, first)
    if stop <= begin:
        return 0
    if begin > first:
        # What was looked at since goes again; what was written to since has no other place, and stays.
        with suppress(OSError):
            place.madvise(_PAGE_OUT, first, begin - first)
    place.home = place.home or _home_of(place)
    if place.home is None or place.home[0].pid != os.getpid():  # a child of this process has a file of its own
        return 0
    shelf, berth = place.home
    if begin == first and shelf.stretches >= _MOST_STRETCHES:
        return 0
    if not shelf.take(whole + begin, berth + begin, stop - begin):
        return 0
    shelf.stretches += begin == first
    place.aside[first] = stop
    return stop - begin


def _address(values: NDArray[Any]) -> int:
    return int(values.__array_interface__["data"][0])


def _place_of(line: NDArray[Any]) -> _Place | None:
    base: Any = line
    while isinstance(base, np.ndarray):
        base = base.base
    base = base.obj if isinstance(base, memoryview) else base
    return base if isinstance(base, _Place) else None


def _home_of(place: _Place) -> tuple[_Shelf, int] | None:
    try:
        if not _SHELVES or _SHELVES[-1].pid != os.getpid():
            _SHELVES[:] = [_Shelf()]
    except OSError:
        return None
    return _SHELVES[-1], _SHELVES[-1].berth(place)
