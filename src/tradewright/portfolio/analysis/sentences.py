"""What the analysis found, as one sentence or a few for each chapter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

__all__ = ["SENTENCES", "Speaker", "Words"]

SENTENCES = {
    "optimism": "Fills of resting limits: {limits} of {fills}. Of these the price only touched {touched} and went one "
    "tick further for {thin}. The trades that needed a touch made {pnl}.",
    "optimism-none": "No resting limit was filled: nothing hangs on a place in a queue.",
    "costs": "Costs took {total}, {per_trade} a trade: fees {fees}, clearance {clearance}, spread {spread}, slippage "
    "{slippage}, funding paid {funding}. Fees, spread and slippage could be {times} times as high before nothing is "
    "left.",
    "costs-lost": "Costs took {total}, {per_trade} a trade: fees {fees}, clearance {clearance}, spread {spread}, "
    "slippage {slippage}, funding paid {funding}. Without fees, spread and slippage there would have been no profit "
    "either.",
    "costs-gained": "Funding received, {funding}, was more than all costs by {gain}, {per_trade} a trade: fees {fees}, "
    "clearance {clearance}, spread {spread}, slippage {slippage}. Fees, spread and slippage could be {times} times as "
    "high before nothing is left.",
    "costs-gained-lost": "Funding received, {funding}, was more than all costs by {gain}, {per_trade} a trade: fees "
    "{fees}, clearance {clearance}, spread {spread}, slippage {slippage}. Without these there would have been no "
    "profit either.",
    "costs-none": "Trading cost nothing: there was none, or it was free.",
    "doubt": "The policy {policy}, not the data, decided {decided} of {fills} fills ({share}), in {bars} bars. From "
    "worst to best the result changes by {spread}, which is {times} times the net profit or loss.",
    "doubt-none": "No bar left a doubt about what came first.",
    "margin": "Margin bound {mean} of equity on average and {peak} at most ({peak_at}). The nearest to a liquidation "
    "was a move of {distance} against the account ({nearest_at}).",
    "margin-far": "Margin bound {mean} of equity on average and {peak} at most ({peak_at}). No move of less than 100 % "
    "against the account would have liquidated it.",
    "margin-liquidated": "Margin bound {mean} of equity on average and {peak} at most ({peak_at}). "
    "Liquidations: {count}.",
    "margin-spot": "Positions took {mean} of equity on average and {peak} at most ({peak_at}). Spot is paid in full: "
    "nothing can be liquidated.",
    "margin-none": "No position, no margin.",
    "capacity": "Half of the fills took {median} of their bar's volume or less, one in twenty {high} or more, the "
    "largest {largest}. From an equity of about {capacity} on, one in twenty would take more than {limit}.",
    "capacity-none": "No fill met a bar with a known volume: how large the account may grow cannot be told.",
}
"""Code to sentence. The places in braces are the names in `Words.values`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Something said of a run.

    Args:
        code: stable, kebab-case; the key of `SENTENCES`.
        values: the numbers by name, written for a reader, so that it can be said in another language.
    """

    code: str
    values: dict[str, Any]

    @property
    def text(self) -> str:
        """In English."""
        return SENTENCES[self.code].format(**self.values)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts figures into words.

    Args:
        quote: currency of the amounts.
        policy: by which ambiguous bars were decided.
        liquidations: forced closes.
    """

    quote: str
    policy: str
    liquidations: int

    def of_optimism(self, found: dict[str, Any]) -> Words:
        """Say what hangs on touches."""
        if not found["limit_fills"]:
            return Words("optimism-none", {})
        values = {"limits": found["limit_fills"], "fills": found["fills"], "touched": found["touched_fills"]}
        return Words("optimism", values | {"thin": found["thin_fills"], "pnl": self._money(found["touched_pnl"])})

    def of_costs(self, found: dict[str, Any]) -> Words:
        """Say what trading cost, and what it may cost."""
        parts = {name: part["amount"] for name, part in found["parts"].items()}
        if not any(parts.values()):
            return Words("costs-none", {})
        is_gain = parts["total"] < 0.0  # more funding was received than all else took
        sign, total = (-1.0, "gain") if is_gain else (1.0, "total")
        values = {name: self._money(parts[name]) for name in ("clearance", "spread", "slippage")}
        values["fees"] = self._money(parts["maker_fees"] + parts["taker_fees"])
        values["funding"], values[total] = self._money(sign * parts["funding"]), self._money(sign * parts["total"])
        values["per_trade"] = self._money(sign * (found["parts"]["total"]["per_trade"] or 0.0))
        code, times = "costs-gained" if is_gain else "costs", found["break_even_multiple"]
        if times is not None:
            return Words(code, values | {"times": f"{times:,.1f}"})
        is_free = parts["total"] == parts["funding"] and found["gross_pnl"] > parts["funding"]
        return Words(code, values | {"times": "∞"}) if is_free else Words(f"{code}-lost", values)

    def of_doubt(self, found: dict[str, Any]) -> Words:
        """Say what the policy decided."""
        if not found["bars"]:
            return Words("doubt-none", {})
        values = {"policy": self.policy, "decided": found["decided_fills"], "bars": found["bars"]}
        values |= {"fills": found["fills"], "share": precise(found["decided_share"] or 0.0)}
        times = f"{found['spread_of_profit'] or 0.0:,.2f}"
        return Words("doubt", values | {"spread": self._money(found["spread"]), "times": times})

    def of_margin(self, found: dict[str, Any]) -> Words:
        """Say how much was bound, and how near the end was."""
        if not found["peak_use"]:
            return Words("margin-none", {})
        values = {
            "mean": precise(found["mean_use"]),
            "peak": precise(found["peak_use"]),
            "peak_at": _time(found["peak_at"]),
        }
        if self.liquidations:
            return Words("margin-liquidated", values | {"count": self.liquidations})
        if found["nearest_liquidation"] is None:
            return Words("margin-spot", values)
        if found["nearest_liquidation"] >= 1.0:
            return Words("margin-far", values)
        near = {"distance": precise(found["nearest_liquidation"]), "nearest_at": _time(found["nearest_at"])}
        return Words("margin", values | near)

    def of_capacity(self, found: dict[str, Any]) -> Words:
        """Say how large the fills were beside their bars."""
        if found["capacity"] is None:
            return Words("capacity-none", {})
        shares = {"median": "median_share", "high": "high_share", "largest": "largest_share", "limit": "limit"}
        values = {place: precise(found[name]) for place, name in shares.items()}
        about = float(f"{found['capacity']:.2g}")  # more digits are not known
        return Words("capacity", values | {"capacity": f"{about:,.0f} {self.quote}"})

    def _money(self, amount: float) -> str:
        return f"{amount:,.2f} {self.quote}"


def _time(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"


def precise(fraction: float) -> str:
    """Write a fraction in per cent: one decimal, or as many as a small one needs for two digits.

    Example:
        >>> precise(0.1234), precise(0.000123), precise(0.0)
        ('12.3 %', '0.012 %', '0.0 %')
    """
    percent = 100.0 * fraction
    small = 0 if percent == 0.0 else -math.floor(math.log10(abs(percent)))
    return f"{percent:,.{min(max(1, small + 1), 8) if small > 0 else 1}f} %"
