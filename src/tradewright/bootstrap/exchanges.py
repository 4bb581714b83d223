"""Which venues there are, and what each can do; nobody is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewright.domain.abilities import VenueAbilities

__all__ = ["all_venues", "venue_abilities"]


def _own() -> dict[str, VenueAbilities]:
    from tradewright.adapters.venues.binance.abilities import BINANCE, PRACTICE

    return {one.venue: one for one in (BINANCE, PRACTICE)}


def _lookups() -> dict[str, Callable[[], tuple[VenueAbilities, ...]]]:
    from tradewright.adapters.venues.ccxt.abilities import library_abilities
    from tradewright.adapters.venues.ccxt.library import known_exchanges

    own = _own()
    found: dict[str, Callable[[], tuple[VenueAbilities, ...]]] = {
        name: lambda one=one: (one,)  # type: ignore[misc]  # the default binds it
        for name, one in own.items()
    }
    for name in known_exchanges():
        # What we connect to ourselves bears the plain name; the library's stands beside it.
        ours = f"ccxt-{name}" if name in own else name
        found[ours] = lambda name=name, ours=ours: library_abilities(name, ours)  # type: ignore[misc]  # the same
    return found


def venue_abilities(name: str) -> tuple[VenueAbilities, ...]:
    """What a venue can do, for each kind of market.

    Raises:
        UnknownName: there is no such venue; near names are suggested.
    """
    from tradewright.domain.errors import UnknownName

    lookups = _lookups()
    if name not in lookups:
        raise UnknownName("exchange", name, lookups)
    return lookups[name]()


def all_venues() -> dict[str, tuple[VenueAbilities, ...]]:
    """What every venue can do; those that trade nothing of ours are left out."""
    found = {name: look() for name, look in _lookups().items()}
    return {name: abilities for name, abilities in found.items() if abilities}
