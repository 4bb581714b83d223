"""A configuration's changes and versions, as plain data without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ConfigChange", "ConfigVersion"]


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """One key whose value is another one.

    Args:
        path: `section.key`.
        before: as plain data, masked.
        after: as plain data, masked.
    """

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    """A configuration that was put into effect.

    Args:
        number: counted upwards; 0 before it is kept.
        at: UTC ns.
        author: who changed it.
        run_id: of the process that put it into effect.
        note: on what occasion.
        preset: that lay beneath, or None.
        values: every key that had not its default, masked.
        file: those of them that the YAML file gave, its preset among them.
        changes: from the version before.
    """

    number: int
    at: int
    author: str
    run_id: str
    note: str
    preset: str | None
    values: Mapping[str, Any]
    file: Mapping[str, Any]
    changes: tuple[ConfigChange, ...] = field(default=())
