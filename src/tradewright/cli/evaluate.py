"""`tradewright evaluate`: rank strategies over instruments and periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tradewright.research.evaluation import Standing
    from tradewright.services.evaluations import EvaluationRequest, KeptEvaluation

__all__ = ["evaluate"]

_VERDICTS = {
    "best": "best",
    "behind": "behind #1",
    "not_told_apart": "unclear",
    "few_trades": "few trades",
    "no_figures": "too short",
    "leaks": "KNOWS THE FUTURE",
}


def evaluate(
    strategy: Annotated[list[str] | None, typer.Argument(help="Names; without any, all of them.")] = None,
    instrument: Annotated[list[str] | None, typer.Option(help="Symbol; repeat. Without any, all stored.")] = None,
    venue: Annotated[str | None, typer.Option(help="Where the candles come from, if several have them.")] = None,
    timeframe: Annotated[str | None, typer.Option(help="Bars to trade on; each strategy's own by default.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First bar's open, ISO time in UTC.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last bar's close, ISO time in UTC.")] = None,
    periods: Annotated[int, typer.Option(help="Into how many equal periods the time is cut.")] = 4,
    balance: Annotated[float, typer.Option(help="Quote currency of each run.")] = 10_000.0,
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 1,
    min_reward_risk: Annotated[
        float | None, typer.Option(help="Least reward:risk of a signal; 0: any. Each strategy's own by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the evaluation as JSON.")] = False,
) -> None:
    """Rank STRATEGIES over instruments and periods, after costs, and say whether the sample is large enough."""
    given = dict(locals())
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import evaluations
    from tradewright.cli.output import print_json, progress_bar

    with progress_bar("evaluate", quiet=as_json) as progress:
        kept = evaluations(read_settings()).run(_request(given), progress)
    if as_json:
        print_json(kept.data)
    else:
        _show(kept)


def _request(given: dict[str, Any]) -> EvaluationRequest:
    from tradewright.domain.times import parse_time
    from tradewright.services.evaluations import EvaluationRequest

    rest = {name: given[name] for name in ("venue", "timeframe", "balance", "seed") if given[name] is not None}
    for name, option in (("start", "--from"), ("end", "--to")):
        if given[name]:
            rest[name] = parse_time(given[name], option)
    if given["min_reward_risk"] is not None:
        rest["risk"] = {"min_reward_risk": given["min_reward_risk"]}
    return EvaluationRequest(tuple(given["strategy"] or ()), tuple(given["instrument"] or ()), given["periods"], rest)


def _show(kept: KeptEvaluation) -> None:
    from tradewright.cli.output import print_table, say

    evaluation = kept.evaluation
    say(f"{', '.join(evaluation.instruments)}: {evaluation.periods[0][0]} to {evaluation.periods[-1][1]}, after costs")
    columns = ("#", "strategy", "Sharpe", "95 % interval", "best in", "return", "trades", "sample")
    print_table(columns, [_row(one) for one in evaluation.standings])
    if not evaluation.told:
        say("! The sample is too small to rank: this order may well be chance.")
    if all(one.total_return <= 0.0 for one in evaluation.standings):
        say("! No strategy earned after costs: the best of them lost least.")
    for name, reason in kept.skipped.items():
        say(f"not compared: {name}: {reason}")
    say(f"heat map {kept.page}")


def _row(one: Standing) -> tuple[str | int, ...]:
    from tradewright.cli.output import number

    def percent(value: float | None, form: str = "+.1%") -> str:
        return "-" if value is None else format(value, form)

    return (
        one.rank,
        one.strategy,
        number(one.sharpe, 2),
        "-" if one.low is None else f"{number(one.low, 2)} to {number(one.high, 2)}",
        percent(one.best_chance, ".0%"),
        percent(one.total_return),
        one.trades,
        _VERDICTS[one.verdict],
    )
