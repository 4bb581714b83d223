"""Parameters of features and the ranges they must lie in."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np

from tradewright.domain.errors import InvalidValue

__all__ = ["number", "whole"]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def number(field: str, value: object, low: float, high: float) -> float:
    """The value, if it is a number in its range.

    Raises:
        InvalidValue: it is not; names field, value and range.

    Example:
        >>> number("reversal", 2, 0.1, 100.0)
        2.0
    """
    if not _is_number(value) or not low <= value <= high:
        raise InvalidValue(field, value, f"a number from {low:g} to {high:g}")
    return float(value)


def whole(field: str, value: object, low: int, high: int) -> int:
    """The value, if it is a whole number in its range.

    Raises:
        InvalidValue: it is not; names field, value and range.

    Example:
        >>> whole("most", 200, 1, 10_000)
        200
    """
    if not _is_number(value) or not low <= value <= high or int(value) != value:
        raise InvalidValue(field, value, f"a whole number from {low} to {high}")
    return int(value)
