"""Run ours and the peers in turns, print the ratios, write results/*.json. Usage: python benchmarks/run.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from market import BARS, write_year

HERE = Path(__file__).resolve().parent
PEER = HERE / ".venvs/vectorbt/bin/python"
ROUNDS = 3
LEAST_BARS_PER_S, MOST_BYTES_PER_BAR, MOST_HELP_S, MOST_BACKTEST_S = 20e6, 64.0, 0.3, 3.0
LEAST_CALLBACKS_PER_S = {"no_op": 0.8e6, "every_tenth": 0.5e6, "ema_cross": 0.4e6}

Row = dict[str, Any]


def measure(python: Path, script: str, *arguments: str) -> list[Row]:
    """The rows that one process prints; none where it cannot run."""
    done = subprocess.run([python, HERE / script, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{script} failed:\n{done.stderr[-2_000:]}")
        return []
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def best(rows: list[Row]) -> dict[str, Row]:
    """The fastest row of each way."""
    return {row["way"]: row for row in sorted(rows, key=lambda row: -row["seconds"])}


def in_turns(year: str) -> tuple[dict[str, Row], dict[str, Row]]:
    """Ours and the peer's, turn by turn, so that a busy minute slows both."""
    ours: list[Row] = []
    peers: list[Row] = []
    if not PEER.exists():
        print("no environment for vectorbt (make bench builds it where it can): ours alone")
    for _ in range(ROUNDS):
        ours += measure(Path(sys.executable), "ours.py", year)
        peers += measure(PEER, "peer_vectorbt.py", year) if PEER.exists() else []
    return best(ours), best(peers)


def compare(job: str, ours: Row, peers: list[Row]) -> Row:
    """One row of the result: bars per second, ours against the fastest of these peers; trades must agree."""
    row: Row = {"job": job, "ours": round(BARS / ours["seconds"]), "unit": "bars/s", "trades": ours["trades"]}
    if any(peer["trades"] != ours["trades"] for peer in peers):
        sys.exit(f"{job}: trades differ: ours {ours['trades']}, {[(peer['way'], peer['trades']) for peer in peers]}")
    if peers:
        fastest = min(peers, key=lambda peer: peer["seconds"])
        row |= {"best_peer": round(BARS / fastest["seconds"]), "peer": f"{fastest['who']}, {fastest['way']}"}
        row["ratio"] = round(row["ours"] / row["best_peer"], 2)
    return row


def speed(ours: dict[str, Row], peers: dict[str, Row]) -> list[Row]:
    """Like beside like: what a user calls, and the loop alone over wishes made before."""
    public = [row for way, row in peers.items() if way.startswith("public")]
    bare, alone = ([peers[way]] if way in peers else [] for way in ("bare rust kernels", "rust loop alone"))
    job = f"average cross, {BARS:,} bars"
    return [
        *(compare(f"{job}: {peer['way']} of the peer", ours["public call"], [peer]) for peer in public),
        compare(f"{job}: public call beside bare kernels", ours["public call"], bare),
        compare(f"{job}: the loop alone", ours["compiled loop"], alone),
    ]


def limits(ours: dict[str, Row], waits: dict[str, Row]) -> list[Row]:
    """Our own promises: name, measured, limit."""
    rate = BARS / ours["compiled loop"]["seconds"]
    found = [
        ("engine only, bars/s", rate, LEAST_BARS_PER_S, rate >= LEAST_BARS_PER_S),
        ("peak memory, bytes per bar above the input", ours["public call"]["bytes_per_bar"], MOST_BYTES_PER_BAR, None),
    ]
    for name, least in LEAST_CALLBACKS_PER_S.items():
        if row := waits.get(f"callback {name}"):
            asked = row["bars"] / row["seconds"]
            found.append((f"a callback for each bar, {name}, bars/s", asked, least, asked >= least))
    for way, most in (("help", MOST_HELP_S), ("backtest of a month of 1m bars", MOST_BACKTEST_S)):
        if way in waits:
            found.append((f"{way}, s", waits[way]["seconds"], most, None))
    return [
        {"job": job, "ours": round(value, 3), "limit": limit, "kept": value <= limit if kept is None else kept}
        for job, value, limit, kept in found
    ]


def main() -> None:
    """Measure, print, write; fail where a promise of ours is broken."""
    with tempfile.TemporaryDirectory() as folder:
        year = Path(folder) / "year.npz"
        write_year(year)
        ours, peers = in_turns(str(year))
        waits = measure(Path(sys.executable), "callbacks.py", str(year)) + measure(Path(sys.executable), "start_up.py")
    rows, promises = speed(ours, peers), limits(ours, best(waits))
    for row in rows:
        beside = f"  {row['peer']}: {row['best_peer'] / 1e6:.1f} M  ratio {row['ratio']:.2f}" if "peer" in row else ""
        print(f"{row['job']}: {row['ours'] / 1e6:.1f} M bars/s{beside}")
    for row in promises:
        print(f"{row['job']}: {row['ours']:,} (limit {row['limit']:,}) {'kept' if row['kept'] else 'BROKEN'}")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results/speed.json").write_text(json.dumps(rows, indent=1) + "\n")
    (HERE / "results/promises.json").write_text(json.dumps(promises, indent=1) + "\n")
    print(f"load of this machine: {os.getloadavg()[0]:.1f}; written: benchmarks/results")
    if not all(row["kept"] for row in promises):
        sys.exit("bench: a promise is broken")


if __name__ == "__main__":
    main()
