"""Strategies, as they are answered."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from tradewright.api.models.desk import DeploymentName
from tradewright.api.models.plain import FrameName, Sent, SymbolName, Value, VenueName, Word
from tradewright.strategy.card import ParamCard, StrategyCard

__all__ = [
    "ActivateIn",
    "Activated",
    "BrokenOut",
    "CheckIn",
    "CodeOut",
    "ParamOut",
    "SchemaOut",
    "StrategyList",
    "StrategyOut",
]

Origin = Literal["built_in", "yours", "installed"]
_TYPES = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}


class ParamOut(BaseModel):
    """A parameter."""

    name: str = Field(examples=["fast"])
    type: Literal["int", "float", "bool", "str"]
    default: int | float | bool | str
    allowed: str = Field(description="What may be given, in words.")
    doc: str
    low: float | None
    high: float | None
    choices: list[str]

    @classmethod
    def of(cls, card: ParamCard) -> Self:
        """A parameter as an answer."""
        return cls.model_validate({name: getattr(card, name) for name in cls.model_fields} | {
            "choices": list(card.choices)})  # fmt: skip


class StrategyOut(BaseModel):
    """What a strategy says of itself."""

    name: str = Field(examples=["simple_test"])
    version: str
    summary: str
    doc: str
    origin: Origin
    file: str = Field(description="Name of its file.")
    ltf: str = Field(description="Timeframe that it trades.", examples=["1h"])
    htf: str | None = Field(description="Timeframe that gives it context.")
    paths: list[str] = Field(description="`signals`, `on_bar` or both.")
    risk: dict[str, Any] = Field(description="What it changes of the usual rules.")
    params: list[ParamOut]

    @classmethod
    def of(cls, card: StrategyCard, origin: Origin) -> Self:
        """A strategy as an answer; where on the disk it lies is nobody's business."""
        plain = ("name", "version", "summary", "doc", "ltf", "htf", "risk")
        return cls(
            **{name: getattr(card, name) for name in plain}, origin=origin, file=card.file.rpartition("/")[2],
            paths=list(card.paths), params=[ParamOut.of(one) for one in card.params],
        )  # fmt: skip


class BrokenOut(BaseModel):
    """A plug-in that cannot be used."""

    name: str
    file: str
    line: int
    reason: str


class StrategyList(BaseModel):
    """All strategies, by name."""

    items: list[StrategyOut]
    broken: list[BrokenOut]


class SchemaOut(BaseModel):
    """What a form for a strategy needs."""

    name: str
    version: str
    parameters: dict[str, Any] = Field(description="JSON Schema (2020-12) of its parameters.")
    presets: dict[str, dict[str, Any]] = Field(description="Named sets of values.")
    timeframes: dict[str, str] = Field(description="Timeframe to its role.", examples=[{"15m": "LTF", "4h": "HTF"}])
    risk: dict[str, Any]

    @classmethod
    def of(cls, card: StrategyCard) -> Self:
        """The schema of a strategy's parameters."""
        parameters = {
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": {one.name: _property(one) for one in card.params}, "additionalProperties": False,
        }  # fmt: skip
        frames = {card.ltf: "LTF"} | ({card.htf: "HTF"} if card.htf else {})
        return cls(name=card.name, version=card.version, parameters=parameters, timeframes=frames, risk=card.risk,
                   presets={"default": {one.name: one.default for one in card.params}})  # fmt: skip


def _property(card: ParamCard) -> dict[str, Any]:
    own: dict[str, Any] = {"type": _TYPES[card.type], "default": card.default, "description": card.doc}
    if card.choices:
        own["enum"] = list(card.choices)
    bounds = (("minimum", card.low), ("maximum", card.high))
    return own | {name: value for name, value in bounds if value is not None}


class CodeOut(BaseModel):
    """A strategy's code, to be read."""

    name: str
    file: str
    text: str
    sha256: str


class CheckIn(Sent):
    """On what a strategy is to be checked; without a symbol, on a made-up market."""

    params: dict[Word, Value] = Field(default={}, max_length=200)
    symbol: SymbolName | None = None
    venue: VenueName | None = None
    timeframe: FrameName | None = None
    seed: int = Field(1, ge=0, le=2**31)
    priority: int = Field(6, ge=0, le=9)


class ActivateIn(Sent):
    """Which strategy is to be traded."""

    strategy: Word = Field(description="Its name, in any case.", examples=["smc"])
    params: dict[Word, Value] = Field(default={}, max_length=200, description="What is left out has its default.")
    deployment: DeploymentName | None = Field(None, description="By whom; the simulation.")


class Activated(BaseModel):
    """What is traded now."""

    deployment: str
    strategy: str
    params: dict[str, Any]
    running: bool = Field(description="Whether the deployment is to trade.")
