"""What a strategy says of itself, read from its own code."""

from __future__ import annotations

import inspect
from dataclasses import asdict, dataclass
from typing import Any

from tradewright.strategy.param import ParamSpec
from tradewright.strategy.strategy import Strategy

__all__ = ["ParamCard", "StrategyCard", "card_of"]


@dataclass(frozen=True, slots=True)
class ParamCard:
    """One parameter, as shown to users.

    Args:
        name: as in `--set name=value`.
        type: `int`, `float`, `bool` or `str`.
        default: its value where none is given.
        allowed: what may be given, in words.
        doc: what it means.
        low: least value, or None.
        high: greatest value, or None.
        choices: what a str may be.
    """

    name: str
    type: str
    default: int | float | bool | str
    allowed: str
    doc: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrategyCard:
    """A strategy's documentation.

    Args:
        name: registered name.
        version: its own.
        summary: first line of the docstring.
        doc: the whole docstring.
        file: where its code stands.
        ltf: timeframe that it is made for.
        htf: higher timeframe that it needs, or None.
        paths: `signals`, `on_bar` or both.
        risk: what it changes of the default risk rules.
        params: its parameters, in the order of its code.
    """

    name: str
    version: str
    summary: str
    doc: str
    file: str
    ltf: str
    htf: str | None
    paths: tuple[str, ...]
    risk: dict[str, Any]
    params: tuple[ParamCard, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def card_of(strategy: type[Strategy], file: str) -> StrategyCard:
    """Read the card of a strategy class.

    Args:
        strategy: the class.
        file: where its code stands.
    """
    doc = inspect.cleandoc(strategy.__doc__ or "")
    offered = {"signals": strategy.has_signals, "on_bar": strategy.has_on_bar}
    return StrategyCard(
        name=strategy.name,
        version=strategy.version,
        summary=doc.partition("\n")[0],
        doc=doc,
        file=file,
        ltf=strategy.ltf,
        htf=strategy.htf,
        paths=tuple(path for path, is_offered in offered.items() if is_offered),
        risk=dict(strategy.risk),
        params=tuple(_param_card(spec) for spec in strategy.param_specs.values()),
    )


def _param_card(spec: ParamSpec) -> ParamCard:
    return ParamCard(
        spec.name, spec.type.__name__, spec.default, spec.allowed, spec.doc, spec.low, spec.high, spec.choices
    )
