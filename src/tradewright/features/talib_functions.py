"""TA-Lib behind one door: the only place that imports it, and only once it is asked for (its import takes 0.2 s)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.errors import InvalidValue
from tradewright.features.parameters import AVERAGES, Value

__all__ = ["arguments", "columns", "has_talib", "stream_of", "talib_name"]


@cache
def _library() -> Any:
    import talib  # noqa: PLC0415 - it imports polars and pandas where they are; most runs need none of the three

    return talib


def has_talib() -> bool:
    """True where TA-Lib is installed."""
    try:
        _library()
    except ImportError:
        return False
    return True


def talib_name(name: str) -> str:
    """What TA-Lib calls it: RSI, CDL3BLACKCROWS."""
    return name.replace("_", "").upper() if name.startswith("cdl_") else name.upper()


def arguments(values: Sequence[Value]) -> list[float]:
    """Parameters as TA-Lib takes them: kinds of average by number."""
    return [AVERAGES[value] if isinstance(value, str) else value for value in values]


def _function(name: str, home: str | None = None) -> Callable[..., Any]:
    try:
        library = _library()
    except ImportError as absent:
        allowed = "an indicator that needs no TA-Lib, or install the package TA-Lib"
        raise InvalidValue("indicator", name, allowed) from absent
    return getattr(getattr(library, home) if home else library, talib_name(name))  # type: ignore[no-any-return]


def columns(name: str, values: Sequence[Value], inputs: Sequence[NDArray[np.float64]]) -> list[NDArray[Any]]:
    """What TA-Lib gives for these columns, which must hold finite numbers only.

    Raises:
        InvalidValue: TA-Lib is not installed, or these parameters do not go together.
    """
    function = _function(name)
    try:
        found = function(*inputs, *arguments(values))
    except Exception as refused:
        # It raises bare exceptions; inputs were checked before, so these are refused parameters.
        raise InvalidValue(name, tuple(values), f"parameters that go together ({refused})") from refused
    return list(found) if isinstance(found, tuple) else [found]


def stream_of(name: str, values: Sequence[Value], history: Sequence[NDArray[np.float64]]) -> Any:
    """A handle of TA-Lib that goes on from this history, or None where that is too short."""
    opened = _function(name, "stream")
    try:
        return opened(*history, *arguments(values))
    except _library().InsufficientHistory:
        return None
