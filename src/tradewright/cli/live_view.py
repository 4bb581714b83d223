"""What a session at a venue prints while it trades: a line for each thing that happens."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from tradewright.cli.output import number, print_table, say
from tradewright.domain.times import iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.services.backtests import Kept
    from tradewright.services.live.session import LiveSession

__all__ = ["LiveView", "live_words"]

_SECOND = 1_000_000_000


class LiveView:
    """Tells a terminal, or a program that reads lines of JSON.

    Args:
        name: of the session.
        as_json: for a program.
        prefix: of each line.
    """

    def __init__(self, name: str, *, as_json: bool, prefix: str = "") -> None:
        self._name, self._as_json, self._prefix = name, as_json, prefix
        self._noted = 0

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`."""
        for record in records:
            words = live_words(self._name, live, record)
            if self._as_json:
                self._write(
                    json.dumps({"session": self._name, "kind": record["kind"], "words": words}, allow_nan=False)
                )
            elif words:
                self._write(words)
        for ts, text in live.notes[self._noted :] if not self._as_json else ():
            self._write(f"    {iso(ts // _SECOND * _SECOND)}  {text}")
        self._noted = len(live.notes)

    def ended(self, live: LiveSession, kept: Kept | None) -> None:
        """The session is over, for now."""
        if self._as_json:
            result = None if kept is None else kept.result.id
            self._write(
                json.dumps({"session": self._name, "kind": "end", "bars": len(live.own.steps), "result": result})
            )
            return
        again = f"go on with: tradewright run --at-venue --resume {self._name}"
        if kept is None:
            say(
                f"session {self._name}: no bar has closed; go on with: tradewright run --at-venue --resume {self._name}"
            )
            return
        figures = kept.result
        rows = [
            ("bars", f"{len(live.own.steps):,}, {live.own.missed} heard of too late"),
            ("return", f"{figures.total_return:+.2%}"),
            ("final balance", number(figures.final_balance, 2)),
            ("trades", number(figures.total_trades)),
            ("result", figures.id),
            ("report", str(kept.report)),
        ]
        say("")
        print_table(("session", self._name), rows)
        say(again)

    def _line(self, data: dict[str, Any]) -> None:
        self._write(json.dumps({"session": self._name, **data}, allow_nan=False))

    def _write(self, text: str) -> None:
        sys.stdout.write(f"{self._prefix}{text}\n")
        sys.stdout.flush()


def live_words(name: str, live: LiveSession, record: Mapping[str, Any]) -> str:
    """A record in words; empty where it is of no interest to a person."""
    kind = record["kind"]
    if kind == "step":
        closes = "  ".join(f"{symbol} {bar[3]:g}" for symbol, bar in record["bars"].items())
        held = sum(1 for position in live.session.positions if position)
        equity = number(float(live.session.world.equity[-1]), 2)
        return f"{iso(record['ts_close'])}  equity {equity}  positions {held}  {closes}"
    if kind == "sent":
        return f"    sending {_sent_words(record)}"
    if kind == "told" and record["event"]["is"] == "Filled":
        fill = record["event"]["fill"]
        verb = "bought" if fill["side"] == "buy" else "sold"
        fee = f"fee {fill['fee']} {fill['fee_currency']}"
        return f"    {verb} {fill['quantity']} {fill['instrument']} at {fill['price']} ({fee})"
    if kind == "outcome" and record["result"]["is"] == "Unknown":
        return f"    no answer about {record['client_id']}: {record['result']['text']}; it is asked for"
    if kind == "hold":
        price = f"{record['price']:g}"
        return f"    order {record['order_id']} waits at {price}: tradewright confirm {record['order_id']} {name}"
    return ""


def _sent_words(record: Mapping[str, Any]) -> str:
    if record["what"] != "place":
        return f"{record['what']} of {record['client_id']}"
    order = record["order"]
    price = order["price"] or order["trigger"]
    at = f" at {price}" if price else ""
    quantity = "the position" if order["close_position"] else order["quantity"]
    return f"{order['side']} {order['kind']} {quantity} {order['instrument']}{at} as {order['client_id']}"
