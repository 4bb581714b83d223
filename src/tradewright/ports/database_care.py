"""What is told about a database when it is looked after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FAMILIES", "BackupFacts", "DatabaseFindings", "DatabaseStatus"]

FAMILIES = ("signals", "orders", "fills", "positions", "trades", "equity", "performance", "pending", "snapshots")
"""What may be kept for so many days. Journals of sessions, the audit log and whatever is open are never thrown away."""


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How a database stands.

    Args:
        place: where it is, without a password.
        kind: `sqlite` or `postgresql`.
        version: of its tables; empty where there are none.
        wanted: that of the program.
        bytes: on the disk.
        rows: by table.
        oldest_snapshot: of a market, UTC ns; None where there is none.
    """

    place: str
    kind: str
    version: str
    wanted: str
    bytes: int
    rows: Mapping[str, int] = field(default_factory=dict)
    oldest_snapshot: int | None = None


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What is in a backup.

    Args:
        version: of the tables.
        source: `sqlite` or `postgresql`.
        made: when, UTC ns.
        rows: by table.
        digest: SHA-256 of everything in it.
    """

    version: str
    source: str
    made: int
    rows: Mapping[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class DatabaseFindings:
    """What came of looking at all of a database.

    Args:
        checked: what was looked at, in words.
        damage: what is wrong, in words; empty where nothing is.
    """

    checked: tuple[str, ...]
    damage: tuple[str, ...]
