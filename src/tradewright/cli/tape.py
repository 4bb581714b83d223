"""`tradewright tape`: trade a recorded market, tick by tick."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tradewright.domain.enums import QueueModel
    from tradewright.domain.tape import TapeSpec
    from tradewright.engine.replay import Terms
    from tradewright.services.tapes import RecordedMarket, TapeRun

__all__ = ["tape"]

_OF_A_MARKET = ("symbol", "recording", "tick_size", "lot_size", "min_notional", "leverage")
_FIGURES = ("queue", "orders", "refused", "fills", "volume", "profit", "fees", "drawdown", "maker_share", "position")


def tape(
    recording: Annotated[Path, typer.Argument(help="Raw stream (.jsonl, .jsonl.gz), or a table of trades.")],
    strategy: Annotated[str, typer.Argument(help="FILE.py:FUNCTION, a function of a replay.")],
    also: Annotated[
        list[str] | None,
        typer.Option(
            help="Another market on the same account, repeat: symbol=ETH/USDT:USDT,recording=FILE, and where they "
            "differ tick_size, lot_size, min_notional, leverage."
        ),
    ] = None,
    symbol: Annotated[str, typer.Option(help="Market of the recording.")] = "BTC/USDT:USDT",
    tick_size: Annotated[str, typer.Option(help="Price step.")] = "0.1",
    lot_size: Annotated[str, typer.Option(help="Quantity step.")] = "0.001",
    min_notional: Annotated[float, typer.Option(help="Least worth of an order, quote.")] = 5.0,
    maker_fee: Annotated[float, typer.Option(help="Fraction of notional.")] = 0.0002,
    taker_fee: Annotated[float, typer.Option(help="Fraction of notional.")] = 0.0005,
    leverage: Annotated[float, typer.Option(help="Set at the venue.")] = 5.0,
    max_exposure: Annotated[float, typer.Option(help="Cap on notional, multiples of equity.")] = 3.0,
    take_bound: Annotated[float, typer.Option(help="How far from the mark a taker may go; 0: any.")] = 0.0,
    funding_rate: Annotated[float, typer.Option(help="Assumed at 0, 8 and 16 o'clock UTC; 0: none is paid.")] = 0.0,
    balance: Annotated[float, typer.Option(help="Quote currency.")] = 10_000.0,
    queue: Annotated[
        list[str] | None, typer.Option(help="Queue model; repeat. Without any: touch, log, risk_averse, through.")
    ] = None,
    entry_ms: Annotated[float, typer.Option(help="An order's way to the venue, ms.")] = 10.0,
    response_ms: Annotated[float, typer.Option(help="An answer's way back, ms.")] = 10.0,
    feed_ms: Annotated[
        float | None, typer.Option(help="How late each event is known here, ms; as it was recorded.")
    ] = None,
    refusal: Annotated[float, typer.Option(help="Probability that the venue refuses a request.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of every random choice.")] = 0,
    form: Annotated[str, typer.Option("--format", help="Of --out: csv (fills) or json (figures and fills).")] = "csv",
    out: Annotated[str | None, typer.Option("--out", help="Folder to write the fills to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Trade RECORDING with STRATEGY under several queue models: what differs between them hangs on an assumption.

    With --also, several recordings of one time are traded at once, on one wallet: the strategy names them by their row,
    0 for RECORDING, 1 for the first other.
    """
    given = dict(locals())
    from tradewright.bootstrap.wiring import tape_runs
    from tradewright.cli.output import print_json, say, working
    from tradewright.cli.tape_files import check_form, write_fills

    check_form(form)
    with working("tape", quiet=as_json):
        run = tape_runs().run(_markets(given), strategy, _spec(given), _queues(queue or []), feed_ms)
    told = {"events": int(run.tape.events.size), "gaps": run.gaps, "runs": run.rows(),
            "instruments": run.parts(), "assumptions": list(run.assumptions)}  # fmt: skip
    written = write_fills(Path(out), recording.name.partition(".")[0], form, told, run.fills()) if out else None
    if as_json:
        print_json(told if written is None else told | {"files": [str(written)]})
    else:
        _show(run)
        if written is not None:
            say(str(written))


def _markets(given: dict[str, Any]) -> list[RecordedMarket]:
    from tradewright.services.tapes import RecordedMarket

    others = [given | _another(text) for text in given["also"] or []]
    return [RecordedMarket(Path(one["recording"]), _terms(one)) for one in (given, *others)]


def _another(text: str) -> dict[str, Any]:
    from tradewright.domain.errors import InvalidValue

    allowed = f"NAME=VALUE with commas between; names are {', '.join(_OF_A_MARKET)}, the first two of them needed"
    named = [pair.strip().partition("=")[::2] for pair in text.split(",")]
    pairs = dict(named)
    if len(pairs) < len(named):
        raise InvalidValue("also", text, "each name once")
    if not {"symbol", "recording"} <= set(pairs) <= set(_OF_A_MARKET) or "" in pairs.values():
        raise InvalidValue("also", text, allowed)
    found: dict[str, Any] = dict(pairs)
    for name in ("min_notional", "leverage"):
        if name in pairs:
            try:
                found[name] = float(pairs[name])
            except ValueError:
                raise InvalidValue(f"{name} of {pairs['symbol']}", pairs[name], "a number") from None
    return found


def _terms(given: dict[str, Any]) -> Terms:
    from tradewright.domain.instrument import Instrument
    from tradewright.domain.run import CostSpec, RiskSpec
    from tradewright.engine.replay import Terms

    steps = {name: given[name] for name in ("tick_size", "lot_size", "min_notional")}
    instrument = Instrument(given["symbol"], "recorded", **steps)
    rates = {name: given[name] for name in ("maker_fee", "taker_fee", "take_bound", "funding_rate")}
    costs = CostSpec(**rates)
    return Terms(instrument, costs, RiskSpec(leverage=given["leverage"], max_exposure=given["max_exposure"]))


def _spec(given: dict[str, Any]) -> TapeSpec:
    from tradewright.domain.tape import TapeSpec

    return TapeSpec(**{name: given[name] for name in ("balance", "entry_ms", "response_ms", "refusal", "seed")})


def _queues(names: list[str]) -> tuple[QueueModel, ...]:
    from tradewright.domain.enums import QueueModel
    from tradewright.domain.errors import UnknownName

    known = {model.name.lower(): model for model in QueueModel}
    for name in names:
        if name not in known:
            raise UnknownName("queue model", name, known)
    return tuple(known[name] for name in names)


def _show_parts(run: TapeRun) -> None:
    from tradewright.cli.output import number, print_table

    rows = [
        (row["queue"], row["symbol"], row["orders"], row["fills"], number(row["volume"], 0), number(row["profit"], 2),
         number(0.0 - row["fees"], 2), f"{row['maker_share']:.0%}", row["position"])
        for row in run.parts()
    ]  # fmt: skip
    names = (
        "queue",
        "symbol",
        *(name.replace("_", " ") for name in _FIGURES[1:] if name not in ("drawdown", "refused")),
    )
    print_table(names, rows)


def _show(run: TapeRun) -> None:
    from tradewright.cli.output import number, print_table, say

    say(f"{run.tape.events.size:,} events; the book was lost {run.gaps} times")
    rows = [
        (row["queue"], row["orders"], row["refused"], row["fills"], number(row["volume"], 0), number(row["profit"], 2),
         number(0.0 - row["fees"], 2), number(row["drawdown"], 2), f"{row['maker_share']:.0%}",
         "" if row["position"] is None else row["position"])
        for row in run.rows()
    ]  # fmt: skip
    print_table(tuple(name.replace("_", " ") for name in _FIGURES), rows)
    for row in run.rows():
        if row["refusals"]:
            counts = ", ".join(f"{reason} {count}" for reason, count in row["refusals"].items())
            say(f"refused under {row['queue']}: {counts}")
    if run.tape.names:
        _show_parts(run)
    if len(rows) > 1:
        say(f"profit hangs on where our orders stood in the queue: {number(run.spread, 2)} between these models")
    for note in run.assumptions:
        say(f"assumed: {note}")
