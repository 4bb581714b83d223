"""Fills of a replay as files for other programs, named and written as `tradewright results export` does."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tradewright.domain.errors import InvalidValue

__all__ = ["check_form", "write_fills"]


def check_form(form: str) -> None:
    """Refuse a format that nothing is written in.

    Raises:
        InvalidValue: it is neither csv nor json.
    """
    if form not in ("csv", "json"):
        raise InvalidValue("--format", form, "csv or json")


def write_fills(
    folder: Path, stem: str, form: str, told: Mapping[str, Any], fills: Mapping[str, Sequence[Any]]
) -> Path:
    """Write fills as a table (csv), or with the figures in one file (json); returns where.

    Args:
        folder: made where it is not there.
        stem: begin of the file's name.
        form: csv or json.
        told: the figures.
        fills: their columns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(zip(*fills.values(), strict=True))
    if form == "json":
        path = folder / f"{stem}.json"
        whole = {"result": dict(told), "fills": [dict(zip(fills, row, strict=True)) for row in rows]}
        path.write_text(json.dumps(whole, allow_nan=False, ensure_ascii=False), encoding="utf-8")
        return path
    path = folder / f"{stem}-fills.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(fills)
        writer.writerows(rows)
    return path
