"""Results in folders: a JSON head, Parquet tables and an HTML report for each.

::

    backtests/{date}/{pair}_{strategy}_{timeframe}_{id}.json    the head; with it a result exists
    artifacts/{id}/{trades,equity,…}.parquet
    reports/{id}/report.html
    sources/{SHA-256}.txt                                       of strategies, once for all results of the same
    discarded/{date}/…                                          heads of results that may still be brought back
"""

from __future__ import annotations

import csv
import difflib
import json
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tradewright.adapters.storage.atomic import replacing
from tradewright.adapters.storage.run_artifacts import (
    read_table,
    read_tables,
    replacing_folder,
    table_rows,
    tables_of,
    write_csv,
    write_tables,
)
from tradewright.adapters.storage.source_files import SourceFiles
from tradewright.domain.errors import Absent, InvalidValue, StoreError
from tradewright.domain.result_id import check_result_id
from tradewright.domain.run import RunResult
from tradewright.ports.result_store import ExportFormat, ResultRow, Tables

__all__ = ["JsonResults", "canonical_json"]


def canonical_json(data: dict[str, Any]) -> str:
    """Write JSON that is the same text for the same data: sorted keys, shortest floats, newline at the end."""
    return json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _file_name(result: RunResult) -> str:
    symbols = result.spec["instruments"]
    pair = symbols[0] if len(symbols) == 1 else f"portfolio-{len(symbols)}"
    parts = (pair, result.strategy, result.spec["timeframe"], result.id)
    return "_".join(re.sub(r"[^A-Za-z0-9._-]", "-", part) for part in parts) + ".json"


class JsonResults:
    """A `ResultStore` in a folder.

    Args:
        root: the data folder.
    """

    def __init__(self, root: Path) -> None:
        self._heads, self._artifacts, self._reports = root / "backtests", root / "artifacts", root / "reports"
        self._discarded, self._sources = root / "discarded", SourceFiles(root / "sources")

    def _paths(self) -> dict[str, Path]:
        found = [path for path in self._heads.glob("*/*_*.json") if not path.name.startswith(".")]
        return {path.stem.rpartition("_")[2]: path for path in sorted(found)}

    def _find(self, result_id: str) -> tuple[str, Path]:
        if (found := self._of_day(result_id)) is not None:
            return result_id, found
        paths = self._paths()
        if result_id in paths:
            return result_id, paths[result_id]
        fitting = sorted(known for known in paths if known.startswith(result_id)) if result_id else []
        if len(fitting) == 1:
            return fitting[0], paths[fitting[0]]
        if fitting:
            raise StoreError(f"result {result_id!r} stands for several: {', '.join(fitting[-5:])}")
        near = difflib.get_close_matches(result_id, paths, n=3, cutoff=0.4) or sorted(paths, reverse=True)[:3]
        hint = f"near: {', '.join(near)}" if near else "no results are stored"
        raise Absent(f"result {result_id!r} is unknown; {hint}")

    def _of_day(self, result_id: str) -> Path | None:
        # Most lie in the folder of the day that is in their names.
        if not re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{4}", result_id):
            return None
        day = f"{result_id[:4]}-{result_id[4:6]}-{result_id[6:8]}"
        return next(iter((self._heads / day).glob(f"[!.]*_{result_id}.json")), None)

    def has(self, result_id: str) -> bool:
        """See `ResultStore`."""
        return self._of_day(result_id) is not None or result_id in self._paths()

    def save(self, result: RunResult, tables: Tables, report: str, source: str | None = None) -> Path:
        """See `ResultStore`. The head comes last: before it, nothing of the result is to be seen."""
        check_result_id(result.id)
        head = canonical_json(result.as_dict())
        if result.id in self._paths():
            raise StoreError(f"result {result.id!r} exists already")
        path = self._heads / result.created_at[:10] / _file_name(result)
        self._clear(result.id)  # what a crash may have left under this id
        if source is not None:
            self._sources.keep(source)
        try:
            with replacing_folder(self._artifacts / result.id) as folder:
                write_tables(folder, tables)
            with replacing_folder(self._reports / result.id) as folder:
                (folder / "report.html").write_text(report, encoding="utf-8")
            with replacing(path) as draft:
                draft.write_text(head, encoding="utf-8")
        except BaseException:
            self._clear(result.id)
            raise
        return path

    def _clear(self, result_id: str) -> None:
        for folder in (self._artifacts / result_id, self._reports / result_id):
            shutil.rmtree(folder, ignore_errors=True)

    def rows(self) -> tuple[ResultRow, ...]:
        """See `ResultStore`."""
        return tuple(self._row(result_id, path) for result_id, path in sorted(self._paths().items(), reverse=True))

    def _row(self, result_id: str, path: Path) -> ResultRow:
        try:
            return ResultRow(result_id, path, self._read(result_id, path))
        except StoreError as error:
            return ResultRow(result_id, path, None, str(error))

    @staticmethod
    def _read(result_id: str, path: Path) -> RunResult:
        try:
            result = RunResult.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, InvalidValue) as error:
            raise StoreError(f"{path}: is damaged ({error})") from error
        if result.id != result_id:
            raise StoreError(f"{path}: is damaged (it holds the result {result.id!r})")
        return result

    def stamps(self) -> dict[str, str]:
        """See `ResultStore`."""
        found: dict[str, str] = {}
        for result_id, path in self._paths().items():
            with suppress(OSError):  # gone since it was listed
                facts = path.stat()
                found[result_id] = f"{path}:{facts.st_mtime_ns}:{facts.st_size}"
        return found

    def load(self, result_id: str) -> RunResult:
        """See `ResultStore`."""
        return self._read(*self._find(result_id))

    def load_tables(self, result_id: str) -> dict[str, dict[str, NDArray[Any] | list[str]]]:
        """See `ResultStore`."""
        return read_tables(self._artifacts / self._find(result_id)[0])

    def load_table(self, result_id: str, name: str) -> dict[str, NDArray[Any] | list[str]]:
        """See `ResultStore`."""
        folder = self._artifacts / self._find(result_id)[0]
        if name not in tables_of(folder):
            raise Absent(f"result {result_id!r} has no table {name!r}")
        return read_table(folder, name)

    def source(self, digest: str) -> str:
        """See `ResultStore`."""
        return self._sources.read(digest)

    def report_path(self, result_id: str) -> Path:
        """See `ResultStore`."""
        path = self._reports / self._find(result_id)[0] / "report.html"
        if not path.is_file():
            raise StoreError(f"{path}: the report is gone")
        return path

    def delete(self, result_id: str) -> str:
        """See `ResultStore`."""
        full, path = self._find(result_id)
        path.unlink(missing_ok=True)
        self._clear(full)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
        return full

    def delete_all(self) -> int:
        """See `ResultStore`."""
        known = list(self._paths())
        for result_id in known:
            self.delete(result_id)
        return len(known)

    def discard(self, result_id: str) -> None:
        """See `ResultStore`: without its head, a result does not exist."""
        _, path = self._find(result_id)
        target = self._discarded / path.parent.name / path.name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            os.utime(target)
            with suppress(OSError):  # others are left in it
                path.parent.rmdir()
        except FileNotFoundError:
            raise Absent(f"result {result_id!r} is unknown") from None
        except OSError as error:
            raise StoreError(f"result {result_id!r} cannot be put away ({error.strerror})") from error

    def restore(self, result_id: str) -> None:
        """See `ResultStore`."""
        found = sorted(self._discarded.glob(f"*/*_{check_result_id(result_id)}.json"))
        if not found:
            raise Absent(f"no deleted result {result_id!r}")
        target = self._heads / found[0].parent.name / found[0].name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            found[0].rename(target)
        except OSError as error:
            raise StoreError(f"result {result_id!r} cannot be restored ({error.strerror})") from error

    def purge(self, before: int) -> int:
        """See `ResultStore`."""
        old = [path for path in self._discarded.glob("*/*.json") if path.stat().st_mtime_ns < before]
        for path in old:
            self._clear(path.stem.rpartition("_")[2])
            path.unlink(missing_ok=True)
        return len(old)

    def export(self, result_id: str, form: ExportFormat, folder: Path) -> tuple[Path, ...]:
        """See `ResultStore`."""
        if form not in ("csv", "json"):
            raise InvalidValue("--format", form, "csv or json")
        full, path = self._find(result_id)
        result, source = self._read(full, path), self._artifacts / full
        if form == "json":
            return (self._export_json(result, source, folder / f"{full}.json"),)
        written = [self._export_metrics(result, folder / f"{full}-metrics.csv")]
        for name in tables_of(source):
            written.append(folder / f"{full}-{name}.csv")
            with replacing(written[-1]) as draft:
                write_csv(source, name, draft)
        return tuple(written)

    @staticmethod
    def _export_json(result: RunResult, source: Path, path: Path) -> Path:
        tables = {name: table_rows(source, name) for name in tables_of(source)}
        with replacing(path) as draft:
            draft.write_text(canonical_json({"result": result.as_dict(), **tables}), encoding="utf-8")
        return path

    @staticmethod
    def _export_metrics(result: RunResult, path: Path) -> Path:
        with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(["metric", "value"])
            writer.writerows(sorted(result.metrics.items()))
        return path
