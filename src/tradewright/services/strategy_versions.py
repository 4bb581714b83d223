"""What was run under a strategy's name: its source, and the versions that results know of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tradewright.services.result_shelf import Brief

__all__ = ["StrategyVersion", "digest_of", "joined_source", "versions_of"]


@dataclass(frozen=True, slots=True)
class StrategyVersion:
    """One source of a strategy; results of before sources were kept are told apart by their whole code.

    Args:
        digest: SHA-256 of the source; where it was not kept, of platform and strategy together.
        is_kept: whether the source can be read.
        stated: what the strategy called its version, oldest first.
        first_run: when the oldest of its results was made, ISO 8601; None where there is none.
        last_run: the same of the newest.
        runs: how many results there are of it.
        is_current: it is what would run now.
    """

    digest: str
    is_kept: bool
    stated: tuple[str, ...]
    first_run: str | None
    last_run: str | None
    runs: int
    is_current: bool


def joined_source(sources: Mapping[str, str]) -> str:
    """The source of a run's strategies: of one as it is, of several one after the other, each under its file's name.

    Args:
        sources: by file.
    """
    if len(sources) == 1:
        return next(iter(sources.values()))
    return "\n".join(f"# ---- {Path(file).name}\n{text}" for file, text in sources.items())


def digest_of(source: str) -> str:
    """SHA-256 of a source, hexadecimal."""
    return hashlib.sha256(source.encode()).hexdigest()


def versions_of(briefs: Iterable[Brief], name: str, current: tuple[str, str] | None = None) -> list[StrategyVersion]:
    """Every version of a strategy, the one that ran last first; what would run now stands before all.

    Args:
        briefs: of results, in any order.
        name: registered.
        current: digest of its source now and the version it states; None where there is no such strategy any more.
    """
    runs: dict[tuple[str, bool], list[Brief]] = {}
    for brief in briefs:
        if not brief.damage and brief.head["strategy"] == name:
            runs.setdefault(_version(brief), []).append(brief)
    if current is not None:
        runs.setdefault((current[0], True), [])
    found = [_told(*key, ran, current) for key, ran in runs.items()]
    return sorted(found, key=lambda one: (one.is_current, one.last_run or "", one.digest), reverse=True)


def _version(brief: Brief) -> tuple[str, bool]:
    prints = brief.fingerprints or {}
    return (prints["source"], True) if "source" in prints else (prints.get("code", ""), False)


def _told(digest: str, is_kept: bool, ran: list[Brief], current: tuple[str, str] | None) -> StrategyVersion:
    ran = sorted(ran, key=lambda brief: brief.head["created_at"])
    is_current = current is not None and is_kept and digest == current[0]
    stated = [brief.strategy_version for brief in ran] + ([current[1]] if current is not None and is_current else [])
    made = [brief.head["created_at"] for brief in ran] or [None]
    return StrategyVersion(
        digest, is_kept, tuple(dict.fromkeys(one for one in stated if one)), made[0], made[-1], len(ran), is_current
    )
