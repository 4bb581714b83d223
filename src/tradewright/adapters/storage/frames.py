"""Polars, loaded by who first reads or writes a file with it: a process that trades for months seldom does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

__all__ = ["pl", "schema_of"]

if TYPE_CHECKING:
    import polars as pl
else:

    class _Later:
        # Twenty-five megabytes, and a tenth of a second.
        def __getattr__(self, name: str) -> Any:
            import polars as pl  # noqa: PLC0415 - as the module says

            return getattr(pl, name)

    pl = _Later()


def schema_of(kinds: Mapping[str, str]) -> dict[str, Any]:
    """The types of columns by the names of these types in Polars."""
    return {column: getattr(pl, kind) for column, kind in kinds.items()}
