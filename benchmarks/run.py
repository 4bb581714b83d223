"""Ours and the peers in turns; prints ratios and targets, writes results/*.json. Usage: run.py [JOB ...] [--compile].

It ends with an error where a ratio is below its target, a promise of ours is broken or a peer did other work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile

from compare import JOBS, compare, not_measured, on_a_book, on_callbacks
from processes import HERE, ROUNDS, Row, in_turns, ours, peers
from promises import promises
from targets import broken, table

STREAMS = HERE.parents[1] / "shared/data/streams"
ALONE = ("start_up.py", "library.py", "indicators.py", "storage.py", "flatness.py")


def book(folder: str) -> list[Row]:
    """Job E, where there is a recorded stream."""
    stream = next(iter(sorted(STREAMS.glob("*.jsonl.gz"))), None)
    if stream is None:
        print(f"no recorded stream in {STREAMS}: job E is left out")
        return []
    subprocess.run([sys.executable, HERE / "book_market.py", stream, folder], check=True)
    rows: list[Row] = []
    for _ in range(ROUNDS):
        rows += ours("book.py", folder) + peers("hftbacktest", folder)
    return on_a_book(rows)


def callbacks(folder: str) -> tuple[list[Row], list[Row]]:
    """Strategies that are asked at every close: ours, and those of a peer."""
    mine: list[Row] = []
    others: list[Row] = []
    for _ in range(ROUNDS):
        mine += ours("callbacks.py", folder)
        others += peers("lrvx", folder)
    return mine, others


def waits(folder: str, *, with_compiler: bool) -> list[Row]:
    """What somebody waits for, and what only we promise."""
    rows = [row for script in ALONE for row in ours(script)]
    rows += ours("patterns.py", folder)
    return rows + (ours("compile_all.py") if with_compiler else [])


def report(speed: list[Row], kept: list[Row]) -> None:
    """Print every row, and the table of the targets."""
    for row in speed:
        if row["ratio"] is None:
            print(f"{row['job']} | {row['peer']}: not measured: {row['not_measured']}")
            continue
        print(
            f"{row['job']} | {row['our_way']}: {row['ours'] / 1e6:.1f} M {row['unit']}, {row['peak_mb']} MB | "
            f"{row['peer']}: "
            f"{row['best_peer'] / 1e6:.3g} M {row['unit']}, {row['peer_peak_mb']} MB | ratio {row['ratio']:.2f} "
            f"(target {row['target']:g}){' | DIFFERS: ' + row['differs'] if 'differs' in row else ''}"
        )
    for row in kept:
        held = "told" if row["kept"] is None else f"limit {row['limit']:,}, {'kept' if row['kept'] else 'BROKEN'}"
        room = f", {row['peak_mb']} MB" if "peak_mb" in row else ""
        print(f"{row['job']}: {row['ours']:,} ({held}){room}")
    print("\ntargets")
    for line in table(speed, kept):
        print(f"  {line.verdict:<13} {line.asked}{': ' + line.measured if line.measured else ''}")


def main() -> None:
    """Measure, print, write; fail where a target or promise is missed or a peer did other work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", nargs="*", help="of A to E; all where none is named")
    parser.add_argument("--compile", action="store_true", help="also the time of compiling: two minutes of processor")
    asked = parser.parse_args()
    if unknown := set(asked.jobs) - {*JOBS, "E"}:
        parser.error(f"unknown jobs {sorted(unknown)}; known are {', '.join([*JOBS, 'E'])}")
    jobs = [job for job in asked.jobs or JOBS if job in JOBS]
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own: a child's peak of memory begins with what its parent holds.
        subprocess.run([sys.executable, HERE / "market.py", folder], check=True)
        rows = {job: in_turns(job, folder) for job in jobs}
        asked_often, others = callbacks(folder)
        waited = asked_often + waits(folder, with_compiler=asked.compile)
        books = book(folder) if "E" in (asked.jobs or "E") else []
    speed = [row for job in jobs for row in compare(job, rows[job])] + on_callbacks(asked_often, others) + books
    speed += not_measured() if not asked.jobs else []
    kept = promises([row for job in jobs for row in rows[job]], waited)
    report(speed, kept)
    (HERE / "results").mkdir(exist_ok=True)
    if not asked.jobs:
        write("speed", speed)
        write("promises", kept)
    print(f"load of this machine: {os.getloadavg()[0]:.1f}; written: benchmarks/results")
    if missed := broken([*speed, *kept]):
        sys.exit("bench: missed, or a peer did other work:\n  " + "\n  ".join(missed))


def write(name: str, rows: list[Row]) -> None:
    """Keep rows in the folder of the results."""
    (HERE / f"results/{name}.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
