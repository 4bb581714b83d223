"""Results, listed quickly: each head is read once, and again after it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from tradewright.domain.errors import StoreError
from tradewright.domain.run import RunResult
from tradewright.ports.result_store import ResultStore

__all__ = ["Brief", "ResultShelf"]

_FEW = 20
_FIGURES = ("profit_factor", "sortino", "calmar", "expectancy_r", "exposure", "annual_return")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a list shows of a result.

    Args:
        id: of the result.
        head: the first fourteen fields of `RunResult`, and `created_at`.
        timeframe: of the bars.
        venue: where the candles are from.
        warnings: codes of the reasons to believe it less.
        leak_passed: what the leak test said; None where it was not run.
        figures: some of `metrics`.
        fingerprints: see `RunResult`.
        strategy_version: as the strategy stated it.
        damage: what is wrong with the file, else empty; there are no figures then.
    """

    id: str
    head: Mapping[str, Any]
    timeframe: str = ""
    venue: str = ""
    warnings: tuple[str, ...] = ()
    leak_passed: bool | None = None
    figures: Mapping[str, float | int | None] | None = None
    fingerprints: Mapping[str, str] | None = None
    strategy_version: str = ""
    damage: str = ""


class ResultShelf:
    """A quick list of results.

    Args:
        results: where they are kept.
    """

    def __init__(self, results: ResultStore) -> None:
        self.results = results
        self._known: dict[str, tuple[str, Brief]] = {}
        self._lock = Lock()

    def briefs(self) -> list[Brief]:
        """All results, newest first."""
        stamps = self.results.stamps()
        with self._lock:
            for gone in self._known.keys() - stamps.keys():
                del self._known[gone]
            known = dict(self._known)
        fresh = self._read({name: stamp for name, stamp in stamps.items() if known.get(name, ("",))[0] != stamp})
        with self._lock:
            self._known |= fresh
        known |= fresh
        return [known[name][1] for name in sorted(stamps.keys() & known.keys(), reverse=True)]

    def _read(self, stamps: Mapping[str, str]) -> dict[str, tuple[str, Brief]]:
        if len(stamps) <= _FEW:
            return {name: (stamp, self._brief(name)) for name, stamp in stamps.items()}
        # To look each up by its name would take longer than to read all.
        rows = {row.id: row for row in self.results.rows()}
        return {
            name: (stamp, brief_of(row.result) if row.result else Brief(name, {}, damage=row.damage))
            for name, stamp in stamps.items()
            if (row := rows.get(name)) is not None
        }

    def _brief(self, result_id: str) -> Brief:
        try:
            return brief_of(self.results.load(result_id))
        except StoreError as error:
            return Brief(result_id, {}, damage=str(error))


def brief_of(result: RunResult) -> Brief:
    """What a list shows of a result."""
    fields = list(RunResult.__dataclass_fields__)
    head = {name: getattr(result, name) for name in fields[: fields.index("spec")]}
    passport = result.leak_passport
    return Brief(
        result.id, head, result.spec["timeframe"], result.spec["venue"],
        tuple(warning.code for warning in result.warnings), None if passport is None else bool(passport.get("passed")),
        {name: result.metrics.get(name) for name in _FIGURES}, result.fingerprints,
        str(result.spec.get("strategy_version", "")),
    )  # fmt: skip
