"""What an indicator may be asked: lengths, numbers and kinds of average, each with its bounds, and warm-ups.

A warm-up is written as a formula over the parameters (`slow + signal - 2`), so that the page which documents it and
the code which uses it cannot disagree.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tradewright.domain.errors import InvalidValue

__all__ = ["AVERAGES", "Parameter", "Value", "average", "number", "warmup", "whole"]

Value = int | float | str

# Kinds of average by the number that TA-Lib gives them, and the first row at which each has a value.
AVERAGES = {
    "sma": 0, "ema": 1, "wma": 2, "dema": 3, "tema": 4, "trima": 5, "kama": 6, "mama": 7, "t3": 8, "hma": 9,
    "zlema": 12, "rma": 13,
}  # fmt: skip
_FIRST: dict[str, Callable[[int], int]] = {
    "dema": lambda n: 2 * (n - 1),
    "tema": lambda n: 3 * (n - 1),
    "kama": lambda n: n,
    "mama": lambda n: 32,  # noqa: ARG005 - it adapts by itself and takes no length
    "t3": lambda n: 6 * (n - 1),
    "hma": lambda n: n + math.isqrt(n) - 2,
    "zlema": lambda n: n - 1 + (n - 1) // 2,
}
LONGEST = 100_000


class Parameter(NamedTuple):
    """One thing an indicator is told.

    Attributes:
        name: as it is written in a call.
        default: taken where nothing is given; its type is the parameter's.
        least: smallest value allowed.
        most: greatest value allowed.
    """

    name: str
    default: Value
    least: float = -math.inf
    most: float = math.inf

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if isinstance(self.default, str):
            return "one of " + ", ".join(AVERAGES)
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        if math.isinf(self.least) and math.isinf(self.most):
            return f"{kind} that is finite"
        return f"{kind} of at least {self.least:g}" if math.isinf(self.most) else f"{kind} {self._span}"

    @property
    def _span(self) -> str:
        return f"from {self.least:,.16g} to {self.most:,.16g}"

    def check(self, value: object) -> Value:
        """The value as the arithmetic wants it.

        Raises:
            InvalidValue: it is of another kind or out of bounds.
        """
        if isinstance(self.default, str):
            if value not in AVERAGES:
                raise InvalidValue(self.name, value, self.allowed)
            return str(value)
        try:
            found = float(value)  # type: ignore[arg-type] # what is no number is refused below
        except (TypeError, ValueError, OverflowError):
            found = math.nan
        whole = not isinstance(self.default, int) or found.is_integer()
        if isinstance(value, bool | str) or not whole or not (self.least <= found <= self.most) or math.isinf(found):
            raise InvalidValue(self.name, value, self.allowed)
        return int(found) if isinstance(self.default, int) else found


def whole(name: str, default: int, least: int = 2) -> Parameter:
    """A number of bars, up to 100,000, the most that TA-Lib takes."""
    return Parameter(name, default, least, LONGEST)


def number(name: str, default: float, least: float = -math.inf, most: float = math.inf) -> Parameter:
    """Any number in its bounds."""
    return Parameter(name, default, least, most)


def average(name: str, default: str) -> Parameter:
    """A kind of moving average, by its name."""
    return Parameter(name, default)


def _first_of(n: int, kind: str) -> int:
    if n == 1:
        return 0
    return _FIRST[kind](n) if kind in _FIRST else n - 1


_CALLS: dict[str, Callable[..., int]] = {
    "max": max,
    "min": min,
    "isqrt": math.isqrt,
    "ma": _first_of,
}
_SIGNS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def warmup(formula: str, values: Mapping[str, Value]) -> int:
    """The first row that has a value, from its formula and the parameters."""

    def value(node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | str() as given):
                return given
            case ast.Name(id=name):
                return values[name]
            case ast.BinOp(left, sign, right):
                return _SIGNS[type(sign)](int(value(left)), int(value(right)))
            case ast.Call(ast.Name(id=name), arguments):
                return _CALLS[name](*map(value, arguments))
        raise NotImplementedError(ast.unparse(node))

    return int(value(ast.parse(formula, mode="eval").body))
