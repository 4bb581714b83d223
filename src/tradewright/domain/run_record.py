"""A run's description as it was written, read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tradewright.domain.errors import InvalidValue, UnknownName
from tradewright.domain.limits import LimitSpec
from tradewright.domain.run import CostSpec, FillSpec, RiskSpec, RunSpec
from tradewright.domain.team import Member

__all__ = ["run_spec", "typed_fields"]

_PARTS = {"costs": CostSpec, "risk": RiskSpec, "fills": FillSpec, "limits": LimitSpec}


def run_spec(data: Mapping[str, Any]) -> RunSpec:
    """Read what `RunSpec.as_dict` wrote.

    Raises:
        InvalidValue: a field is unknown, missing, or has a value that is not allowed.
    """
    known = set(RunSpec.__dataclass_fields__)
    if odd := sorted((set(data) ^ known) - {"team"}):
        raise InvalidValue("spec", odd[0], f"exactly {', '.join(sorted(known))}")
    try:
        parts: dict[str, Any] = {name: kind(**data[name]) for name, kind in _PARTS.items()}
        parts["params"] = tuple(sorted(data["params"].items()))
        parts["instruments"] = tuple(data["instruments"])
        parts["team"] = tuple(_member(row) for row in data.get("team", ()))
        return RunSpec(**{**data, **parts})
    except (TypeError, AttributeError) as error:
        raise InvalidValue("spec", str(error), "the fields of a run's description") from None


def _member(row: Mapping[str, Any]) -> Member:
    pairs = {name: tuple(row[name].items()) for name in ("params", "risk", "limits")}
    return Member(**{**row, **pairs, "instruments": tuple(row["instruments"])})


def typed_fields(part: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Read values of a part of a run's description from text.

    Args:
        part: `costs`, `risk`, `fills` or `limits`.
        texts: by name of the field.

    Raises:
        UnknownName: the part has no such field.
        InvalidValue: a text is none of the field's type.

    Example:
        >>> typed_fields("risk", {"size": "0.005", "require_stop": "false"})
        {'size': 0.005, 'require_stop': False}
    """
    defaults = {item.name: item.default for item in fields(_PARTS[part])}
    found: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in defaults:
            raise UnknownName(f"field of {part}", name, defaults)
        found[name] = _typed(f"{part}.{name}", text, defaults[name])
    return found


def _typed(name: str, text: str, default: object) -> Any:
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text not in _SAID:
            raise InvalidValue(name, text, "true or false")
        return _SAID[text]
    kind = int if isinstance(default, int) else float
    try:
        return kind(text)
    except ValueError:
        raise InvalidValue(name, text, "a whole number" if kind is int else "a number") from None


_SAID = {"true": True, "false": False}
