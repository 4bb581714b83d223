"""`tradewright backtest`: run a strategy over stored candles and keep the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.engine.backtest import Progress
    from tradewright.services.backtests import BacktestRequest, Backtests, Kept
    from tradewright.services.backtrader_runs import BacktraderRuns
    from tradewright.services.windowed_backtests import WindowedBacktests

__all__ = ["backtest"]

_COSTS, _RISK, _LIMITS, _FILLS = "Costs", "Risk", "Limits on entries (fractions; 0 or left out: none)", "Fills"
_RISK_OPTIONS = (
    *(
        "sizing",
        "size",
        "kelly_trades",
        "kelly_start",
        "kelly_cap",
        "leverage",
        "margin_mode",
        "position_mode",
        "max_exposure",
        "max_position",
        "max_positions",
    ),
    *("min_reward_risk", "on_opposite", "take_profit", "trigger_by", "price_protect", "self_trade"),
    "market_price",
)
_LIMIT_OPTIONS = (
    *("max_day_loss", "max_week_loss", "max_drawdown", "max_losses"),
    *("cool_down", "day_target", "max_heat", "max_correlation", "correlation_bars"),
)
_COST_OPTIONS = (
    *("slippage", "slippage_bps", "slippage_ticks", "slippage_impact"),
    *("spread", "take_bound", "spread_bps", "maker_fee", "taker_fee", "fee_tiers", "fee_discount", "funding_rate"),
)


def backtest(
    strategy: Annotated[
        str | None,
        typer.Argument(
            help="Name; see: tradewright strategies. With --engine backtrader also file.py or file.py:Class."
        ),
    ] = None,
    instrument: Annotated[
        list[str] | None, typer.Option(help="Symbol, e.g. BTC/USDT:USDT; repeat for a portfolio.")
    ] = None,
    team: Annotated[
        str | None, typer.Option(help="In place of STRATEGY and --instrument: file.toml of several strategies.")
    ] = None,
    venue: Annotated[str | None, typer.Option(help="Where the candles come from, if several have them.")] = None,
    timeframe: Annotated[str | None, typer.Option(help="Bars to trade on (role LTF), e.g. 15m.")] = None,
    htf: Annotated[str | None, typer.Option(help="Bars for context (role HTF), e.g. 4h.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First bar's open, ISO time in UTC.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last bar's close, ISO time in UTC.")] = None,
    balance: Annotated[float, typer.Option(help="Quote currency at the start.")] = 10_000.0,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Strategy parameter, name=value; repeat.")] = None,
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 1,
    path: Annotated[str, typer.Option(help="signals, on_bar or auto.")] = "auto",
    engine: Annotated[str, typer.Option(help="tradewright, or backtrader (an extra; GPL).")] = "tradewright",
    slippage: Annotated[
        str | None,
        typer.Option(help="Of a taker: none, ticks, bps, volume_share or square_root.", rich_help_panel=_COSTS),
    ] = None,
    slippage_bps: Annotated[float | None, typer.Option(help="Of bps, basis points.", rich_help_panel=_COSTS)] = None,
    slippage_ticks: Annotated[float | None, typer.Option(help="Of ticks.", rich_help_panel=_COSTS)] = None,
    slippage_impact: Annotated[
        float | None, typer.Option(help="Factor of volume_share or square_root.", rich_help_panel=_COSTS)
    ] = None,
    spread: Annotated[
        str | None, typer.Option(help="auto, assumed (--spread-bps) or recorded.", rich_help_panel=_COSTS)
    ] = None,
    take_bound: Annotated[
        float | None, typer.Option(help="How far from the mark a taker may go; 0: any.", rich_help_panel=_COSTS)
    ] = None,
    spread_bps: Annotated[float | None, typer.Option(help="Full spread, basis points.", rich_help_panel=_COSTS)] = None,
    maker_fee: Annotated[float | None, typer.Option(help="Fraction of notional.", rich_help_panel=_COSTS)] = None,
    taker_fee: Annotated[float | None, typer.Option(help="Fraction of notional.", rich_help_panel=_COSTS)] = None,
    fee_tiers: Annotated[
        str | None, typer.Option(help="Fees by turnover: none or binance_usdm.", rich_help_panel=_COSTS)
    ] = None,
    fee_discount: Annotated[float | None, typer.Option(help="Fraction off every fee.", rich_help_panel=_COSTS)] = None,
    funding_rate: Annotated[
        float | None, typer.Option(help="Assumed where none is recorded, per payment.", rich_help_panel=_COSTS)
    ] = None,
    sizing: Annotated[
        str | None,
        typer.Option(
            help="risk_fraction, equity_fraction, fixed_notional, fixed_quantity, kelly, optimal_f.",
            rich_help_panel=_RISK,
        ),
    ] = None,
    size: Annotated[
        float | None, typer.Option(help="The number that --sizing speaks of.", rich_help_panel=_RISK)
    ] = None,
    kelly_trades: Annotated[
        int | None, typer.Option(help="Closed trades that kelly and optimal_f wait for.", rich_help_panel=_RISK)
    ] = None,
    kelly_start: Annotated[
        float | None, typer.Option(help="Of equity, at risk until then.", rich_help_panel=_RISK)
    ] = None,
    kelly_cap: Annotated[
        float | None, typer.Option(help="Most that kelly and optimal_f risk, of equity.", rich_help_panel=_RISK)
    ] = None,
    leverage: Annotated[float | None, typer.Option(help="Set at the venue.", rich_help_panel=_RISK)] = None,
    margin_mode: Annotated[str | None, typer.Option(help="cross or isolated.", rich_help_panel=_RISK)] = None,
    position_mode: Annotated[
        str | None, typer.Option(help="one_way, or hedge: long and short side by side.", rich_help_panel=_RISK)
    ] = None,
    max_exposure: Annotated[
        float | None, typer.Option(help="Cap on notional, multiples of equity.", rich_help_panel=_RISK)
    ] = None,
    max_position: Annotated[
        float | None, typer.Option(help="Cap on the notional of one, multiples of equity.", rich_help_panel=_RISK)
    ] = None,
    max_positions: Annotated[int | None, typer.Option(help="Open at one time.", rich_help_panel=_RISK)] = None,
    min_reward_risk: Annotated[
        float | None, typer.Option(help="Least reward:risk of a signal; 0: any.", rich_help_panel=_RISK)
    ] = None,
    on_opposite: Annotated[str | None, typer.Option(help="ignore, close or reverse.", rich_help_panel=_RISK)] = None,
    take_profit: Annotated[
        str | None, typer.Option(help="market (at the trigger) or limit.", rich_help_panel=_RISK)
    ] = None,
    max_day_loss: Annotated[
        float | None,
        typer.Option(help="Of the day's first equity; then none until midnight.", rich_help_panel=_LIMITS),
    ] = None,
    max_week_loss: Annotated[
        float | None, typer.Option(help="Of the week's first equity; then none until Monday.", rich_help_panel=_LIMITS)
    ] = None,
    max_drawdown: Annotated[
        float | None, typer.Option(help="Fall from the peak of equity; then none at all.", rich_help_panel=_LIMITS)
    ] = None,
    max_losses: Annotated[
        int | None, typer.Option(help="So many losses in a row end the day.", rich_help_panel=_LIMITS)
    ] = None,
    cool_down: Annotated[
        float | None, typer.Option(help="Minutes without entries after a loss.", rich_help_panel=_LIMITS)
    ] = None,
    day_target: Annotated[
        float | None, typer.Option(help="Gain that ends the day, of its first equity.", rich_help_panel=_LIMITS)
    ] = None,
    max_heat: Annotated[
        float | None, typer.Option(help="Cap on what all stops together lose, of equity.", rich_help_panel=_LIMITS)
    ] = None,
    max_correlation: Annotated[
        float | None,
        typer.Option(help="Cap on how much an entry moves as what is held does.", rich_help_panel=_LIMITS),
    ] = None,
    correlation_bars: Annotated[
        int | None, typer.Option(help="Closes by which that is measured (100).", rich_help_panel=_LIMITS)
    ] = None,
    trigger_by: Annotated[
        str | None, typer.Option(help="What triggers stops and take-profits: last or mark.", rich_help_panel=_RISK)
    ] = None,
    price_protect: Annotated[
        float | None,
        typer.Option(help="Hold triggers back while last and mark are so far apart; 0: no.", rich_help_panel=_RISK),
    ] = None,
    market_price: Annotated[
        str | None,
        typer.Option(help="Margin of a market order: at the last price, by the book, or auto.", rich_help_panel=_RISK),
    ] = None,
    self_trade: Annotated[
        str | None,
        typer.Option(
            help="Where two orders of yours would meet: expire_maker, expire_taker, expire_both or none.",
            rich_help_panel=_RISK,
        ),
    ] = None,
    ambiguity: Annotated[
        str | None,
        typer.Option(
            help="What came first inside a bar: worst, best, ohlc, olhc, adaptive (nearer extreme first), random, "
            "subbar (finer stored bars).",
            rich_help_panel=_FILLS,
        ),
    ] = None,
    participation: Annotated[
        float | None,
        typer.Option(help="Share of a bar's volume that orders of one side may fill; 0: any.", rich_help_panel=_FILLS),
    ] = None,
    limit_fill: Annotated[
        str | None,
        typer.Option(
            help="When a resting limit fills: price goes through it, may only touch it, or a coin says (prob).",
            rich_help_panel=_FILLS,
        ),
    ] = None,
    fill_chance: Annotated[
        float | None, typer.Option(help="Of the coin of prob, from 0 to 1.", rich_help_panel=_FILLS)
    ] = None,
    latency_ms: Annotated[
        float | None,
        typer.Option(
            help="From a decision to its arrival at the venue; at the first open after it.", rich_help_panel=_FILLS
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(help="Hold so many days of bars at a time, for data that memory is too small for."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Run STRATEGY, or a team of strategies, over stored candles; the result, its trades and a report are kept."""
    given = dict(locals())
    from tradewright.cli.output import print_json, progress_bar

    run = _run_of(given)
    with progress_bar("backtest", quiet=as_json) as progress:
        kept = run(progress)
    if as_json:
        print_json(kept.result.as_dict())
    else:
        _show(kept)


def _run_of(given: dict[str, Any]) -> Callable[[Progress], Kept]:
    if given["team"] is not None:
        return _team_run(given)
    for name, field in (("strategy", "STRATEGY"), ("instrument", "--instrument")):
        if not given[name]:
            raise _missing(field)
    service, request = _service(given["engine"], given["window"]), _request(given)
    return lambda progress: service.run(request, progress)


def _missing(field: str) -> Exception:
    from tradewright.domain.errors import InvalidValue

    return InvalidValue(field, None, "one, or a team of strategies with --team")


def _team_run(given: dict[str, Any]) -> Callable[[Progress], Kept]:
    from pathlib import Path

    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import team_backtests
    from tradewright.domain.errors import InvalidValue
    from tradewright.services.team_files import read_team
    from tradewright.services.teams import TeamRequest

    for name, field in (("strategy", "STRATEGY"), ("instrument", "--instrument"), ("set_", "--set"), ("htf", "--htf")):
        if given[name]:
            raise InvalidValue(field, given[name], "it in the file of the team, for each member")
    if given["engine"] != "tradewright":
        raise InvalidValue("--engine", given["engine"], "tradewright, as --team needs")
    if given["window"] is not None:
        raise InvalidValue("--window", given["window"], "none with --team: a team is run over all its bars at once")
    request = TeamRequest(read_team(Path(given["team"])), _request(given))
    service = team_backtests(read_settings())
    return lambda progress: service.run(request, progress)


def _service(engine: str, window: int | None) -> Backtests | BacktraderRuns | WindowedBacktests:
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import backtests, backtrader_runs, windowed_backtests
    from tradewright.domain.errors import InvalidValue

    if engine not in ("tradewright", "backtrader"):
        raise InvalidValue("--engine", engine, "tradewright or backtrader")
    settings = read_settings()
    if window is None:
        return backtrader_runs(settings) if engine == "backtrader" else backtests(settings)
    if engine != "tradewright":
        raise InvalidValue("--engine", engine, "tradewright, as --window needs")
    return windowed_backtests(settings, window)


def _request(given: dict[str, Any]) -> BacktestRequest:
    from tradewright.cli.stated import check_stated
    from tradewright.domain.times import parse_time
    from tradewright.services.backtests import BacktestRequest

    def stated(*names: str) -> dict[str, Any]:
        return {name: given[name] for name in names if given[name] is not None}

    check_stated({name: value for name, value in given.items() if value is not None})
    return BacktestRequest(
        strategy=given["strategy"] or "",
        instruments=tuple(given["instrument"] or ()),
        start=parse_time(given["start"], "--from") if given["start"] else None,
        end=parse_time(given["end"], "--to") if given["end"] else None,
        params=_params(given["set_"] or []),
        costs=stated(*_COST_OPTIONS),
        risk=stated(*_RISK_OPTIONS),
        limits=stated(*_LIMIT_OPTIONS),
        fills=stated("ambiguity", "participation", "limit_fill", "fill_chance", "latency_ms"),
        **stated("venue", "timeframe", "htf", "balance", "seed", "path"),
    )


def _params(pairs: list[str]) -> dict[str, str]:
    from tradewright.domain.errors import InvalidValue

    params: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (name.strip() and sign):
            raise InvalidValue("--set", pair, "name=value, such as fast=20")
        params[name.strip()] = value.strip()
    return params


def _funding(amount: float, quote: str) -> tuple[str, str]:
    # A sign alone does not say who paid whom.
    from tradewright.cli.output import number

    label = "funding received" if amount > 0.0 else "funding paid" if amount < 0.0 else "funding"
    return label, f"{number(abs(amount), 2)} {quote}"


def _fund(figures: Mapping[str, float | None], quote: str) -> list[tuple[str, str, str, str]]:
    # What the venue's insurance fund paid is in the balance, and in no profit.
    from tradewright.cli.output import number

    if not (paid := figures.get("insurance")):
        return []
    net = f"{number(figures['net_pnl'], 2)} {quote}"
    return [("insurance fund paid", f"{number(paid, 2)} {quote}", "net profit without it", net)]


def _show(kept: Kept) -> None:
    from tradewright.cli.output import number, print_table, say, say_analysis, say_team

    result, figures = kept.result, kept.result.metrics
    quote = result.symbol.partition(",")[0].partition("/")[2].partition(":")[0]

    def percent(value: float | None, sign: str = "") -> str:
        return "-" if value is None else f"{value:{sign}.2%}"

    rows = [
        ("net return", percent(result.total_return, "+"), "trades", number(result.total_trades)),
        ("final balance", f"{number(result.final_balance, 2)} {quote}", "win rate", percent(figures["win_rate"])),
        ("max drawdown", percent(-result.max_drawdown), "profit factor", number(figures["profit_factor"], 2)),
        ("Sharpe", number(result.sharpe_ratio, 2), "expectancy", f"{number(figures['expectancy_r'], 2)} R"),
        (
            "fees",
            f"{number(figures['fees'], 2)} {quote}",
            "ended at TP / SL",
            f"{figures['take_profits']} / {figures['stop_losses']}",
        ),
        (
            "slippage",
            f"{number(figures['slippage'], 2)} {quote}",
            "refused signals",
            number(figures["refused_signals"]),
        ),
        (*_funding(figures["funding"] or 0.0, quote), "exposure", percent(figures["exposure"])),
        *_fund(figures, quote),
    ]
    title = (
        f"{result.strategy} on {result.symbol}, {result.spec['timeframe']}, {result.start_date} to {result.end_date}"
    )
    say(title)
    print_table(("result", "", "trading", ""), rows)
    for warning in result.warnings:
        say(f"! {warning.text}")
    say_analysis(result)
    say_team(result)
    if result.refusals:
        say("refused: " + ", ".join(f"{reason} {count}" for reason, count in result.refusals.items()))
    say(f"result {result.id}")
    say(f"report {kept.report}")
