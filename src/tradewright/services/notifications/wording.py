"""What is told of each kind of event, and in which words; `words.toml` has them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tradewright.domain.notices import Language, Notice, Urgency

__all__ = ["KINDS", "OWN_KINDS", "Kind", "kinds", "worded"]

OWN_KINDS = ("test", "rule", "digest")
"""What is told of the telling itself, not of an event."""
_LONGEST = 1_500


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event that can be told.

    Args:
        urgency: of it.
        is_usual: told by each channel unless somebody says otherwise.
        templates: title and text by language.
        when: only in these states; empty: in each.
    """

    urgency: Urgency
    is_usual: bool
    templates: Mapping[str, tuple[str, str]]
    when: tuple[str, ...] = ()

    def tells(self, facts: Mapping[str, Any]) -> bool:
        """Whether an event of these facts is told."""
        return not self.when or facts.get("state") in self.when


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return {
        name: Kind(
            Urgency[row["urgency"].upper()],
            row["usual"],
            {one: tuple(row[one]) for one in ("en", "uk")},
            tuple(row.get("when", ())),
        )
        for name, row in tomllib.loads(text).items()
    }


KINDS = tuple(name for name in kinds() if name not in OWN_KINDS)
"""The kinds of events that can be told, in their order in the matrix."""


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "-"


def worded(notice: Notice, language: Language) -> tuple[str, str]:
    """Title and text of a notice."""
    facts = _Facts({name: _plain(value) for name, value in notice.facts.items()})
    title, text = kinds()[notice.kind].templates[language]
    return title.format_map(facts)[:_LONGEST], text.format_map(facts)[:_LONGEST]


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return _plain(value.get("detail") or value.get("message"))
    # What is told comes from elsewhere: it stays on its line.
    return " ".join(str(value).split())
