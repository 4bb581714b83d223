"""The main job: from a request to a stored result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tradewright.domain.errors import DataError, InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.limits import LimitSpec
from tradewright.domain.result_id import result_id
from tradewright.domain.run import CostSpec, FillSpec, ResultWarning, RiskSpec, RunResult, RunSpec
from tradewright.domain.timeframe import Timeframe
from tradewright.engine.ambiguity import ambiguity_spread
from tradewright.engine.backtest import Progress, Run, no_progress, run_backtest
from tradewright.engine.feed import Feed
from tradewright.engine.outcome import log_of, origin_of
from tradewright.market.bars import Bars, slice_bars
from tradewright.portfolio.summary import make_result, summarise
from tradewright.portfolio.tables import artifact_tables
from tradewright.ports.result_store import ResultStore
from tradewright.research.report import ReportInput, render
from tradewright.services.market_data import MarketData
from tradewright.services.order_leak import with_orders
from tradewright.services.strategy_versions import digest_of, joined_source
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.leak import leak_passport
from tradewright.strategy.param import Value
from tradewright.strategy.registry import Registry
from tradewright.strategy.strategy import Strategy

__all__ = ["BacktestRequest", "Backtests", "Kept", "States"]

_PASSPORT_BARS = 3_000


def _quiet(step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What a user asks for; what is left out is taken from the strategy or the data.

    Args:
        strategy: name, in any case.
        instruments: symbols.
        venue: where the candles come from; None where only one venue has them.
        timeframe: LTF; None takes the strategy's.
        htf: higher timeframe; None takes the strategy's.
        start: first bar open, UTC ns.
        end: last bar close, UTC ns.
        balance: quote currency.
        params: strategy parameters, text or values.
        seed: of random choices.
        costs: fields of `CostSpec` that differ from the defaults.
        risk: fields of `RiskSpec` that differ from the strategy's.
        fills: fields of `FillSpec` that differ from the defaults.
        limits: fields of `LimitSpec` that differ from the defaults.
        path: `auto`, `signals` or `on_bar`.
    """

    strategy: str
    instruments: tuple[str, ...]
    venue: str | None = None
    timeframe: str | None = None
    htf: str | None = None
    start: int | None = None
    end: int | None = None
    balance: float = 10_000.0
    params: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 1
    costs: Mapping[str, Any] = field(default_factory=dict)
    risk: Mapping[str, Any] = field(default_factory=dict)
    fills: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    path: str = "auto"


@dataclass(frozen=True, slots=True)
class Kept:
    """A result that has been stored.

    Args:
        result: its head.
        path: of the head's file.
        report: of the page.
    """

    result: RunResult
    path: Path
    report: Path


class States(Protocol):
    """What a run's description takes from a strategy."""

    @property
    def name(self) -> str:
        """Registered name."""
        ...

    @property
    def version(self) -> str:
        """The strategy's own."""
        ...

    @property
    def params(self) -> tuple[tuple[str, Any], ...]:
        """(name, value) of every parameter, sorted by name."""
        ...

    @property
    def ltf(self) -> str:
        """Timeframe that it is made for."""
        ...

    @property
    def htf(self) -> str | None:
        """Higher timeframe that it needs, or None."""
        ...

    @property
    def risk(self) -> Mapping[str, Any]:
        """Fields of `RiskSpec` in which it differs from the defaults."""
        ...


@dataclass(frozen=True, slots=True)
class Backtests:
    """Runs backtests and keeps their results.

    Args:
        market_data: where bars come from.
        strategies: those that can be used.
        results: where results are kept.
        code_fingerprint: SHA-256 of the platform's code and of a strategy's source.
        now: wall clock.
        salt: a number that tells two results of one second apart.
    """

    market_data: MarketData
    strategies: Registry
    results: ResultStore
    code_fingerprint: Callable[[str], str]
    now: Callable[[], datetime]
    salt: Callable[[], int]

    def run(
        self, request: BacktestRequest, progress: Progress = no_progress, begun: Callable[[str], None] = _quiet
    ) -> Kept:
        """Run a request, judge what came out, and keep it.

        Args:
            request: what is asked for.
            progress: told how far the run is.
            begun: told each step when it begins: `loading`, `running`, `judging`, `saving`; may raise to cancel.

        Raises:
            TradewrightError: whatever is wrong with the request, by field; nothing is written then.
        """
        begun("loading")
        spec, strategy, feeds = self.prepare(request)
        begun("running")
        run = run_backtest(spec, strategy, feeds, request.path, progress)
        begun("judging")
        passport, spread = self.passport(run, strategy), ambiguity_spread(run, strategy)
        begun("saving")
        return self.keep(run, passport, spread=spread)

    def passport(self, run: Run, strategy: Strategy) -> dict[str, Any]:
        """Test the strategy of a run for knowledge of the future, on its first instrument's last bars."""
        return self.passport_on(run.feeds[0], strategy, run.spec.seed)

    @staticmethod
    def passport_on(feed: Feed, strategy: Strategy, seed: int) -> dict[str, Any]:
        """Test a strategy for knowledge of the future on the last bars of a feed."""
        closed = _tail(feed)
        return with_orders(leak_passport(strategy, closed, seed), strategy, closed).as_dict()

    def keep(
        self,
        run: Run,
        passport: dict[str, Any] | None,
        *,
        spread: float = 0.0,
        source: str | None = None,
        warnings: Sequence[ResultWarning] = (),
    ) -> Kept:
        """Judge what came out of a run, and keep it.

        Args:
            run: that has finished.
            passport: the leak test's verdict; None where it was not run.
            spread: see `engine.ambiguity`.
            source: of the strategy's file; None for a registered one.
            warnings: more reasons to believe the result less.
        """
        log = log_of(run, spread)
        summary = summarise(log)
        moment = self.now()
        name = result_id(moment, self.salt())
        sources = self._sources(run.spec) if source is None else {run.spec.strategy: source}
        code, text = self._code(sources.values()), joined_source(sources)
        result = make_result(log, summary, origin_of(run, name, f"{moment:%Y-%m-%dT%H:%M:%SZ}", code, passport))
        prints = {**result.fingerprints, "source": digest_of(text)}
        result = replace(result, fingerprints=prints, warnings=(*result.warnings, *warnings))
        page = render(ReportInput(result, log, summary.trades))
        path = self.results.save(result, artifact_tables(log, summary.trades), page, text)
        return Kept(result, path, self.results.report_path(name))

    def _sources(self, spec: RunSpec) -> dict[str, str]:
        names = [member.strategy for member in spec.team] or [spec.strategy]
        return {self.strategies.describe(name).file: self.strategies.source(name) for name in names}

    def _code(self, sources: Iterable[str]) -> str:
        prints = [self.code_fingerprint(one) for one in sources]
        return prints[0] if len(prints) == 1 else hashlib.sha256("".join(prints).encode()).hexdigest()

    def prepare(self, request: BacktestRequest) -> tuple[RunSpec, Strategy, tuple[Feed, ...]]:
        """Check a request as a whole and load its data; nothing is written.

        Raises:
            TradewrightError: whatever is wrong, by field.
        """
        strategy = self.strategies.create(request.strategy, request.params)
        spec = self.describe(request, strategy)
        return spec, strategy, self.load(spec)

    def load(self, spec: RunSpec) -> tuple[Feed, ...]:
        """Load the data of a run."""
        return tuple(self.feed(spec, symbol, spec.htf) for symbol in spec.instruments)

    def describe(self, request: BacktestRequest, strategy: States) -> RunSpec:
        """Describe the run that a request asks for; what it leaves out is taken from what the strategy states."""
        for symbol in request.instruments:
            Instrument(symbol, "any")
        timeframe = Timeframe.parse(request.timeframe or strategy.ltf, "--timeframe")
        higher = self._higher(request.htf or strategy.htf, timeframe)
        return RunSpec(
            strategy=strategy.name,
            strategy_version=strategy.version,
            params=strategy.params,
            venue=request.venue or self._only_venue(request.instruments),
            instruments=request.instruments,
            timeframe=str(timeframe),
            htf=str(higher) if higher else None,
            start=request.start,
            end=request.end,
            balance=request.balance,
            seed=request.seed,
            costs=CostSpec(**request.costs),
            risk=replace(RiskSpec(**strategy.risk), **request.risk),
            fills=FillSpec(**request.fills),
            limits=LimitSpec(**request.limits),
        )

    @staticmethod
    def _higher(text: str | None, timeframe: Timeframe) -> Timeframe | None:
        if text is None:
            return None
        higher = Timeframe.parse(text, "--htf")
        if higher <= timeframe or not timeframe.divides(higher):
            raise InvalidValue("--htf", text, f"a multiple of the timeframe {timeframe}")
        return higher

    def _only_venue(self, symbols: tuple[str, ...]) -> str:
        stored = self.market_data.keys()
        venues = sorted({key.venue for key in stored if key.symbol in symbols})
        if not venues:
            names = ", ".join(symbols)
            raise DataError(f"no candles of {names} are stored; see: tradewright data import, tradewright data synth")
        if len(venues) > 1:
            raise InvalidValue("--venue", "", f"one of {', '.join(venues)}: each has candles of {', '.join(symbols)}")
        return venues[0]

    def feed(self, spec: RunSpec, symbol: str, context: str | None) -> Feed:
        """Load the data of one instrument, with the bars of a higher timeframe as its context.

        Raises:
            TradewrightError: they are not stored, or not whole.
        """
        timeframe = Timeframe.parse(spec.timeframe)
        loaded = self.market_data.load(spec.venue, symbol, timeframe, spec.start, spec.end)
        perpetual = loaded.instrument.is_perpetual and spec.risk.mark_price != "last"
        place = (spec.venue, symbol, timeframe, spec.start, spec.end)
        source = "" if loaded.source_timeframe == timeframe else f"resampled from {loaded.source_timeframe}"
        return Feed(
            instrument=loaded.instrument,
            bars=loaded.bars,
            htf=self.context(spec, symbol, context),
            funding=self.market_data.funding(spec.venue, symbol, spec.start, spec.end),
            mark=self.market_data.marks(*place) if perpetual else None,
            spread=None if spec.costs.spread == "assumed" else self.market_data.spreads(*place),
            missing=loaded.missing,
            filled=loaded.filled,
            source=source,
            fingerprint=loaded.fingerprint,
            finer=self.market_data.finer(spec.venue, symbol, timeframe) if spec.fills.drills else None,
        )

    def context(self, spec: RunSpec, symbol: str, timeframe: str | None) -> Bars | None:
        """Load the bars of a higher timeframe; they begin with the first stored one, to be there when the run begins.

        Raises:
            TradewrightError: they are not stored, or not whole.
        """
        higher = self._higher(timeframe, Timeframe.parse(spec.timeframe))
        return self.market_data.load(spec.venue, symbol, higher, None, spec.end).bars if higher else None


def _tail(feed: Feed) -> ClosedBars:
    size = feed.bars.ts_open.size
    return ClosedBars(slice_bars(feed.bars, max(size - _PASSPORT_BARS, 0), size), feed.htf)
