"""The targets of speed, one line each: what was asked, what was measured, met or missed."""

from __future__ import annotations

from typing import NamedTuple

from processes import Row


class Line(NamedTuple):
    """A line of the table."""

    asked: str
    measured: str
    verdict: str


RATIOS = (
    ("A: fastest public call of a peer", "A:", "public call", "public call"),
    ("A: bare Rust kernels of vectorbt", "A:", "public call", "bare rust kernels"),
    ("B: fastest public call of a peer", "B:", "public call", "public call"),
    ("B: bare Rust kernels of vectorbt", "B:", "public call", "bare rust kernels"),
    ("C: fastest public call of a peer", "C:", "public call", "public call"),
    ("C: bare Rust kernels of vectorbt", "C:", "public call", "bare rust kernels"),
    ("C, two threads: bare Rust kernels", "C:", "public call, two threads", "bare rust kernels, two threads"),
    ("D: fastest public call of a peer", "D:", "public call", "public call"),
    ("D: bare Rust kernels of vectorbt", "D:", "public call", "bare rust kernels"),
    ("E: market making on L2 events, hftbacktest", "E:", "public call", ""),
    ("a callback for each bar, nothing done: fastest peer", "a callback for each bar, no_op", "callback", ""),
    ("a callback for each bar, an order in ten: fastest peer", "a callback for each bar, every_tenth", "callback", ""),
    ("a callback for each bar, EMA cross: fastest peer", "a callback for each bar, ema_cross", "callback", ""),
)  # fmt: skip
"""What is asked; the job, our way and the peer's way of the rows that tell. The least ratio counts."""
PROMISED = (
    "two threads beside one, job C",
    "a callback for each bar, no_op",
    "a callback for each bar, every_tenth",
    "a callback for each bar, ema_cross",
    "nanoseconds per bar",
    "nanoseconds per order",
    "first result, library",
    "first result, command line",
    "all kernels compiled",
    "peak memory, bytes per bar above the input, job A, the whole call",
)
"""How the names of the promises begin that answer a target."""


def table(speed: list[Row], kept: list[Row]) -> list[Line]:
    """A line for each target, also for those that were not measured."""
    lines = []
    for asked, job, our_way, way in RATIOS:
        rows = [
            row for row in speed
            if row["ratio"] is not None and row["job"].startswith(job) and row["our_way"] == our_way
            and (not way or _way(row["peer"]) == way)
        ]  # fmt: skip
        least = min(rows, key=lambda row: row["ratio"], default=None)
        lines.append(_of_ratio(asked, least))
    answers = ((name, next((row for row in kept if row["job"].startswith(name)), None)) for name in PROMISED)
    return [*lines, *(_of_promise(name, row) for name, row in answers)]


def _way(peer: str) -> str:
    # "vectorbt 1.2.0, public call, rust" is a public call, whatever it runs on.
    way = peer.partition(", ")[2]
    return "public call" if way.startswith("public call") else way


def _of_ratio(asked: str, row: Row | None) -> Line:
    if row is None:
        return Line(asked, "", "not measured")
    measured = f"{row['ratio']:.2f} times {row['peer']} (target {row['target']:g})"
    return Line(asked, measured, "differs" if "differs" in row else "met" if row["kept"] else "missed")


def _of_promise(name: str, row: Row | None) -> Line:
    if row is None:
        return Line(name, "", "not measured")
    return Line(row["job"], f"{row['ours']:,} (limit {row['limit']:,})", "met" if row["kept"] else "missed")


def broken(rows: list[Row]) -> list[str]:
    """The jobs of all rows whose target or promise is not kept: for these `run.py` fails."""
    return [f"{row['job']}{' beside ' + row['peer'] if row['peer'] else ''}" for row in rows if row["kept"] is False]
