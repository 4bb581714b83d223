"""Deployments and their terms, as requests and answers hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tradewright.domain.deployment import Deployment, DeploymentState, DeploymentTerms, MatchedBy, Wanted
from tradewright.domain.mode import Mode

__all__ = ["DeploymentName", "DeploymentView", "Symbol", "TermsModel", "Values", "Wishes", "Word", "moment",
           "view_of"]  # fmt: skip

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
DeploymentName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}/[A-Za-z0-9]{1,20}(:[A-Za-z0-9]{1,20})?$")]
Frame = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}[smhdwM]$")]
_Text = Annotated[str, StringConstraints(max_length=64, pattern=r"^[ -~]*$")]
_Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
_Whole = Annotated[int, Field(ge=-(10**12), le=10**12)]
_Value = bool | _Whole | _Number | _Text
Values = Annotated[dict[Word, _Value], Field(max_length=64)]


class TermsModel(BaseModel):
    """What a deployment trades, and how; what is left out is the strategy's or the configuration's."""

    model_config = ConfigDict(extra="forbid")

    strategy: Word = Field(description="Name; see GET /strategies.", examples=["ma_crossover"])
    instruments: list[Symbol] = Field(
        min_length=1, max_length=50, description="Symbols.", examples=[["BTC/USDT:USDT", "ETH/USDT:USDT"]]
    )
    timeframe: Frame | None = Field(None, description="Of its bars.", examples=["1m"])
    htf: Frame | None = Field(None, description="Higher timeframe, for context.", examples=["1h"])
    params: Values = Field(default_factory=dict, description="Of the strategy.", examples=[{"fast": 10, "slow": 30}])
    capital: Decimal | None = Field(
        None, ge=Decimal("0.01"), le=10**12, description="At the start, quote currency.", examples=["10000"]
    )
    seed: int | None = Field(None, ge=0, le=2**31, description="Of every random choice.", examples=[1])
    risk: Values = Field(default_factory=dict, description="Sizing and rules.", examples=[{"size": 0.01}])
    limits: Values = Field(default_factory=dict, description="On entries.", examples=[{"max_day_loss": 0.02}])
    costs: Values = Field(default_factory=dict, description="Beyond fees.", examples=[{"slippage_bps": 2}])
    fills: Values = Field(default_factory=dict, description="Assumptions.", examples=[{}])
    context: int | None = Field(
        None, ge=1, le=20_000, description="Bars that the strategy is shown before the first.", examples=[500]
    )
    matched_by: MatchedBy | None = Field(
        None, description="`engine`: here, on paper; `venue`: orders are sent to it.", examples=["engine"]
    )
    confirm_orders: bool | None = Field(
        None, description="A person confirms what opens a position; as configured.", examples=[False]
    )
    confirm_ttl_s: float | None = Field(
        None, ge=1, le=86_400, description="Seconds after which what nobody confirmed is dropped.", examples=[120]
    )

    def terms(self, mode: Mode, usual: dict[str, Any]) -> DeploymentTerms:
        """As the desk takes them.

        Args:
            mode: of the deployment.
            usual: what stands where nothing is said.
        """
        said = {name: value for name, value in self.model_dump().items() if value is not None}
        if self.capital is not None:
            said["capital"] = float(self.capital)
        for part in ("risk", "limits", "costs", "fills"):
            said[part] = {**usual.get(part, {}), **said[part]}
        matched = "venue" if mode == "live" else "engine"
        whole = {"matched_by": matched, **usual, **said, "instruments": tuple(self.instruments)}
        return DeploymentTerms(**whole)


class TermsView(BaseModel):
    """What a deployment trades, and how."""

    strategy: str = Field(examples=["ma_crossover"])
    instruments: list[str] = Field(examples=[["BTC/USDT:USDT"]])
    timeframe: str | None = Field(description="null is the strategy's.", examples=["1m"])
    htf: str | None = Field(examples=[None])
    params: dict[str, Any] = Field(examples=[{"fast": 10, "slow": 30}])
    capital: Decimal = Field(examples=["10000"])
    seed: int = Field(examples=[1])
    risk: dict[str, Any] = Field(examples=[{"size": 0.01}])
    limits: dict[str, Any] = Field(examples=[{}])
    costs: dict[str, Any] = Field(examples=[{}])
    fills: dict[str, Any] = Field(examples=[{}])
    context: int = Field(examples=[500])
    matched_by: MatchedBy = Field(examples=["engine"])
    confirm_orders: bool = Field(examples=[False])
    confirm_ttl_s: float = Field(examples=[120])


Wishes = Annotated[
    list[int],
    Field(description="Numbers of what was asked of its session; GET /deployments/{name}/answer tells what became of "
          "them."),
]  # fmt: skip


class DeploymentView(BaseModel):
    """A deployment, and what became of it."""

    name: str = Field(examples=["trend"])
    mode: Mode = Field(examples=["simulation"])
    session: str = Field(description="Name of its session's journal.", examples=["trend"])
    wanted: Wanted = Field(description="Whether it is to trade.", examples=["running"])
    state: DeploymentState = Field(description="How it stands, as the process that trades says.", examples=["running"])
    detail: str = Field(description="Why, in words.", examples=[""])
    origin: Literal["api", "configuration"] = Field(
        description="`configuration`: the file says what it trades.", examples=["api"]
    )
    owner: str = Field(description="Who said last what is wanted.", examples=["mary"])
    revision: int = Field(description="Counts its changes.", examples=[3])
    created: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    updated: datetime = Field(examples=["2026-11-22T10:00:00Z"])
    terms: TermsView
    wishes: Wishes = Field(examples=[[]])


def moment(ts: int) -> datetime:
    """UTC ns as a time."""
    return datetime.fromtimestamp(ts / 1e9, UTC)


def view_of(one: Deployment, wishes: Sequence[int] = ()) -> DeploymentView:
    """A deployment as it is answered, with what was just asked of it."""
    plain = one.terms.as_plain()
    return DeploymentView(
        name=one.name, mode=one.mode, session=one.session, wanted=one.wanted, state=one.state, detail=one.detail,
        origin=one.origin, owner=one.owner, revision=one.revision, created=moment(one.created),
        updated=moment(one.updated), terms=TermsView(**{**plain, "capital": Decimal(repr(plain["capital"]))}),
        wishes=list(wishes),
    )  # fmt: skip


class SimulationSettings(BaseModel):
    """What the simulation trades, and how. In a request, what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    strategy: Word | None = Field(None, description="Name.", examples=["ma_crossover"])
    instruments: list[Symbol] | None = Field(
        None, min_length=1, max_length=50, description="Symbols; at first, the pairs that are active.",
        examples=[["BTC/USDT:USDT"]],
    )  # fmt: skip
    timeframe: Frame | None = Field(None, description="Of its bars.", examples=["1m"])
    params: Values | None = Field(None, description="Of the strategy.", examples=[{"fast": 10, "slow": 30}])
    initial_balance: Decimal | None = Field(
        None, ge=Decimal("0.01"), le=10**12, description="Quote currency at the start.", examples=["10000"]
    )
    commission: float | None = Field(
        None, ge=0, le=0.1, description="Of each fill, a fraction; null is the instrument's own.", examples=[0.0004]
    )
    slippage_bps: float | None = Field(None, ge=0, le=1_000, description="Of what takes.", examples=[1.0])
    risk: Values | None = Field(None, description="Sizing and rules.", examples=[{"size": 0.01}])
    limits: Values | None = Field(None, description="On entries.", examples=[{"max_day_loss": 0.02}])
    matched_by: MatchedBy | None = Field(
        None, description="`engine`: here; `venue`: by the practice exchange.", examples=["engine"]
    )
    confirm_orders: bool | None = Field(None, description="A person confirms what opens.", examples=[False])
    confirm_ttl_s: float | None = Field(
        None, ge=1, le=86_400, description="Seconds after which what nobody confirmed is dropped.", examples=[120]
    )

    def said(self) -> dict[str, Any]:
        """What is said, by the names of terms."""
        names = ("strategy", "timeframe", "params", "risk", "limits", "matched_by", "confirm_orders", "confirm_ttl_s")
        said = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        if self.instruments is not None:
            said["instruments"] = tuple(self.instruments)
        if self.initial_balance is not None:
            said["capital"] = float(self.initial_balance)
        costs = {"slippage_bps": self.slippage_bps, "taker_fee": self.commission, "maker_fee": self.commission}
        if given := {name: value for name, value in costs.items() if value is not None}:
            said["costs"] = given
        return said


class SimulationView(SimulationSettings):
    """What the simulation trades, and how."""

    @classmethod
    def of(cls, terms: DeploymentTerms) -> SimulationView:
        """Terms as settings."""
        return cls(
            strategy=terms.strategy, instruments=list(terms.instruments), timeframe=terms.timeframe,
            params=dict(terms.params), initial_balance=Decimal(repr(terms.capital)),
            commission=terms.costs.get("taker_fee"), slippage_bps=terms.costs.get("slippage_bps"),
            risk=dict(terms.risk), limits=dict(terms.limits), matched_by=terms.matched_by,
            confirm_orders=terms.confirm_orders, confirm_ttl_s=terms.confirm_ttl_s,
        )  # fmt: skip


class SimulationState(BaseModel):
    """How the simulation stands."""

    status: DeploymentState = Field(examples=["running"])
    is_running: bool = Field(examples=[True])
    detail: str = Field(description="Why, in words.", examples=[""])
    session: str | None = Field(description="null before it was ever started.", examples=["simulation"])
    exchange: str = Field(examples=["practice"])
    initial_balance: Decimal = Field(examples=["10000"])
    equity: Decimal | None = Field(description="null before its first bar.", examples=["10131.25"])
    bars: int = Field(description="That it has played.", examples=[120])
    paused: bool = Field(examples=[False])
    halted: str = Field(description="Why nothing may be opened; empty while all is well.", examples=[""])
    settings: SimulationView


class BotState(BaseModel):
    """How the whole desk stands."""

    status: Literal["running", "stopped"] = Field(examples=["running"])
    is_trading: bool = Field(description="Whether the process that trades gives signs of life.", examples=[True])
    running: list[str] = Field(description="Deployments that trade.", examples=[["simulation"]])
    wanted: list[str] = Field(description="Deployments that are to trade.", examples=[["simulation"]])
    failed: list[str] = Field(description="Deployments that failed; see their `detail`.", examples=[[]])
