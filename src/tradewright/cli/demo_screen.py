"""The demo in a terminal: what the market does, what strategies see in it, what lies at the exchange."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.columns import Columns
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table

from tradewright.cli.live_view import live_words
from tradewright.services import session_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tradewright.bootstrap.demo import Demo
    from tradewright.services.live.session import LiveSession

__all__ = ["KeyScreen", "LineScreen"]

_REFRESH_S = 0.5
_SIGNALS, _LINES = 6, 8
_KEYS = 64


class LineScreen:
    """A line for each thing that happens: for a file, or a terminal that is none."""

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`."""
        for record in records:
            if record["kind"] != "step" and (words := live_words(live.name, live, record)):
                sys.stdout.write(f"{live.spec.strategy:18} {words.strip()}\n")
        sys.stdout.flush()

    async def show(self, demo: Demo) -> None:
        """Nothing but lines."""
        await demo.over.wait()


class KeyScreen:
    """Tables that change as the market does, and keys: c confirms, r rejects, q ends.

    Args:
        console: to draw on.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lines: list[str] = []
        self._begun = time.monotonic()
        self._first: dict[str, float] = {}

    def happened(self, live: LiveSession, records: Sequence[Mapping[str, Any]]) -> None:
        """See `services.live.terms.Watcher`."""
        for record in records:
            if record["kind"] != "step" and (words := live_words(live.name, live, record)):
                self._lines.append(f"{live.spec.strategy}: {words.strip()}")
        del self._lines[:-_LINES]

    async def show(self, demo: Demo) -> None:
        """Draw until it is over."""
        with _keys(lambda key: self._pressed(demo, key)), Live(console=self._console, screen=True) as live:
            while not demo.over.is_set():
                live.update(self._page(demo))
                try:
                    async with asyncio.timeout(_REFRESH_S):
                        await demo.over.wait()
                except TimeoutError:
                    continue

    def _pressed(self, demo: Demo, key: str) -> None:
        if key in ("q", "\x03"):
            demo.over.set()
        kind = {"c": "confirm", "r": "reject"}.get(key)
        waiting = next(iter(self._waiting(demo)), None)
        if kind and waiting:
            name, row = waiting
            record = {"kind": kind, "order_id": row["order"], "by": "the keyboard"}
            task = asyncio.get_running_loop().create_task(demo.sessions.ask(name, record))
            task.add_done_callback(lambda done: done.exception())

    @staticmethod
    def _waiting(demo: Demo) -> list[tuple[str, dict[str, Any]]]:
        return [(name, row) for name, one in demo.drivers.items() for row in session_facts.pending(one.live)]

    def _page(self, demo: Demo) -> Group:
        known = {name: driver.live for name, driver in demo.drivers.items()}
        seconds = time.monotonic() - self._begun
        head = f"[bold black on cyan] SIMULATION [/] practice exchange, {demo.speed:g} minutes in one, {seconds:.0f} s"
        keys = "[bold]c[/] confirm  [bold]r[/] reject  [bold]q[/] or Ctrl-C end"
        return Group(
            Panel(f"{head}    {keys}", border_style="cyan"),
            Columns([self._market(known), _sessions(known)]),
            _signals(known),
            Columns([_orders(known), _positions(known)]),
            self._pending(demo),
            Panel("\n".join(self._lines) or "nothing yet", title="what happened last", border_style="dim"),
        )

    def _market(self, known: Mapping[str, LiveSession]) -> Table:
        table = _table("market", "instrument", "price", "since the start")
        for live in known.values():
            instrument = live.session.instruments[0]
            price = instrument.from_ticks(live.session.last_ticks(0))
            first = self._first.setdefault(instrument.symbol, price) if price else 0.0
            change = price / first - 1 if first else 0.0
            table.add_row(instrument.symbol, f"{price:,.2f}", _coloured(change, f"{change:+.2%}"))
        return table

    def _pending(self, demo: Demo) -> Panel:
        words = [
            f"{row['side']} {row['quantity']:g} {row['instrument']} at {row['price']:,.2f}, "
            f"stop {row['stop_loss']}, target {row['take_profit']}, at risk {row['at_risk'] or 0:,.2f}  "
            "[bold]c[/] to send it, [bold]r[/] to drop it"
            for _, row in self._waiting(demo)
        ]
        return Panel(
            "\n".join(words) or "none", title="waits to be confirmed", border_style="yellow" if words else "dim"
        )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", expand=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", no_wrap=True)
    return table


def _coloured(value: float, text: str) -> str:
    # Blue and orange, which the colour-blind can tell apart.
    return f"[{'dodger_blue1' if value >= 0 else 'dark_orange'}]{text}[/]"


def _sessions(known: Mapping[str, LiveSession]) -> Table:
    table = _table("strategies", "strategy", "instrument", "equity", "profit", "trading")
    for live in known.values():
        row = session_facts.status("", live)
        profit = row["equity"] - live.spec.balance
        state = row["halted"] or ("paused" if row["paused"] else "yes")
        equity = f"{row['equity']:,.2f}"
        table.add_row(row["strategy"], row["instruments"][0], equity, _coloured(profit, f"{profit:+,.2f}"), state)
    return table


def _signals(known: Mapping[str, LiveSession]) -> Table:
    table = Table(title="signals and their reasons", title_justify="left")
    for name in ("time", "strategy", "signal", "reasons"):
        table.add_column(name, no_wrap=name != "reasons")
    rows = [(row["ts"], live.spec.strategy, row) for live in known.values() for row in session_facts.signals(live, 3)]
    for ts, strategy, row in sorted(rows, key=lambda one: one[:2], reverse=True)[:_SIGNALS]:
        table.add_row(ts[11:19], strategy, f"{row['signal']} {row['instrument']}", row["reasons"][:90])
    return table


def _orders(known: Mapping[str, LiveSession]) -> Table:
    table = _table("orders at the exchange", "instrument", "side", "role", "quantity", "price")
    for live in known.values():
        for row in session_facts.orders(live):
            price = "market" if row["price"] is None else f"{row['price']:,.2f}"
            table.add_row(row["instrument"], row["side"], row["role"], f"{row['quantity']:g}", price)
    return table


def _positions(known: Mapping[str, LiveSession]) -> Table:
    table = _table("positions", "instrument", "side", "quantity", "entry", "profit", "stop")
    for live in known.values():
        for row in session_facts.positions(live):
            stop = "-" if row["stop"] is None else f"{row['stop']:,.2f}"
            profit = _coloured(row["profit"], f"{row['profit']:+,.2f}")
            quantity = f"{abs(row['quantity']):g}"
            table.add_row(row["instrument"], row["side"], quantity, f"{row['entry']:,.2f}", profit, stop)
    return table


@contextmanager
def _keys(pressed: Any) -> Iterator[None]:
    # Keys one by one, as they are pressed; the terminal is what it was afterwards.
    import termios
    import tty

    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    loop = asyncio.get_running_loop()
    tty.setcbreak(handle)

    def read() -> None:
        # All that is there: what a buffer of Python's kept back would wait for the next key.
        for key in os.read(handle, _KEYS).decode(errors="ignore"):
            pressed(key)

    loop.add_reader(handle, read)
    try:
        yield
    finally:
        loop.remove_reader(handle)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
