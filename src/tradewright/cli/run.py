"""`tradewright run`: trade on paper, bar by bar, as a venue closes them."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewright.cli.configured import configuration, sources, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.services.backtests import BacktestRequest
    from tradewright.services.paper.trading import Listener, PaperTrading

__all__ = ["pairs_of", "run"]


def run(
    strategy: Annotated[str | None, typer.Argument(help="Name; see: tradewright strategies.")] = None,
    instrument: Annotated[list[str] | None, typer.Option(help="Symbol, e.g. BTC/USDT:USDT; repeat for more.")] = None,
    exchange: Annotated[
        str | None,
        typer.Option(help="practice, binance (USDT-M), or one that CCXT knows; the configured one, or the session's."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address instead of the venue's own.")] = None,
    timeframe: Annotated[str | None, typer.Option(help="Bars to trade on (role LTF), e.g. 15m.")] = None,
    htf: Annotated[str | None, typer.Option(help="Bars for context (role HTF), e.g. 4h.")] = None,
    balance: Annotated[float | None, typer.Option(help="Quote currency at the start; the configured one.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Strategy parameter, name=value, or key of the configuration, section.key=value."),
    ] = None,
    risk: Annotated[list[str] | None, typer.Option(help="Sizing and rules, name=value, as size=0.005.")] = None,
    limits: Annotated[list[str] | None, typer.Option(help="On entries, name=value, as max_day_loss=0.02.")] = None,
    costs: Annotated[list[str] | None, typer.Option(help="Beyond fees, name=value, as slippage_bps=2.")] = None,
    fills: Annotated[list[str] | None, typer.Option(help="Assumptions, name=value, as participation=0.1.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of every random choice; the configured one.")] = None,
    context: Annotated[
        int | None, typer.Option(help="Bars that the strategy is shown before the first; as configured.")
    ] = None,
    bars: Annotated[int | None, typer.Option(help="End after so many bars; no end.", min=1)] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with a session of this name.")] = None,
    flatten: Annotated[bool, typer.Option("--flatten", help="Close every position at the end.")] = False,
    at_venue: Annotated[
        bool, typer.Option("--at-venue", help="Send orders to the practice exchange, instead of matching them here.")
    ] = False,
    live: Annotated[bool, typer.Option("--live", help="With money. See: tradewright live status.")] = False,
    confirm: Annotated[
        bool | None,
        typer.Option("--confirm/--no-confirm", help="A person confirms what opens; see: tradewright pending."),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(help="With --at-venue, about positions that differ there: halt, adopt or close; see at_venue."),
    ] = None,
    config: Annotated[str | None, typer.Option(help="YAML file of the configuration.")] = None,
    preset: Annotated[str | None, typer.Option(help="See: tradewright config presets.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each bar.")] = False,
) -> None:
    """Trade on paper: no order leaves this machine. The engine is that of the backtest, told its bars as they close.

    Everything is in a journal before it is acted on: after a break, of whatever kind, go on with --resume. Ctrl-C ends
    the session after the bar under way, keeps what came of it as a result, and sets it beside the backtest.
    """
    from tradewright.bootstrap.auditing import auditing
    from tradewright.bootstrap.booking import booking
    from tradewright.bootstrap.config.uses import run_defaults
    from tradewright.bootstrap.config_following import following
    from tradewright.bootstrap.database_care import user_name
    from tradewright.bootstrap.paper import PaperWish, on_paper, trade_on_paper
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.run_view import RunView
    from tradewright.domain.errors import InvalidValue
    from tradewright.services.pending import Confirming

    params, items = split(set_)
    given = {"STRATEGY": strategy, "--instrument": instrument, "--set": params, "--risk": risk, "--limits": limits,
             "--costs": costs, "--fills": fills, "--timeframe": timeframe, "--htf": htf}  # fmt: skip
    if resume is not None and (named := [name for name, value in given.items() if value]):
        raise InvalidValue(named[0], given[named[0]], "nothing beside --resume: the session knows it")
    configured = configuration(config, preset, items)[0]
    usual = run_defaults(configured, strategy)
    request = None
    if resume is None:
        if not (strategy and instrument):
            raise InvalidValue("STRATEGY and --instrument", (strategy, instrument), "both, or --resume with a session")
        parts = _rules(usual, risk=risk, limits=limits, costs=costs, fills=fills)
        request = _request(
            strategy, tuple(instrument), params={**usual["params"], **pairs_of(params, "--set")}, timeframe=timeframe,
            htf=htf, balance=usual["balance"] if balance is None else balance,
            seed=usual["seed"] if seed is None else seed, **parts,
        )  # fmt: skip
    shown = usual["context"] if context is None else context
    follow = partial(following, sources(config, preset, items), own=(strategy, pairs_of(params, "--set")), say=_aside)
    if at_venue or live:
        from tradewright.cli.run_at_venue import run_at_venue

        place = (exchange or usual["exchange"]) if live else exchange or "practice"
        wish = PaperWish(usual["reach"].at(place, url), request, resume, shown, bars, flatten)
        run_at_venue(configured, wish, (live, confirm, policy), follow, as_json=as_json)
        return
    view, settings = RunView(as_json=as_json), settings_of(configured)

    async def trade(trading: PaperTrading) -> None:
        place = exchange or ((await trading.head(resume)).venue if resume else usual["exchange"])
        trading_ = configured.tree.trading
        held = Confirming(trading_.confirm_orders if confirm is None else confirm, trading_.confirm_ttl_s)
        wish = PaperWish(usual["reach"].at(place, url), request, resume, shown, bars, flatten, held)
        async with (
            auditing(settings) as auditor,
            booking(settings, "simulation") as booker,
            follow("simulation") as follows,
        ):

            def told(name: str) -> Listener:
                auditor.opened(name, user_name())
                follows(name)
                return booker.hearing(name, auditor.hearing(name, view))

            name, own = await trade_on_paper(trading, wish, told)
        view.ended(name, own, trading.keep(own) if own.steps else None, await trading.drift(name))

    on_paper(settings, trade)


def _aside(text: str) -> None:
    # Beside what is shown or read as JSON.
    sys.stderr.write(f"{text}\n")


def _rules(usual: Mapping[str, Any], **given: list[str] | None) -> dict[str, dict[str, Any]]:
    # By which the run goes: as configured, but for what the command says.
    from tradewright.cli.stated import check_stated

    own = {name: _fields(items, name) for name, items in given.items()}
    parts = {name: {**usual[name], **fields} for name, fields in own.items()}
    for name, fields in own.items():
        check_stated(fields, parts[name])
    return parts


def _request(strategy: str, symbols: tuple[str, ...], **fields: Any) -> BacktestRequest:
    from tradewright.services.backtests import BacktestRequest

    return BacktestRequest(strategy, symbols, **fields)


def pairs_of(items: list[str] | None, option: str) -> dict[str, str]:
    """Names and values of an option that is repeated.

    Raises:
        InvalidValue: one is not `name=value`.
    """
    from tradewright.domain.errors import InvalidValue

    pairs: dict[str, str] = {}
    for item in items or ():
        name, sign, value = item.partition("=")
        if not (name.strip() and sign):
            raise InvalidValue(option, item, "name=value, such as fast=20")
        pairs[name.strip()] = value.strip()
    return pairs


def _fields(items: list[str] | None, part: str) -> dict[str, Any]:
    """Values of a part of a run's description, in the types of its fields.

    Raises:
        UnknownName: it has no such field.
        InvalidValue: a value has not the field's type.
    """
    from tradewright.domain.run_record import typed_fields

    return typed_fields(part, pairs_of(items, f"--{part}"))
