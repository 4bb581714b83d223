"""What a venue cannot do is said in words, before anything is sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest

from tradewright.domain.abilities import ABILITIES, FORCES, KINDS, Ability, VenueAbilities
from tradewright.domain.orders import NewOrder
from tradewright.domain.signal import EntryKind, ForceName

POOR = VenueAbilities(
    "corner", "Corner Shop", ("spot",), frozenset({"market", "limit"}), frozenset({"gtc"}), frozenset(),
    longest_client_id=8,
)  # fmt: skip


def _order(**changes: Any) -> NewOrder:
    plain: dict[str, Any] = {
        "client_id": "tw-1",
        "instrument": "BTC/USDT",
        "side": "buy",
        "quantity": Decimal(1),
        "kind": "limit",
        "price": Decimal(5),
    }
    return NewOrder(**plain | changes)


def test_every_ability_kind_and_force_has_words() -> None:
    """Tables and types name the same things."""
    assert set(get_args(Ability)) == set(ABILITIES)
    assert set(get_args(EntryKind)) == set(KINDS)
    assert set(get_args(ForceName)) == set(FORCES)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "stop", "price": None, "trigger": Decimal(4)}, "no orders of kind stop; it has market, limit"),
        ({"time_in_force": "gtx"}, "no time in force gtx; it has gtc"),
        ({"instrument": "BTC/USDT:USDT"}, "trades spot here, not BTC/USDT:USDT"),
        ({"reduce_only": True}, "bound to close only: not at corner; what should only close may open"),
        ({"leg": "short"}, "side by side: not at corner"),
        ({"client_id": "tw-123456"}, "client ids of 8 letters"),
    ],
)
def test_what_a_venue_cannot_take_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    """The refusal names venue and wish, and what there is instead; nothing was sent."""
    refused = POOR.refusal(_order(**changes))
    assert refused is not None
    assert words in refused.text
    assert (False, "") == (refused.was_sent, refused.venue_code)


def test_what_it_can_take_is_not_refused() -> None:
    """A plain limit order passes, and so does a call whose abilities are there."""
    assert POOR.refusal(_order()) is None
    assert POOR.lacks() is None
    refused = POOR.lacks("countdown")
    assert refused is not None
    assert "orders stay when this process dies" in refused.text
