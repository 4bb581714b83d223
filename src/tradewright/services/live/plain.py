"""Values of the domain as plain data for a journal, and back: every field by its name, exact numbers as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tradewright.domain import account, orders, user_events
from tradewright.domain.errors import DataError, InvalidValue

__all__ = ["as_plain", "from_plain"]

_KIND = "is"
_KNOWN: dict[str, type] = {
    name: getattr(module, name)
    for module in (account, orders, user_events)
    for name in module.__all__
    if isinstance(getattr(module, name), type) and is_dataclass(getattr(module, name))
}


def as_plain(value: Any) -> Any:
    """What JSON can hold of a value of `domain.orders`, `domain.account` or `domain.user_events`.

    Example:
        >>> as_plain(orders.OrderRef("BTC/USDT:USDT", "tw-1"))["client_id"]
        'tw-1'
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {_KIND: type(value).__name__} | {one.name: as_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    return value


def from_plain(data: Any) -> Any:
    """Read what `as_plain` wrote of a dataclass.

    Raises:
        DataError: it is none, or a field is missing, odd, or not what it must be.
    """
    if not isinstance(data, Mapping) or data.get(_KIND) not in _KNOWN:
        raise DataError(f"{data!r} is none of {', '.join(sorted(_KNOWN))}")
    kind = _KNOWN[str(data[_KIND])]
    hints = _hints(kind)
    given = {name: value for name, value in data.items() if name != _KIND}
    if odd := sorted(set(given) - set(hints)):
        raise DataError(f"{odd[0]}: no field of {kind.__name__}")
    try:
        return kind(**{name: _read(value, hints[name]) for name, value in given.items()})
    except (TypeError, ValueError, InvalidOperation, InvalidValue) as error:
        raise DataError(f"{kind.__name__} cannot be read ({error})") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in {one.name for one in fields(kind)}}


def _read(value: Any, hint: Any) -> Any:
    origin = get_origin(hint)
    if isinstance(value, Mapping):
        return from_plain(value)
    if value is None or origin is Literal:
        return value
    if origin in (Union, UnionType):
        return _read(value, next(one for one in get_args(hint) if one is not type(None)))
    if origin is tuple:
        return tuple(_read(item, get_args(hint)[0]) for item in value)
    is_made = hint is Decimal or (isinstance(hint, type) and issubclass(hint, Enum))
    return hint(value) if is_made else value
