"""Rows as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response

__all__ = ["csv_answer", "csv_line"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_line(values: Iterable[Any]) -> str:
    r"""A line. Text that a spreadsheet would take for a formula has a quotation mark before it.

    Args:
        values: of any kind; what is neither text nor None is written as JSON, None as nothing.

    Example:
        >>> csv_line(["=1+1", "-2.5", None, True])
        "'=1+1,-2.5,,true\r\n"
    """
    text = io.StringIO()
    csv.writer(text).writerow([_cell(value) for value in values])
    return text.getvalue()


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """Rows as a file to be saved.

    Args:
        name: of the file.
        columns: of the table.
        rows: by column.
    """
    lines = [csv_line(columns), *(csv_line(row.get(name) for name in columns) for row in rows)]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(lines), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True, default=str)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
