"""`tradewright strategies`: list them, document one, check one, begin a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tradewright.cli.output import print_json, print_table, say, working

if TYPE_CHECKING:
    from tradewright.services.strategies import CheckReport
    from tradewright.strategy.card import StrategyCard
    from tradewright.strategy.registry import Registry

__all__ = ["app"]

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class _ShowByDefault(TyperGroup):
    """A word that is no command is a strategy's name: `strategies smc` is `strategies show smc`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = next((word for word in args if not word.startswith("-")), None)
        if first not in self.commands and "--help" not in args:
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="List strategies, document one (strategies NAME), check one, begin a new one.", cls=_ShowByDefault
)


@app.command()
def show(
    name: Annotated[str | None, typer.Argument(help="Name of a strategy; without it, all are listed.")] = None,
    as_json: _Json = False,
) -> None:
    """List the strategies, or document one from its own code."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import strategies

    registry = strategies(read_settings())
    if name is None:
        _list(registry, as_json=as_json)
    elif as_json:
        print_json(registry.describe(name).as_dict())
    else:
        _document(registry.describe(name))


@app.command()
def check(
    target: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A strategy's name, or a Python file.")],
    instrument: Annotated[str | None, typer.Option(help="Check on stored candles of this symbol.")] = None,
    venue: Annotated[str | None, typer.Option(help="Where those candles are from.")] = None,
    timeframe: Annotated[str | None, typer.Option(help="Bars to check on; the strategy's own by default.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="Strategy parameter, name=value; repeat.")] = None,
    seed: Annotated[int, typer.Option(help="Of the synthetic market and of the leak test.")] = 1,
    as_json: _Json = False,
) -> None:
    """Hold strategies to the contract and test them for leaks; exit code 1 if one fails."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import market_data, strategies
    from tradewright.domain.timeframe import Timeframe
    from tradewright.services.strategies import check_strategy, made_up_bars, recorded_bars, strategy_from_file

    settings = read_settings()
    is_file = target.endswith(".py")
    registry = strategy_from_file(Path(target)) if is_file else strategies(settings)
    length = Timeframe.parse(timeframe, "--timeframe") if timeframe else None
    reports: list[CheckReport] = []
    for name in registry.names() if is_file else (target,):
        strategy = registry.create(name, _values(set_ or []))
        with working(f"checking {strategy.name}", quiet=as_json):
            if instrument:
                closed, data = recorded_bars(market_data(settings), strategy, instrument, venue, length)
            else:
                closed, data = made_up_bars(strategy, length, seed)
            reports.append(check_strategy(strategy, closed, data, seed))
    if as_json:
        print_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            _show_report(report)
    if not all(report.passed for report in reports):
        raise typer.Exit(1)


@app.command()
def new(name: Annotated[str, typer.Argument(help="Lower-case words joined by underscores: my_breakout.")]) -> None:
    """Write a commented strategy of your own into the strategies folder; it passes its check as it stands."""
    from tradewright.bootstrap.settings import read_settings
    from tradewright.bootstrap.wiring import strategies
    from tradewright.services.new_strategy import begin_strategy

    settings = read_settings()
    path = begin_strategy(name, settings.strategies_dir, strategies(settings))
    say(f"Written: {path}")
    say(f"  tradewright strategies check {name}")
    say(f"  tradewright backtest {name} --instrument BTC/USDT:USDT")


def _values(pairs: list[str]) -> dict[str, str]:
    from tradewright.domain.errors import InvalidValue

    values: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (name and sign):
            raise InvalidValue("--set", pair, "name=value")
        values[name.strip()] = value.strip()
    return values


def _list(registry: Registry, *, as_json: bool) -> None:
    from dataclasses import asdict

    cards = [registry.describe(name) for name in registry.names()]
    if as_json:
        broken = [asdict(item) for item in registry.broken]
        print_json({"strategies": [card.as_dict() for card in cards], "broken": broken})
        return
    rows = [(card.name, card.version, card.summary, _brief(card)) for card in cards]
    print_table(("name", "version", "what it does", "parameters"), rows)
    if registry.broken:
        say("Cannot be used:")
    for item in registry.broken:
        say(f"  {item.name}  {item}")


def _brief(card: StrategyCard) -> str:
    return ", ".join(f"{param.name}={param.default}" for param in card.params)


def _document(card: StrategyCard) -> None:
    frames = f"{card.ltf} (LTF)" + (f" with {card.htf} (HTF)" if card.htf else "")
    say(f"{card.name} {card.version}")
    say("")
    for paragraph in card.doc.split("\n\n"):
        say(" ".join(paragraph.split()))
    say("")
    say(f"timeframes  {frames}")
    say(f"offers      {', '.join(card.paths)}")
    say(f"code        {card.file}")
    if card.risk:
        say(f"risk        {', '.join(f'{name}={value}' for name, value in card.risk.items())}")
    rows = [(param.name, str(param.default), param.allowed, param.doc) for param in card.params]
    if rows:
        print_table(("parameter", "default", "allowed", "meaning"), rows)


def _show_report(report: CheckReport) -> None:
    rows = [("pass" if verdict.passed else "FAIL", verdict.rule, verdict.detail) for verdict in report.verdicts]
    passport = report.passport
    if passport:
        detail = f"{passport.cuts} cuts, {passport.scrambles} scrambles, {passport.signals} signals"
        rows.append(("pass" if passport.passed else "FAIL", "no knowledge of the future", detail))
    print_table(("", "rule", "seen"), rows, title=f"{report.name} on {report.data}")
    for finding in passport.findings if passport else ():
        change = f"{finding.column} is {finding.before}, and {finding.after} with another future"
        say(f"bar {finding.bar} ({finding.ts}): {change}: {finding.cause}")
    say(f"{report.name}: {'passed' if report.passed else 'FAILED'}")
