"""Where witnesses of the venue contradict each other: what the exchange does otherwise, when it is asked to."""

from __future__ import annotations

from collections.abc import Iterable

from tradewright.domain.errors import UnknownName

__all__ = ["BRACKET_LIST", "EVENTS_REQUIRED", "NO_RETRY_AFTER", "VARIANTS", "read_variants"]

EVENTS_REQUIRED, NO_RETRY_AFTER, BRACKET_LIST = "events-required", "no-retry-after", "bracket-list"
VARIANTS = {
    EVENTS_REQUIRED: "a private socket whose address has no `events` is told nothing; else it is told everything",
    NO_RETRY_AFTER: "429 and 418 come without the header `Retry-After`",
    BRACKET_LIST: "`leverageBracket` of one symbol answers with a list of one; else with the one alone",
}
"""Each by its name, and what it does."""


def read_variants(names: Iterable[str]) -> frozenset[str]:
    """Variants by their names.

    Raises:
        UnknownName: there is none of that name.
    """
    for name in names:
        if name not in VARIANTS:
            raise UnknownName("--variant", name, VARIANTS)
    return frozenset(names)
