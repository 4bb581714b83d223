"""What we promise of ourselves, beside what was measured: rows of the result with a limit."""

from __future__ import annotations

from jobs import alone
from processes import Row, best

LEAST_BARS_PER_S, MOST_BYTES_PER_BAR, LEAST_SPEED_UP = 20e6, 64.0, 1.8
MOST_SECONDS = {
    "help": 0.3,
    "backtest of a month of 1m bars": 3.0,
    "year of 5m bars, the library of strategies": 2.0,
    "first result, library": 1.0,
    "first result, command line": 1.0,
    "all kernels compiled": 60.0,
}
LEAST_CALLBACKS_PER_S = {"no_op": 0.8e6, "every_tenth": 0.5e6, "ema_cross": 0.4e6}
LEAST_FOUND_PER_S = {
    "chart patterns": 0.5e6,
    "levels": 0.2e6,
    "smart money": 0.2e6,
    "chart patterns bar by bar": 10e3,
    "levels bar by bar": 10e3,
}
MOST_MICROSECONDS = {"50 streams, one new bar": 100.0}
MOST_SECONDS_P99 = {
    "journal append, SQLite": 0.005,
    "order put, SQLite": 0.02,
    "fill put, SQLite": 0.02,
    "last 50 fills found, SQLite": 0.02,
    "orders of a status found, SQLite": 0.02,
    "equity of a span found, SQLite": 0.02,
    "audit line added, SQLite": 0.02,
}
"""With a million rows in each table that is asked."""
MOST_MB, MOST_MB_AN_HOUR = 250.0, 0.5
"""Of a process in which sessions trade: in all, and more with each hour of the market."""
MOST_MS_TO_THE_ORDER = {50: 20.0}
"""By instruments: from the message that makes a close whole to the first order on the wire, p99; others are told."""
MOST_TIMES_TALIB = {"30 indicators, 1,000,000 bars": 1.1}
MOST_SPREAD = {"nanoseconds per bar": (10_000, 1.5), "nanoseconds per order": (1_000, 2.5)}
"""From how many on, and how many times the cheapest the dearest may cost.

Few orders in a million bars cost more each, not less: their code and records have left the processor's caches.
"""
WHOLE_CALL, ENGINE_ALONE = ("A", "D"), ("A", "B", "D")
"""Jobs whose memory for each bar is held to the limit: of the whole call, and of the engine over ready signals.

The others are told and not held, for what they hold is not the engine's for a bar: in B the strategy lays four columns
of prices and two averages, 48 bytes a bar; a sweep (C) holds its first run beside the one at work, and its fastest pair
trades every 37 bars, so that there the logs of orders weigh as much as two columns.
"""


def at_least(job: str, got: float, limit: float, **more: object) -> Row:
    """A row that is kept where as much was reached."""
    return alone(job, round(got, 3), limit=limit, kept=got >= limit, **more)


def at_most(job: str, got: float, limit: float, **more: object) -> Row:
    """A row that is kept where it was no more."""
    return alone(job, round(got, 3), limit=limit, kept=got <= limit, **more)


def promises(rows: list[Row], waits: list[Row]) -> list[Row]:
    """Our own promises, as far as what they speak of was measured."""
    timed = [row for row in waits if "seconds" in row]
    waited = {row["way"]: row for row in sorted(timed, key=lambda row: -row["seconds"])}
    return [*of_the_engine(rows), *of_rates(waited), *of_memory(rows), *of_waiting(waited), *of_flatness(waits)]


def of_the_engine(rows: list[Row]) -> list[Row]:
    """The loop alone, and what a second thread is good for."""
    # Each job by itself: a way of ours has the same name in all of them.
    by_job = {job: best([row for row in rows if row["job"] == job]) for job in ("A", "C")}
    loop = [row["bars_per_s"] for (_, way, _), row in by_job["A"].items() if way == "compiled loop"]
    by_threads = {way: row["bars_per_s"] for (_, way, cut), row in by_job["C"].items() if not cut}
    kept = [at_least("engine only, bars/s", rate, LEAST_BARS_PER_S) for rate in loop[-1:]]
    if {"public call", "public call, two threads"} <= by_threads.keys():
        speed_up = by_threads["public call, two threads"] / by_threads["public call"]
        kept.append(at_least("two threads beside one, job C, times", speed_up, LEAST_SPEED_UP))
    return kept


def of_rates(waited: dict[str, Row]) -> list[Row]:
    """Callbacks and what looks for patterns, bars per second."""
    kept = []
    for way, job, least in (
        *((f"callback {name}", f"a callback for each bar, {name}", n) for name, n in LEAST_CALLBACKS_PER_S.items()),
        *((f"find {name}", name, n) for name, n in LEAST_FOUND_PER_S.items()),
    ):
        if row := waited.get(way):
            more = {"peak_mb": row["peak_mb"]} if "peak_mb" in row else {}
            kept.append(at_least(f"{job}, bars/s", row["bars"] / row["seconds"], least, **more))
    return kept


def of_memory(rows: list[Row]) -> list[Row]:
    """Bytes for each bar above the input, of every job on all of its bars."""
    kept = []
    for row in {row["job"]: row for row in rows if "bytes_per_bar" in row and not row["cut"]}.values():
        for name, what, held in (
            ("bytes_per_bar", "the whole call", WHOLE_CALL),
            ("engine_bytes_per_bar", "the engine over ready signals", ENGINE_ALONE),
        ):
            told = at_most(
                f"peak memory, bytes per bar above the input, job {row['job']}, {what}", row[name], MOST_BYTES_PER_BAR
            )
            kept.append(told if row["job"] in held else told | {"limit": None, "kept": None})
    return kept


def of_waiting(waited: dict[str, Row]) -> list[Row]:
    """What somebody waits for."""
    kept = [at_most(f"{way}, s", waited[way]["seconds"], most) for way, most in MOST_SECONDS.items() if way in waited]
    for way, most in MOST_MICROSECONDS.items():
        kept += [at_most(f"{way}, us", 1e6 * waited[way]["seconds"], most)] if way in waited else []
    for way, most in MOST_SECONDS_P99.items():
        kept += [at_most(f"{way}, ms, p99", 1e3 * waited[way]["seconds"], 1e3 * most)] if way in waited else []
    for way, most in MOST_TIMES_TALIB.items():
        if way in waited:
            times = waited[way]["times_talib"]
            beside = {"best_peer": 1.0, "peer": "TA-Lib", "ratio": round(1.0 / times, 3)}
            kept.append(at_most(f"{way}, times raw TA-Lib", times, most) | beside)
    return kept


def of_session_memory(row: Row) -> list[Row]:
    """What `session_memory.py` found."""
    what = f"{row['strategies']} sessions of {row['symbols']} instruments"
    return [
        at_most(f"memory of {what}, the most in {row['hours']} h, MB", row["most_mb"], MOST_MB, **row),
        at_most(f"memory of {what}, more with each hour, MB", row["mb_an_hour"], MOST_MB_AN_HOUR),
    ]


def of_session_latency(row: Row) -> Row:
    """What `session_latency.py` found with so many instruments."""
    job = f"from the last bar of a close to the first order on the wire, {row['symbols']} instruments, ms, p99"
    got, most = (row["first_order"] or {}).get("p99"), MOST_MS_TO_THE_ORDER.get(row["symbols"])
    kept = None if most is None else got is not None and got <= most
    return alone(job, got, limit=most, kept=kept, **row)


def of_flatness(waits: list[Row]) -> list[Row]:
    """How many times the cheapest the dearest bar and order cost, from small runs to large ones."""
    kept = []
    for row in waits:
        if row.get("job") in MOST_SPREAD:
            begin, most = MOST_SPREAD[row["job"]]
            costs = [cost for size, cost in row["points"] if size >= begin]
            spread = max(costs) / max(min(costs), 1e-9)
            kept.append(
                at_most(f"{row['job']}, from {begin:,} on, largest by smallest", spread, most, points=row["points"])
            )
    return kept
