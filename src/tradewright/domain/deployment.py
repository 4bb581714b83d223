"""Deployments: a strategy with its instruments, parameters, capital and risk, and whether it is to trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from tradewright.domain.errors import DataError
from tradewright.domain.mode import Mode

__all__ = ["Deployment", "DeploymentState", "DeploymentTerms", "MatchedBy", "Wanted", "terms_of"]

Wanted = Literal["running", "stopped"]
MatchedBy = Literal["engine", "venue"]
"""Who matches its orders: the engine in our own process, or the venue to which they are sent."""
DeploymentState = Literal["stopped", "starting", "running", "stopping", "failed"]
Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class DeploymentTerms:
    """What a deployment trades, and how.

    Args:
        strategy: its name.
        instruments: symbols.
        timeframe: of its bars; None is the strategy's.
        htf: higher timeframe; None is the strategy's.
        params: of the strategy.
        capital: at the start, quote currency.
        seed: of every random choice.
        risk: fields of `RiskSpec` that differ from the strategy's.
        limits: fields of `LimitSpec` that differ from the defaults.
        costs: fields of `CostSpec` that differ from the defaults.
        fills: fields of `FillSpec` that differ from the defaults.
        context: bars that the strategy is shown before the first that is traded.
        matched_by: who matches its orders.
        confirm_orders: what opens a position waits until a person confirms it.
        confirm_ttl_s: seconds after which what nobody confirmed is dropped.
    """

    strategy: str
    instruments: tuple[str, ...]
    timeframe: str | None = None
    htf: str | None = None
    params: Mapping[str, Value] = field(default_factory=dict)
    capital: float = 10_000.0
    seed: int = 1
    risk: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    costs: Mapping[str, Any] = field(default_factory=dict)
    fills: Mapping[str, Any] = field(default_factory=dict)
    context: int = 500
    matched_by: MatchedBy = "engine"
    confirm_orders: bool = False
    confirm_ttl_s: float = 120.0

    def as_plain(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self) | {"instruments": list(self.instruments)}


def terms_of(plain: Mapping[str, Any]) -> DeploymentTerms:
    """Read what `as_plain` wrote; a field that is not there yet has its default.

    Raises:
        DataError: it is none, or has a field that this version does not know.
    """
    known = {one.name for one in fields(DeploymentTerms)}
    if odd := sorted(set(plain) - known):
        raise DataError(f"terms of a deployment: {odd[0]} is not known to this version")
    try:
        return DeploymentTerms(**{**plain, "instruments": tuple(plain["instruments"])})
    except (KeyError, TypeError) as error:
        raise DataError(f"terms of a deployment cannot be read ({error!r})") from error


@dataclass(frozen=True, slots=True)
class Deployment:
    """One that is known, and what became of it.

    Args:
        name: of it.
        mode: whether with money.
        session: name of its session's journal; one that is begun anew gets another.
        terms: what it trades.
        wanted: whether it is to trade.
        origin: `api`, or `configuration`, whose words it follows.
        owner: who began it.
        revision: of everything above; counts up with each change.
        state: how it stands, as the process that trades says.
        detail: why, in words; empty where all is well.
        created: UTC ns.
        updated: UTC ns.
    """

    name: str
    mode: Mode
    session: str
    terms: DeploymentTerms
    wanted: Wanted = "stopped"
    origin: Literal["api", "configuration"] = "api"
    owner: str = ""
    revision: int = 1
    state: DeploymentState = "stopped"
    detail: str = ""
    created: int = 0
    updated: int = 0
