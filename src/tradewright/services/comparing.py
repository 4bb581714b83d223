"""Runs side by side: what they gave, and in what they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradewright.domain.run import RunResult

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side; values stand in the order of the runs.

    Args:
        metrics: name to the value of each.
        differences: field of the description (`risk.size`) to the value of each, where they are not all the same.
        same_code: platform and strategy were the same.
        same_data: so were all bars, marks, spreads and rates.
        sources: SHA-256 of the strategy's source of each; None where it was not kept.
    """

    metrics: dict[str, list[float | int | None]]
    differences: dict[str, list[Any]]
    same_code: bool
    same_data: bool
    sources: list[str | None]


def compare(results: Sequence[RunResult]) -> Comparison:
    """Set runs side by side."""
    flat = [_flat(result.spec) for result in results]
    names = sorted(set().union(*flat))
    told = {name: [one.get(name) for one in flat] for name in names}
    metrics = sorted(set().union(*(result.metrics for result in results)))
    return Comparison(
        {name: [result.metrics.get(name) for result in results] for name in metrics},
        {name: values for name, values in told.items() if any(value != values[0] for value in values[1:])},
        _same(results, "code"), _same(results, "data"),
        [result.fingerprints.get("source") for result in results],
    )  # fmt: skip


def _same(results: Sequence[RunResult], name: str) -> bool:
    return len({result.fingerprints.get(name) for result in results}) == 1


def _flat(data: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return found
