"""Ours beside the peers': rows of the result, out of what was measured."""

from __future__ import annotations

from processes import Row, best

JOBS = {
    "A": "A: average cross, a year of minutes",
    "B": "B: bracket inside the bar, a year of minutes",
    "C": "C: a hundred pairs of averages, a year of five minutes",
    "D": "D: twenty symbols in one account, a year of five minutes",
}
BOOK = "E: quoting on a recorded book, {}"
CALLBACK = "a callback for each bar, {}"
BOOK_TARGET = 0.5
LIKE = {
    "bare rust kernels": ("public call", 1.0),
    "bare rust kernels, two threads": ("public call, two threads", 1.0),
    "rust loop alone": ("compiled loop", 1.0),
}
PUBLIC = ("public call", 3.0)
"""What of ours a peer's way is set beside, and how many times as fast it should be."""
MOST_EQUITY_APART = 1e-3
MOST_BOOKS_APART = 1e-6
"""Of the first cash: the funding that was paid, and what the account ends with, beside the same counted by hand."""

_OTHER_STOPS = "its stops neither fill in the bar of the entry nor beyond their price: other trades"
_TWENTY_ACCOUNTS = "it knows no account of several symbols; the figure is of twenty accounts"
_OTHER_PYTHON = "2.0 is not released; its release candidates ask for Python 3.12 or newer, and these run on 3.11"
NOT_MEASURED = (
    (JOBS["B"], "bt 1.4.1", None, "it knows no stops inside a bar"),
    (JOBS["B"], "zipline-reloaded 3.2.1", None, "its stops are not met in the bar of the entry: other trades"),
    (JOBS["B"], "pybroker 2.0.2", 28_000, _OTHER_STOPS),
    (JOBS["D"], "backtesting.py 0.6.6", 154_000, _TWENTY_ACCOUNTS),
    (CALLBACK.format("no_op"), "nautilus_trader 2.0.0rc6", 428_000, _OTHER_PYTHON),
    (CALLBACK.format("every_tenth"), "nautilus_trader 2.0.0rc6", 166_000, _OTHER_PYTHON),
)  # fmt: skip
"""Job, peer, its bars per second as they were measured elsewhere on two cores in 2026, and why it is not run here."""


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


def beside(job: str, mine: Row, peer: Row, target: float) -> Row:
    """One row of the result: bars per second, ours and the peer's, on the same bars."""
    row: Row = {
        "job": JOBS[job], "ours": mine["bars_per_s"], "our_way": mine["way"], "best_peer": peer["bars_per_s"],
        "peer": f"{peer['who']}, {peer['way']}", "ratio": round(mine["bars_per_s"] / peer["bars_per_s"], 2),
        "target": target, "unit": "bars/s", "bars": mine["bars"], "trades": mine["trades"],
        "peak_mb": mine["peak_mb"], "peer_peak_mb": peer["peak_mb"], "load": max(mine["load"], peer["load"]),
        "funding_paid": round(mine["funding_paid"], 4), "books_apart": float(f"{mine['books_apart']:.2g}"),
    }  # fmt: skip
    if mine["way"] != "compiled loop":
        apart = abs(peer["equity"] / mine["equity"] - 1.0)
        row["equity_apart"] = round(apart, 9)
    if words := differing(mine, peer):
        row["differs"] = words
    row["kept"] = row["ratio"] >= target and not words
    return row


def differing(mine: Row, peer: Row) -> str:
    """How the work of the two differs, in words; empty where it is the same but for the funding that ours pays."""
    words = []
    if mine["way"] != "compiled loop":
        # What ours would be worth without funding; written so that no number at all is a difference too.
        apart = abs(peer["equity"] / mine["equity"] - 1.0)
        if peer["trades"] != mine["trades"] or not apart <= MOST_EQUITY_APART:
            words.append(f"trades {mine['trades']} and {peer['trades']}, equity apart by {apart:.1e}")
    if not mine["funding_paid"]:
        words.append("ours paid no funding")
    if not mine["books_apart"] <= MOST_BOOKS_APART:
        words.append(f"funding or equity of ours are {mine['books_apart']:.1e} of the cash from a count by hand")
    return "; ".join(words)


def on_callbacks(mine: list[Row], others: list[Row]) -> list[Row]:
    """Bars per second of a strategy that is asked at every close, beside the same one of a peer's; the fastest of each.

    The peer fills at the close that it was asked at, pays no funding, and leaves out the last trade, which is open.
    """
    fastest = {row["way"]: row for row in sorted(mine, key=lambda row: -row["seconds"])}
    peers = {row["way"]: row for row in sorted(others, key=lambda row: -row["seconds"])}
    return [
        {
            "job": CALLBACK.format(way.removeprefix("callback ")), "ours": round(own["bars"] / own["seconds"]),
            "our_way": "callback", "peer": f"{peer['who']}, callback",
            "best_peer": round(peer["bars"] / peer["seconds"]),
            "ratio": round(peer["seconds"] / own["seconds"], 2), "target": 1.0, "unit": "bars/s", "bars": own["bars"],
            "trades": own["trades"], "peer_trades": peer["trades"], "peak_mb": own["peak_mb"],
            "peer_peak_mb": peer["peak_mb"], "kept": peer["seconds"] >= own["seconds"],
        }
        for way, own in fastest.items()
        if (peer := peers.get(way))
    ]  # fmt: skip


def on_a_book(rows: list[Row]) -> list[Row]:
    """Events per second of one strategy on a recorded book, beside hftbacktest's faster kind of book."""
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
            "kept": peer["seconds"] / mine["seconds"] >= BOOK_TARGET,
        }
        for (who, model), mine in fastest.items()
        if who == "tradewright" and (peer := fastest.get(("hftbacktest", model)))
    ]  # fmt: skip


def not_measured() -> list[Row]:
    """The peers that are not run, with the reason; what others measured stands beside, and proves nothing here."""
    return [
        {
            "job": job, "ours": None, "best_peer": None, "peer": peer, "ratio": None, "unit": "bars/s",
            "measured_elsewhere": told, "not_measured": why, "kept": None,
        }
        for job, peer, told, why in NOT_MEASURED
    ]  # fmt: skip
