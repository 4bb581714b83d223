"""Kinds of fields that many requests have, each with its bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

from tradewright.api.forms import FRAME, SYMBOL, VENUE

__all__ = [
    "FrameName",
    "Moment",
    "ResultId",
    "Sent",
    "SymbolName",
    "Tag",
    "Value",
    "VenueName",
    "Word",
    "maybe_ns",
    "ns_of",
    "schema_of",
    "some_of",
]

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_WHOLE = 2**53
_NS = 1_000_000_000


class Sent(BaseModel):
    """What is sent to us: exactly the fields that are known, and no number that is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _in_bounds(moment: datetime) -> datetime:
    whole = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not _FIRST <= whole < _LAST:
        raise ValueError("a time from 1970 to 2199")
    return whole


Word = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9 _./:+-]*$")]
Tag = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\s,][^,\r\n\t]*$", examples=["keep"])]
SymbolName = Annotated[
    str, Field(min_length=2, max_length=62, pattern=SYMBOL, examples=["BTCUSDT", "BTC/USDT", "BTC/USDT:USDT"])
]  # fmt: skip
VenueName = Annotated[str, Field(pattern=VENUE, examples=["binance"])]
FrameName = Annotated[str, Field(pattern=FRAME, examples=["1h"])]
ResultId = Annotated[str, Field(pattern=r"^[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$", examples=["20261121-101530-3f9a"])]
Moment = Annotated[datetime, AfterValidator(_in_bounds)]
"""A time; without an offset it is UTC."""
Value = bool | Annotated[int, Field(ge=-_WHOLE, le=_WHOLE)] | float | Annotated[str, Field(max_length=200)]
"""Of a strategy's parameter."""


def ns_of(moment: datetime) -> int:
    """A time as UTC ns."""
    delta = moment - _FIRST
    return (delta.days * 86_400 + delta.seconds) * _NS + delta.microseconds * 1_000


def maybe_ns(moment: datetime | None) -> int | None:
    """The same, of a time that may be left out."""
    return None if moment is None else ns_of(moment)


@cache
def _some(kind: type) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (hint | None, None) for name, hint in get_type_hints(kind).items()}
    return create_model(kind.__name__, __base__=Sent, **fields)


def some_of(kind: type) -> BeforeValidator:
    """Checks names and types of some fields of a dataclass; their values are left to the dataclass itself."""

    def checked(given: Any) -> dict[str, Any]:
        return _some(kind).model_validate(given).model_dump(exclude_none=True)

    return BeforeValidator(checked)


def schema_of(kind: type) -> WithJsonSchema:
    """The schema of some fields of a dataclass."""
    schema = _some(kind).model_json_schema()
    schema.pop("title")
    for one in schema["properties"].values():
        one.pop("title", None)
        one.pop("default", None)
    return WithJsonSchema(schema)
