"""The frozen description of a run, and what it gave."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, get_args

from tradewright.domain.costs import CostSpec, SlippageName, SpreadName, check_number
from tradewright.domain.errors import InvalidValue
from tradewright.domain.limits import LimitSpec
from tradewright.domain.team import Member, check_currencies, check_mode, check_team, with_members

__all__ = [
    "AmbiguityName",
    "CostSpec",
    "FillSpec",
    "LimitFillName",
    "MarginName",
    "MarkName",
    "ResultWarning",
    "RiskSpec",
    "RunResult",
    "RunSpec",
    "SelfTradeName",
    "SlippageName",
    "SpreadName",
    "TriggerName",
]

SizingName = Literal["risk_fraction", "equity_fraction", "fixed_notional", "fixed_quantity", "kelly", "optimal_f"]
OppositeName = Literal["ignore", "close", "reverse"]
TargetName = Literal["market", "limit"]
TriggerName = Literal["last", "mark"]
LimitFillName = Literal["through", "touch", "prob"]
MarketPriceName = Literal["auto", "last", "book"]
MarginName = Literal["cross", "isolated"]
MarkName = Literal["auto", "last", "recorded"]
SelfTradeName = Literal["expire_maker", "expire_taker", "expire_both", "none"]
PositionMode = Literal["one_way", "hedge"]
AmbiguityName = Literal["worst", "best", "ohlc", "olhc", "adaptive", "random", "subbar", "subbar_best"]


@dataclass(frozen=True, slots=True)
class FillSpec:
    """What is assumed where the data does not tell how an order fills.

    Args:
        ambiguity: what came first inside a bar: `worst` or `best` for the position, the path `ohlc` or `olhc`, the
            nearer extreme first (`adaptive`), the toss of a coin that follows the run's seed (`random`), or finer bars
            where they are stored (`subbar`; what they leave open is decided against the position, with `subbar_best`
            for it).
        participation: the share of a bar's volume that our orders of one side may fill; 0 knows no such limit.
        limit_fill: when a resting limit fills: the price goes `through` it by a tick, it may only `touch` it, or a coin
            decides whether a touch fills it (`prob`), one for each order and bar, which follows the run's seed.
        fill_chance: of that coin, from 0 to 1.
        latency_ms: from a decision to its arrival at the venue; on bars it arrives at the first open after that.
    """

    ambiguity: AmbiguityName = "worst"
    participation: float = 0.25
    limit_fill: LimitFillName = "through"
    fill_chance: float = 0.5
    latency_ms: float = 0.0

    @property
    def drills(self) -> bool:
        """Whether bars that leave a doubt are played on finer ones."""
        return self.ambiguity in ("subbar", "subbar_best")

    def __post_init__(self) -> None:
        allowed = get_args(AmbiguityName)
        if self.ambiguity not in allowed:
            raise InvalidValue("ambiguity", self.ambiguity, f"one of {', '.join(allowed)}")
        check_number("participation", self.participation, 0.0, 1.0, "a share from 0 (no limit) to 1")
        if self.limit_fill not in (ways := get_args(LimitFillName)):
            hint = " (bars show no queue; a book does)" if str(self.limit_fill) == "queue" else ""
            raise InvalidValue("limit_fill", self.limit_fill, f"one of {', '.join(ways)}{hint}")
        check_number("fill_chance", self.fill_chance, 0.0, 1.0, "a chance from 0 to 1")
        check_number("latency_ms", self.latency_ms, 0.0, 86_400_000.0, "milliseconds from 0 to 86400000 (a day)")


@dataclass(frozen=True, slots=True)
class RiskSpec:
    """How much to risk, and which signals are refused.

    Args:
        sizing: `risk_fraction` (lose `size` of equity at the stop), `equity_fraction` (hold `size` of equity as
            notional), `fixed_notional` (quote), `fixed_quantity` (base) or `kelly` (lose `size` of Kelly's fraction of
            the run's own closed trades at the stop).
        size: the number that `sizing` speaks of.
        min_reward_risk: least (target - entry) / (entry - stop); 0 turns the rule off.
        require_stop: refuse a signal without a stop-loss.
        require_target: refuse a signal without a take-profit.
        leverage: set at the venue; initial margin is notional / leverage. Spot is always 1.
        max_exposure: cap on total notional, multiples of equity; a larger size is cut to it.
        max_positions: open positions at one time.
        on_opposite: what a signal against the open position does.
        take_profit: order that takes the profit: `market` at the trigger, or a resting `limit`.
        mark_price: by which margin is judged: recorded marks where there are any, else the last price (`auto`); always
            the `last` price; or `recorded` marks, of which none may be missing.
        kelly_trades: closed trades that `kelly` and `optimal_f` wait for.
        kelly_start: fraction of equity at risk until then.
        kelly_cap: most that they risk, fraction of equity.
        margin_mode: `cross` (the whole account stands behind each position) or `isolated` (each has its own margin).
        trigger_by: price that triggers stops and take-profits where a signal does not say it: the `last` or the `mark`.
        max_position: cap on the notional of one position, multiples of equity: a signal's size is cut to it, an order
            beyond it is refused; 0 knows none.
        price_protect: a trigger is held back while last and mark are further apart than this fraction of the mark (the
            venue's limit; Binance's is 0.05 for most); 0 protects none.
        position_mode: `one_way` (an instrument is held long or short) or `hedge` (a long and a short position of each
            perpetual stand side by side, and a signal speaks to that of its side; an exit to both).
        self_trade: what expires where two orders of the account would trade with each other: the resting one
            (`expire_maker`, as on Binance), the one that comes (`expire_taker`), or both; `none` lets both fill against
            the market.
        market_price: at which the margin of a market order is asked for: `book`, the ask and 0.05 % for a buyer and the
            bid for a seller, as Binance reckons; the `last` price with that margin of safety; `auto`, the book where
            the spread is recorded.
    """

    sizing: SizingName = "risk_fraction"
    size: float = 0.01
    min_reward_risk: float = 3.0
    require_stop: bool = True
    require_target: bool = True
    leverage: float = 5.0
    max_exposure: float = 3.0
    max_positions: int = 10
    on_opposite: OppositeName = "reverse"
    take_profit: TargetName = "market"
    mark_price: MarkName = "auto"
    margin_mode: MarginName = "cross"
    kelly_trades: int = 30
    kelly_start: float = 0.01
    kelly_cap: float = 0.05
    trigger_by: TriggerName = "last"
    price_protect: float = 0.0
    max_position: float = 0.0
    position_mode: PositionMode = "one_way"
    self_trade: SelfTradeName = "expire_maker"
    market_price: MarketPriceName = "auto"

    def __post_init__(self) -> None:
        for name, allowed in (
            ("sizing", get_args(SizingName)),
            ("on_opposite", ("ignore", "close", "reverse")),
            ("take_profit", ("market", "limit")),
            ("mark_price", get_args(MarkName)),
            ("margin_mode", get_args(MarginName)),
            ("trigger_by", get_args(TriggerName)),
            ("position_mode", get_args(PositionMode)),
            ("self_trade", get_args(SelfTradeName)),
            ("market_price", get_args(MarketPriceName)),
        ):
            if getattr(self, name) not in allowed:
                hint = "; multi-assets and portfolio margin are not modelled" if name == "margin_mode" else ""
                raise InvalidValue(name, getattr(self, name), f"one of {', '.join(allowed)}{hint}")
        check_number("size", self.size, 1e-12, 1e12, "a number above 0")
        if self.sizing == "risk_fraction":
            check_number("size", self.size, 1e-12, 0.5, "a fraction of equity above 0, at most 0.5")
        if self.sizing in ("kelly", "optimal_f"):
            check_number("size", self.size, 1e-12, 1.0, "a part of the fraction above 0, at most 1 (0.5 is half Kelly)")
        check_number("kelly_trades", self.kelly_trades, 2, 100_000, "a whole number from 2 to 100000")
        check_number("kelly_start", self.kelly_start, 1e-6, 0.5, "a fraction of equity above 0, at most 0.5")
        check_number("kelly_cap", self.kelly_cap, 1e-6, 0.5, "a fraction of equity above 0, at most 0.5")
        check_number("min_reward_risk", self.min_reward_risk, 0.0, 100.0, "a number from 0 to 100")
        check_number("leverage", self.leverage, 1.0, 200.0, "a number from 1 to 200")
        check_number("max_exposure", self.max_exposure, 0.01, 200.0, "a number from 0.01 to 200")
        check_number("max_position", self.max_position, 0.0, 200.0, "a number from 0 (no cap) to 200")
        check_number("price_protect", self.price_protect, 0.0, 0.5, "a fraction from 0 (no protection) to 0.5")
        check_number("max_positions", self.max_positions, 1, 10_000, "a whole number from 1 to 10000")


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything that decides a run's outcome. Same spec, same data, same code: same bytes.

    Args:
        strategy: registered name.
        strategy_version: version the strategy states of itself.
        params: (name, value) of every parameter, sorted by name.
        venue: where the candles come from.
        instruments: symbols, in the order of the account's rows.
        timeframe: bars that are traded (role LTF).
        htf: bars that give context (role HTF), or None.
        start: first bar open, UTC ns; None from the first stored.
        end: bars close at or before it, UTC ns; None to the last stored.
        balance: quote currency at the start.
        seed: of every random choice.
        costs: beyond fees.
        risk: sizing and limits.
        fills: what is assumed where the data does not tell.
        limits: when new positions are refused.
        team: several strategies with capital and rules of their own in place of the one; `instruments` are theirs.
        engine: that matched the orders, with its version where it is not ours.
    """

    strategy: str
    strategy_version: str
    params: tuple[tuple[str, Any], ...]
    venue: str
    instruments: tuple[str, ...]
    timeframe: str
    htf: str | None = None
    start: int | None = None
    end: int | None = None
    balance: float = 10_000.0
    seed: int = 1
    costs: CostSpec = field(default_factory=CostSpec)
    risk: RiskSpec = field(default_factory=RiskSpec)
    fills: FillSpec = field(default_factory=FillSpec)
    limits: LimitSpec = field(default_factory=LimitSpec)
    engine: str = "tradewright"
    team: tuple[Member, ...] = ()

    def __post_init__(self) -> None:
        check_number("balance", self.balance, 0.01, 1e12, "an amount of quote currency above 0")
        if not self.instruments or len(set(self.instruments)) != len(self.instruments):
            raise InvalidValue("instruments", self.instruments, "at least one, each once")
        check_currencies(self.instruments)
        check_team(self.team, self.instruments)
        check_mode(self.risk.position_mode, self.instruments)
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InvalidValue("from", self.start, "a time before --to")
        if self.seed < 0:
            raise InvalidValue("seed", self.seed, "0 or a positive whole number")

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        data = asdict(self)
        data["params"] = dict(self.params)
        data["instruments"] = list(self.instruments)
        return with_members(data, self.team)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        text = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """One reason to believe a result less.

    Args:
        code: stable, kebab-case (`few-trades`).
        text: a plain sentence with the numbers.
        values: the numbers by name, so that the sentence can be told in another language.
    """

    code: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run gave; the head of the result file. Curves and trades stand in the artefacts.

    The first fourteen fields are those of the API's backtest answer; fractions, not per cent; times ISO 8601 UTC.

    Args:
        id: of this run, unique.
        symbol: the instruments, comma-separated.
        strategy: registered name.
        start_date: open of the first bar.
        end_date: close of the last bar.
        initial_balance: quote.
        final_balance: equity at the last close, quote.
        total_return: final / initial - 1.
        max_drawdown: deepest fall from a peak of equity, fraction >= 0.
        sharpe_ratio: annualised; see `portfolio.metrics`.
        total_trades: closed round trips.
        winning_trades: with profit after costs.
        losing_trades: with loss after costs.
        win_rate: winning / total, 0 without trades.
        created_at: wall time of the run.
        spec: the RunSpec.
        fingerprints: SHA-256 of `spec`, `code` and `data`, and `outcome` (fills, equity).
        metrics: name to value; None where it is not defined (no trades, no variation).
        per_instrument: symbol to its own figures.
        warnings: reasons to believe less.
        refusals: refused signals by reason, with counts.
        leak_passport: verdict of the leak test, or None where it was not run.
        data: bars, gaps and range per instrument, and assumptions made.
        analysis: what the result hangs on, by chapter; see `portfolio.analysis`. Empty in files of before it.
        team: what each member made, and their correlations; see `portfolio.team`. Empty where there is no team.
    """

    id: str
    symbol: str
    strategy: str
    start_date: str
    end_date: str
    initial_balance: float
    final_balance: float
    total_return: float
    max_drawdown: float
    sharpe_ratio: float | None
    total_trades: int
    winning_trades: int
    losing_trades: int
    win_rate: float
    created_at: str
    spec: dict[str, Any]
    fingerprints: dict[str, str]
    metrics: dict[str, float | int | None]
    per_instrument: dict[str, dict[str, float | int | None]]
    warnings: tuple[ResultWarning, ...]
    refusals: dict[str, int]
    leak_passport: dict[str, Any] | None
    data: dict[str, Any]
    analysis: dict[str, Any] = field(default_factory=dict)
    team: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `team` only where there is one."""
        data = asdict(self)
        return data if self.team else {name: data[name] for name in data if name != "team"}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what `as_dict` wrote.

        Raises:
            InvalidValue: a field is missing or unknown, or the warnings are not as written.
        """
        known = set(cls.__dataclass_fields__)
        if odd := sorted((known ^ set(data)) - {"analysis", "team"}):
            raise InvalidValue("result", odd[0], "exactly the fields of a result")
        try:
            warnings = tuple(ResultWarning(**row) for row in data["warnings"])
        except TypeError:
            raise InvalidValue("warnings", data["warnings"], "rows of code, text, values") from None
        return cls(**data | {"warnings": warnings})
