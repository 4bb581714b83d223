"""Where results of runs are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from tradewright.domain.run import RunResult

__all__ = ["ExportFormat", "ResultRow", "ResultStore", "Tables"]

ExportFormat = Literal["csv", "json"]
Tables = Mapping[str, Mapping[str, NDArray[Any] | list[str]]]
"""Table name to column name to values. A float that is not defined is NaN; text is a list."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A stored result in a list.

    Args:
        id: of the result.
        path: of its head.
        result: the head, or None if the file is damaged.
        damage: what is wrong with the file, else empty.
    """

    id: str
    path: Path
    result: RunResult | None
    damage: str = ""


class ResultStore(Protocol):
    """Keeps the head, the tables and the report of each run, all three or none.

    Wherever an id is asked for, its beginning will do if no other id begins so.

    Raises:
        StoreError: an id is unknown (near ones are named) or stands for several; a file is damaged or cannot be
            written.
    """

    def save(self, result: RunResult, tables: Tables, report: str, source: str | None = None) -> Path:
        """Keep a result; gives the path of its head. An id is kept once.

        Args:
            result: its head.
            tables: of the run.
            report: the page.
            source: of the strategy, whose SHA-256 stands in the head; the same text is kept once for all results.
        """
        ...

    def rows(self) -> tuple[ResultRow, ...]:
        """All results, newest first; a damaged one is a row that says so."""
        ...

    def has(self, result_id: str) -> bool:
        """Whether there is a result of this very id."""
        ...

    def stamps(self) -> Mapping[str, str]:
        """Every result's id, with a text that changes when its head does."""
        ...

    def load(self, result_id: str) -> RunResult:
        """The head of a result."""
        ...

    def load_tables(self, result_id: str) -> dict[str, dict[str, NDArray[Any] | list[str]]]:
        """The tables of a result, as they were saved."""
        ...

    def load_table(self, result_id: str, name: str) -> dict[str, NDArray[Any] | list[str]]:
        """One table of a result.

        Raises:
            Absent: it has no such table.
        """
        ...

    def source(self, digest: str) -> str:
        """The source of a strategy that a result was made with, by its SHA-256.

        Raises:
            Absent: it is not kept.
        """
        ...

    def report_path(self, result_id: str) -> Path:
        """Where the report of a result stands."""
        ...

    def delete(self, result_id: str) -> str:
        """Remove a result, damaged or not, with all that belongs to it; gives its full id."""
        ...

    def delete_all(self) -> int:
        """Remove every result; gives how many there were."""
        ...

    def discard(self, result_id: str) -> None:
        """Put a result away, as if it were deleted; `restore` brings it back."""
        ...

    def restore(self, result_id: str) -> None:
        """Bring back what was put away.

        Raises:
            Absent: nothing of this id was.
        """
        ...

    def purge(self, before: int) -> int:
        """Delete for good what was put away before a time, UTC ns; gives how many that were."""
        ...

    def export(self, result_id: str, form: ExportFormat, folder: Path) -> tuple[Path, ...]:
        """Write a result into a folder of the user's: one JSON file, or one CSV file per table and for the metrics."""
        ...
