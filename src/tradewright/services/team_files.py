"""A team as a file: who trades what, with which share, by which rules; TOML, each error with its place in the file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradewright.domain.errors import InvalidValue
from tradewright.strategy.param import Value

__all__ = ["MemberRequest", "read_team"]

_TABLES = ("params", "risk", "limits")


@dataclass(frozen=True, slots=True)
class MemberRequest:
    """A member as a user asks for it; what is left out is taken from the strategy or the account.

    Args:
        name: by which results speak of it.
        strategy: name of a strategy.
        instruments: symbols.
        share: part of the balance.
        htf: higher timeframe; None takes the strategy's.
        params: strategy parameters.
        risk: fields of `RiskSpec` of its own.
        limits: fields of `LimitSpec` of its own.
    """

    name: str
    strategy: str
    instruments: tuple[str, ...]
    share: float
    htf: str | None = None
    params: Mapping[str, Value] = field(default_factory=dict)
    risk: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)


def read_team(path: Path) -> tuple[MemberRequest, ...]:
    """Read a file of `[[member]]` tables.

    Raises:
        InvalidValue: the file is absent or no TOML, or a field is missing, unknown or of another type.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidValue("--team", str(path), f"a file that can be read ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidValue("--team", str(path), f"a file in TOML ({error})") from None
    if odd := sorted(set(content) - {"member"}):
        raise InvalidValue(f"{path.name}: {odd[0]}", content[odd[0]], "tables [[member]] alone")
    rows = content.get("member")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InvalidValue(f"{path.name}: member", rows, "a table [[member]] for each strategy")
    return tuple(_member(row, f"{path.name}: member {place}") for place, row in enumerate(rows, start=1))


def _member(row: dict[str, Any], where: str) -> MemberRequest:
    known = MemberRequest.__dataclass_fields__
    for name, value in row.items():
        if name not in known:
            raise InvalidValue(f"{where}: {name}", value, f"one of {', '.join(known)}")
    for name in ("name", "strategy", "instruments", "share"):
        if name not in row:
            raise InvalidValue(f"{where}: {name}", None, "it: every member has one")
    for name in ("name", "strategy", "htf"):
        _check(row, name, str, where, "text in quotes")
    for name in _TABLES:
        _check(row, name, dict, where, f"a table [member.{name}]")
    _check(row, "instruments", list, where, "a list of symbols")
    if not all(isinstance(symbol, str) for symbol in row["instruments"]):
        raise InvalidValue(f"{where}: instruments", row["instruments"], "a list of symbols")
    if isinstance(row["share"], bool) or not isinstance(row["share"], int | float):
        raise InvalidValue(f"{where}: share", row["share"], "a number above 0, at most 1")
    return MemberRequest(**row | {"instruments": tuple(row["instruments"]), "share": float(row["share"])})


def _check(row: dict[str, Any], name: str, kind: type, where: str, allowed: str) -> None:
    if name in row and not isinstance(row[name], kind):
        raise InvalidValue(f"{where}: {name}", row[name], allowed)
