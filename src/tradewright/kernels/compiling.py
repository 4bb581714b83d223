"""The decorators by which a function becomes a kernel."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.registry import CPUDispatcher

from tradewright.domain import enums, order_terms
from tradewright.kernels.parts import Apart, Entry, Part, Whole
from tradewright.kernels.record_copies import copy_records_whole
from tradewright.kernels.short_names import shorten_names

__all__ = ["apart_kernel", "cache_folder", "entry_kernel", "kernel", "lean_kernel", "part_kernel", "shared_kernel"]

F = TypeVar("F", bound=Callable[..., object])

copy_records_whole()
shorten_names()
_HERE = Path(__file__).parent


@cache
def _digest(package: Path) -> str:
    # numba looks only at the file of the outermost function; a change in a kernel that it calls would go unseen.
    # So every change to any kernel of a package, or to the numbers of the domain that they have inside, begins a new
    # cache; none of ours calls one outside its own package.
    content = hashlib.sha256(numba.__version__.encode())
    shared = (Path(__file__), Path(enums.__file__), Path(order_terms.__file__))
    for path in sorted({*package.glob("*.py"), *shared}):
        content.update(path.read_bytes())
    if _HERE not in (package, *package.parents):
        # A strategy that is compiled by itself calls kernels of ours.
        content.update(_digest(_HERE).encode())
    return content.hexdigest()[:16]


def cache_folder(package: Path = _HERE) -> Path:
    """Where compiled kernels are kept: beside the package, or where that is read-only, in the user's own cache.

    Never in a folder that others may write to: what is loaded from there is run.

    Args:
        package: folder of the kernels.
    """
    beside = package / "__pycache__"
    try:
        beside.mkdir(exist_ok=True)
        writable = os.access(beside, os.W_OK)
    except OSError:
        writable = False
    root = beside if writable else Path.home() / ".cache" / "tradewright" / package.name
    return root / f"numba-{_digest(package)}"


def kernel(function: F) -> F:
    """Compile on first use, or load what an earlier process compiled. The function may make arrays.

    No fastmath: money and matching must not depend on the compiler's mood. Division by zero gives infinity as numpy
    does, never an exception; kernels guard where it could matter.
    """
    return _compile(function, Whole, cache=True)


def entry_kernel(function: F) -> F:
    """A kernel that makes no arrays and is called from Python, not from kernels: its machine code is made once."""
    return _compile(function, Entry, cache=True, _nrt=False, no_cfunc_wrapper=True)


def apart_kernel(function: F) -> F:
    """A kernel that Python and users' strategies call: the code of those calls it, and has no copy of it.

    No kernel of ours that is kept on disk may call one.
    """
    return _compile(function, Apart, cache=True, _nrt=False, no_cfunc_wrapper=True)


def lean_kernel(function: F) -> F:
    """A kernel that makes no arrays: no reference counting, and always inlined into the kernel that calls it.

    A world is two dozen arrays. Counting them in and out of each small function costs 0.2 microseconds a call, handing
    them over by value about as much: a hundred times what the function itself does.

    Called from Python it runs as Python: a door of its own into machine code would double the work of the compiler.
    """
    return _part(function, forceinline=True)


def shared_kernel(function: F) -> F:
    """A lean kernel that is too large to be made part of each of its callers: it stays a call of its own."""
    return _part(function)


def part_kernel(function: F) -> F:
    """A lean kernel that few call: its source becomes part of theirs, and it is not compiled by itself."""
    return _part(function, inline="always")


def _part(function: F, **options: bool | str) -> F:
    return _compile(function, Part, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, **options)


def _compile(function: F, kind: type[CPUDispatcher], **options: bool | str) -> F:
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = before or str(cache_folder(Path(function.__code__.co_filename).parent))
    try:
        njit: Any = numba.njit
        compiled = njit(nogil=True, error_model="numpy", **options)(function)
    finally:
        settings.CACHE_DIR = before
    if isinstance(compiled, CPUDispatcher):  # and not the function itself, where compiling is turned off
        compiled.__class__ = kind
    return cast("F", compiled)
