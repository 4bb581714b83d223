"""Run ours and the peers in turns, print the ratios, write results/*.json. Usage: run.py [JOB ...]."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROUNDS = 3
JOBS = {
    "A": "A: average cross, a year of minutes",
    "B": "B: bracket inside the bar, a year of minutes",
    "C": "C: a hundred pairs of averages, a year of five minutes",
    "D": "D: twenty symbols in one account, a year of five minutes",
}
BOOK = "E: quoting on a recorded book, {}"
STREAMS = HERE.parents[1] / "shared/data/streams"
BOOK_TARGET = 0.5
SLOW_PEERS = ("nautilus", "backtrader")
CUT = {"A": 52_560, "B": 52_560, "C": 26_280, "D": 5_256}  # bars of each symbol for those who need seconds for more
CUT_PAIRS = 2
LIKE = {
    "bare rust kernels": ("public call", 1.0),
    "bare rust kernels, two threads": ("public call, two threads", 1.0),
    "rust loop alone": ("compiled loop", 1.0),
}
PUBLIC = ("public call", 3.0)
"""What of ours a peer's way is set beside, and how many times as fast it should be."""
LEAST_BARS_PER_S, MOST_BYTES_PER_BAR, LEAST_SPEED_UP = 20e6, 64.0, 1.8
MOST_SECONDS = {"help": 0.3, "backtest of a month of 1m bars": 3.0, "year of 5m bars, the library of strategies": 2.0}
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
MOST_TIMES_TALIB = {"30 indicators, 1,000,000 bars": 1.1}
MOST_EQUITY_APART = 1e-3

Row = dict[str, Any]


def measure(python: Path, script: str, *arguments: object) -> list[Row]:
    """The rows that one process prints; none where it cannot run."""
    if not python.exists():
        print(f"no environment for {script} (make bench builds it where it can)")
        return []
    command = [str(part) for part in (python, HERE / script, *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{script} failed:\n{done.stderr[-2_000:]}")
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def ours(*arguments: object) -> list[Row]:
    """Our rows of a job."""
    return measure(Path(sys.executable), "ours.py", *arguments)


def peers(name: str, *arguments: object) -> list[Row]:
    """A peer's rows of a job."""
    return measure(HERE / f".venvs/{name}/bin/python", f"peer_{name}.py", *arguments)


def in_turns(job: str, folder: str) -> list[Row]:
    """All rows of a job, turn by turn, so that a busy minute slows ours and the peers' alike."""
    rows: list[Row] = []
    for _ in range(ROUNDS):
        rows += ours(job, folder) + peers("vectorbt", job, folder, "--calls", 3)
    cut = (job, folder, "--bars", CUT[job], "--pairs", CUT_PAIRS)
    for name in SLOW_PEERS:
        rows += ours(*cut) + peers(name, *cut, "--calls", 1)
    return rows


def best(rows: list[Row]) -> dict[tuple[str, str, int], Row]:
    """The fastest row of each way of each engine."""
    timed = [row for row in rows if "seconds" in row]
    return {(row["who"], row["way"], row["cut"]): row for row in sorted(timed, key=lambda row: -row["seconds"])}


def beside(job: str, mine: Row, peer: Row, target: float) -> Row:
    """One row of the result: bars per second, ours and the peer's, on the same bars."""
    row: Row = {
        "job": JOBS[job], "ours": mine["bars_per_s"], "our_way": mine["way"], "best_peer": peer["bars_per_s"],
        "peer": f"{peer['who']}, {peer['way']}", "ratio": round(mine["bars_per_s"] / peer["bars_per_s"], 2),
        "target": target, "unit": "bars/s", "bars": mine["bars"], "trades": mine["trades"],
        "peak_mb": mine["peak_mb"], "peer_peak_mb": peer["peak_mb"], "load": max(mine["load"], peer["load"]),
    }  # fmt: skip
    if mine["way"] != "compiled loop":
        apart = abs(peer["equity"] / mine["equity"] - 1.0)
        row["equity_apart"] = round(apart, 9)
        if peer["trades"] != mine["trades"] or apart > MOST_EQUITY_APART:
            row["differs"] = f"trades {mine['trades']} and {peer['trades']}, equity apart by {apart:.1e}"
    return row


def compare(job: str, rows: list[Row]) -> list[Row]:
    """Like beside like, the fastest public call first."""
    found = best(rows)
    mine = {(way, cut): row for (who, way, cut), row in found.items() if who.startswith("tradewright")}
    result = []
    for (who, way, cut), peer in found.items():
        our_way, target = LIKE.get(way, PUBLIC)
        if not who.startswith("tradewright") and (our_way, cut) in mine:
            result.append(beside(job, mine[our_way, cut], peer, target))
    return sorted(result, key=lambda row: (row["our_way"] == "compiled loop", row["target"] != PUBLIC[1], row["ratio"]))


def on_a_book(folder: str) -> list[Row]:
    """Events per second of one strategy on a recorded book, beside hftbacktest's faster kind of book."""
    stream = next(iter(sorted(STREAMS.glob("*.jsonl.gz"))), None)
    if stream is None:
        print(f"no recorded stream in {STREAMS}: job E is left out")
        return []
    subprocess.run([sys.executable, HERE / "book_market.py", stream, folder], check=True)
    rows: list[Row] = []
    for _ in range(ROUNDS):
        rows += measure(Path(sys.executable), "book.py", folder) + peers("hftbacktest", folder)
    fastest: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: -row["seconds"]):
        fastest[row["who"], row["way"].partition(",")[0]] = row
    return [
        {
            "job": BOOK.format(model), "ours": round(mine["bars"] / mine["seconds"]), "our_way": "public call",
            "best_peer": round(peer["bars"] / peer["seconds"]), "peer": f"hftbacktest, {peer['way']}",
            "ratio": round(peer["seconds"] / mine["seconds"], 2), "target": BOOK_TARGET, "unit": "events/s",
            "bars": mine["bars"], "trades": mine["trades"], "peer_trades": peer["trades"],
            "peak_mb": mine["peak_mb"], "peer_peak_mb": peer["peak_mb"], "load": max(mine["load"], peer["load"]),
        }
        for (who, model), mine in fastest.items()
        if who == "tradewright" and (peer := fastest.get(("hftbacktest", model)))
    ]  # fmt: skip


def promises(rows: list[Row], waits: list[Row]) -> list[Row]:
    """Our own promises: name, measured, limit."""
    found = best(rows)
    loop = [row["bars_per_s"] for (_, way, _), row in found.items() if (row["job"], way) == ("A", "compiled loop")]
    room = [row["bytes_per_bar"] for row in rows if row["job"] == "A" and "bytes_per_bar" in row and not row["cut"]]
    by_threads = {way: row["bars_per_s"] for (_, way, _), row in found.items() if row["job"] == "C" and not row["cut"]}
    limits = [("engine only, bars/s", rate, LEAST_BARS_PER_S) for rate in loop[-1:]]
    if PUBLIC[0] in by_threads:
        speed_up = by_threads["public call, two threads"] / by_threads["public call"]
        limits.append(("two threads beside one, job C, times", speed_up, LEAST_SPEED_UP))
    waited = {row["way"]: row for row in sorted(waits, key=lambda row: -row["seconds"])}
    for name, least in LEAST_CALLBACKS_PER_S.items():
        if row := waited.get(f"callback {name}"):
            limits.append((f"a callback for each bar, {name}, bars/s", row["bars"] / row["seconds"], least))
    for name, least in LEAST_FOUND_PER_S.items():
        if row := waited.get(f"find {name}"):
            limits.append((f"{name}, bars/s", row["bars"] / row["seconds"], least))
    ceilings = [("peak memory, bytes per bar above the input", least, MOST_BYTES_PER_BAR) for least in room[:1]]
    for way, most in MOST_SECONDS.items():
        ceilings += [(f"{way}, s", waited[way]["seconds"], most)] if way in waited else []
    for way, most in MOST_MICROSECONDS.items():
        ceilings += [(f"{way}, us", 1e6 * waited[way]["seconds"], most)] if way in waited else []
    for way, most in MOST_SECONDS_P99.items():
        ceilings += [(f"{way}, ms, p99", 1e3 * waited[way]["seconds"], 1e3 * most)] if way in waited else []
    for way, most in MOST_TIMES_TALIB.items():
        ceilings += [(f"{way}, times raw TA-Lib", waited[way]["times_talib"], most)] if way in waited else []
    return [
        *({"job": job, "ours": round(got, 3), "limit": least, "kept": got >= least} for job, got, least in limits),
        *({"job": job, "ours": round(got, 3), "limit": most, "kept": got <= most} for job, got, most in ceilings),
    ]


def report(speed: list[Row], kept: list[Row]) -> None:
    """Print both lists."""
    for row in speed:
        print(
            f"{row['job']} | {row['our_way']}: {row['ours'] / 1e6:.1f} M {row['unit']}, {row['peak_mb']} MB | "
            f"{row['peer']}: "
            f"{row['best_peer'] / 1e6:.3g} M {row['unit']}, {row['peer_peak_mb']} MB | ratio {row['ratio']:.2f} "
            f"(target {row['target']:g}){' | DIFFERS: ' + row['differs'] if 'differs' in row else ''}"
        )
    for row in kept:
        print(f"{row['job']}: {row['ours']:,} (limit {row['limit']:,}) {'kept' if row['kept'] else 'BROKEN'}")


def main() -> None:
    """Measure, print, write; fail where a promise of ours is broken or a peer did other work."""
    jobs = [job for job in sys.argv[1:] or JOBS if job in JOBS]
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child's peak of memory begins with what its parent holds.
        subprocess.run([sys.executable, HERE / "market.py", folder], check=True)
        rows = {job: in_turns(job, folder) for job in jobs}
        waits = [
            row
            for script in ("start_up.py", "library.py", "indicators.py", "storage.py")
            for row in measure(Path(sys.executable), script)
        ]
        for script in ("callbacks.py", "patterns.py"):
            waits += measure(Path(sys.executable), script, folder)
        books = on_a_book(folder) if "E" in (sys.argv[1:] or "E") else []
    speed = [row for job in jobs for row in compare(job, rows[job])] + books
    kept = promises([row for job in jobs for row in rows[job]], waits)
    report(speed, kept)
    (HERE / "results").mkdir(exist_ok=True)
    if not sys.argv[1:]:
        (HERE / "results/speed.json").write_text(json.dumps(speed, indent=1) + "\n")
        (HERE / "results/promises.json").write_text(json.dumps(kept, indent=1) + "\n")
    print(f"load of this machine: {os.getloadavg()[0]:.1f}; written: benchmarks/results")
    if any("differs" in row for row in speed) or not all(row["kept"] for row in kept):
        sys.exit("bench: a promise is broken, or a peer did other work")


if __name__ == "__main__":
    main()
