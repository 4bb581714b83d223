"""Types of columns that mean the same in both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, Numeric, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["Exact", "Flag", "Instant", "Plain"]

Instant = BigInteger
"""A time, UTC ns."""


class Exact(TypeDecorator[Decimal]):
    """A decimal that comes back digit for digit: SQLite's numbers are binary floats, so that it is text there.

    A number that was written as a float is refused: its digits would be invented.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """See `TypeDecorator`."""
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """See `TypeDecorator`.

        Raises:
            TypeError: it is no decimal.
            ValueError: it is not finite.
        """
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"{value!r} is no exact decimal")
        if not value.is_finite():
            raise ValueError(f"{value!r} is not finite")
        return value if dialect.name == "postgresql" else format(value, "f")

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None] | None:
        """See `TypeDecorator`; a server's driver gives decimals itself, and thousands of values are read in a go."""
        del coltype
        return None if dialect.name == "postgresql" else _decimal


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class Flag(TypeDecorator[bool]):
    """Yes or no, as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        """See `TypeDecorator`."""
        del dialect
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """See `TypeDecorator`."""
        del dialect
        return None if value is None else bool(value)


class Plain(TypeDecorator[Any]):
    """Plain data as JSON, in the same letters in both databases, so that a digest of it is one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """See `TypeDecorator`."""
        del dialect
        return None if value is None else json.dumps(value, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """See `TypeDecorator`."""
        del dialect
        return None if value is None else json.loads(value)
