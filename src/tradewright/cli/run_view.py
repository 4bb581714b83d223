"""What a running paper session prints: a line for each thing that happens, and at the end what came of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tradewright.cli.output import number, print_json, print_table, say
from tradewright.domain.enums import OrderRole, SignalKind
from tradewright.domain.times import iso
from tradewright.risk.refusals import reason_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.engine.session import Heard
    from tradewright.market.steps import Step
    from tradewright.services.backtests import Kept
    from tradewright.services.live.drift import VenueDrift
    from tradewright.services.paper.drift import Drift
    from tradewright.services.paper.sessions import PaperSession

__all__ = ["RunView"]

_SHOWN = 10
_SECOND = 1_000_000_000


class RunView:
    """Tells a terminal, or a program that reads lines of JSON.

    Args:
        as_json: for a program.
        prefix: of each line.
    """

    def __init__(self, *, as_json: bool, prefix: str = "") -> None:
        self._as_json, self._prefix = as_json, prefix

    def played(self, own: PaperSession, step: Step, heard: Heard) -> None:
        """See `services.paper.trading.Listener`."""
        if self._as_json:
            self._line(_facts(own, step, heard))
            return
        lines = _events(own, heard)
        held = sum(1 for position in own.session.positions if position)
        closes = "  ".join(f"{symbol} {bar.close:g}" for symbol, bar in step.bars.items())
        self._write(f"{iso(step.ts_close)}  equity {number(heard.equity, 2)}  positions {held}  {closes}")
        for line in lines:
            self._write(f"    {line}")

    def asked(self, record: Mapping[str, Any], refusal: str) -> None:
        """See `services.paper.trading.Listener`."""
        words = f"{record.get('kind', record)}: " + (f"refused: {refusal}" if refusal else "done")
        if self._as_json:
            self._line({"kind": "asked", "record": dict(record), "refusal": refusal})
        else:
            self._write(f"    {words}")

    def waiting(self, reason: str, seconds: float) -> None:
        """See `services.paper.trading.Listener`."""
        sys.stderr.write(f"waiting {seconds:g} s: {reason}\n")

    def ended(self, name: str, own: PaperSession, kept: Kept | None, drift: Drift | None) -> None:
        """The session is over, for now."""
        if self._as_json:
            result = None if kept is None else kept.result.id
            end = {"kind": "end", "session": name, "bars": len(own.steps), "result": result}
            self._line(end | {"drift": _plain(drift)})
            return
        if kept is None or drift is None:
            say(f"session {name}: no bar has closed; go on with: tradewright run --resume {name}")
            return
        figures = kept.result
        say("")
        print_table(
            ("session", name),
            [
                ("bars", f"{len(own.steps):,}, {own.missed} heard of too late"),
                ("return", f"{figures.total_return:+.2%}"),
                ("final balance", number(figures.final_balance, 2)),
                ("trades", number(figures.total_trades)),
                ("fills beside the backtest's", drift_words(drift)),
                ("result", figures.id),
                ("report", str(kept.report)),
            ],
        )
        show_differences(drift)
        say(f"go on with: tradewright run --resume {name}")

    def _line(self, data: dict[str, Any]) -> None:
        self._write(json.dumps(data, allow_nan=False))

    def _write(self, text: str) -> None:
        sys.stdout.write(f"{self._prefix}{text}\n")
        sys.stdout.flush()


def drift_words(drift: Drift) -> str:
    """How far a session went from its backtest, in words."""
    if drift.is_equal and drift.fills == 0:
        return "neither has any; every point of equity equal"
    if drift.is_equal:
        return f"all {drift.fills} equal, and every point of equity"
    return f"{drift.score:.1%} of {drift.fills} and {drift.expected} alike; equity apart by {drift.equity:+,.2f}"


def show_differences(drift: Drift) -> None:
    """Print the first fills that only one of the two has."""
    if not drift.differences:
        return
    rows = [
        (iso(one.ts), one.symbol, "bought" if one.side > 0 else "sold", f"{one.quantity:g}", f"{one.price:g}",
         "session" if one.is_ours else "backtest", one.why)
        for one in drift.differences[:_SHOWN]
    ]  # fmt: skip
    print_table(("time", "instrument", "", "quantity", "price", "only in", "why"), rows)
    if len(drift.differences) > _SHOWN:
        say(f"and {len(drift.differences) - _SHOWN} more: tradewright sessions check --json")


def show_drift(name: str, drift: Drift | VenueDrift | None, *, as_json: bool) -> None:
    """Print how far a session went from the backtest over its bars."""
    from tradewright.services.live.drift import VenueDrift

    if as_json:
        print_json({"session": name, "drift": _plain(drift)})
    elif drift is None:
        say(f"session {name} has not played a bar")
    elif isinstance(drift, VenueDrift):
        _show_orders(name, drift)
    else:
        say(f"session {name}: fills beside the backtest's: {drift_words(drift)}")
        show_differences(drift)


def _show_orders(name: str, drift: VenueDrift) -> None:
    # Each order at the venue beside its counterpart: price, time, quantity, fee.
    if not drift.orders:
        say(f"session {name}: neither it nor the backtest has an order; equity {drift.equity:+,.2f} beside it")
        return
    prices = f"{'better' if drift.worse_bps < 0 else 'worse'} by {abs(drift.worse_bps):.2f} bps"
    say(
        f"session {name}: {drift.score:.1%} of {len(drift.orders)} orders are the backtest's, at prices {prices}; "
        f"fees {drift.fees:+,.2f}, equity {drift.equity:+,.2f} beside it"
    )
    rows = []
    for one in drift.orders:
        first = one.ours or one.expected
        pair = [
            f"{own.quantity:g} at {own.price:g}, fee {own.fee:.2f}" if own else "-" for own in (one.ours, one.expected)
        ]
        ts = iso(first.ts // _SECOND * _SECOND) if first else ""
        rows.append((ts, one.instrument, one.role, *pair, f"{one.worse_bps:+.1f}", one.why))
    print_table(("time", "instrument", "role", "at the venue", "in the backtest", "worse, bps", "why"), rows)


def _plain(drift: Drift | VenueDrift | None) -> dict[str, Any] | None:
    return None if drift is None else asdict(drift)


def _events(own: PaperSession, heard: Heard) -> list[str]:
    lines = []
    for fill in heard.fills:
        instrument = own.session.instruments[int(fill["instrument"])]
        quantity, price = instrument.from_lots(int(fill["lots"])), instrument.from_ticks(int(fill["ticks"]))
        verb = "bought" if fill["side"] > 0 else "sold"
        role = OrderRole(int(fill["role"])).name.lower().replace("_", " ")
        profit = f", realised {fill['realised']:+,.2f}" if fill["closed_lots"] else ""
        lines.append(f"{verb} {quantity:g} {instrument.symbol} at {price:g} ({role}, fee {fill['fee']:.2f}{profit})")
    for payment in heard.payments:
        symbol = own.session.instruments[int(payment["instrument"])].symbol
        amount = float(payment["amount"])
        lines.append(f"funding of {symbol} {'received' if amount > 0.0 else 'paid'}: {abs(amount):,.2f}")
    for signal in heard.signals:
        symbol = own.session.instruments[int(signal["instrument"])].symbol
        lines.append(f"signal {SignalKind(int(signal['kind'])).name.lower()} {symbol}")
    for refusal in heard.refusals:
        symbol = own.session.instruments[int(refusal["instrument"])].symbol
        words = reason_text(int(refusal["code"]), float(refusal["observed"]), float(refusal["limit"]))
        lines.append(f"refused {symbol}: {words}")
    return lines


def _facts(own: PaperSession, step: Step, heard: Heard) -> dict[str, Any]:
    return {
        "kind": "bar",
        "ts_open": iso(step.ts_open),
        "ts_close": iso(step.ts_close),
        "bars": {symbol: bar._asdict() for symbol, bar in step.bars.items()},
        "equity": heard.equity,
        "positions": own.session.positions_by_symbol(),
        "events": _events(own, heard),
    }
