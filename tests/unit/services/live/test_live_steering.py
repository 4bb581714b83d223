"""What people ask of a live session: confirmations, and records that come too late."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.enums import OrderStatus
from tradewright.domain.signal import Signal
from tradewright.services.live.requests import Deny, Hold, Place, Request
from tradewright.services.pending import Confirming
from tradewright.testing.live_desk import LiveDesk
from tradewright.testing.live_storm import assert_same

LONG = Signal("long", 1_000.0, 990.0, 1_020.0)


def placed(found: list[Request]) -> list[tuple[str, str, str, bool]]:
    """Kind, side, quantity and whether it only closes, of what is to be sent."""
    orders = [one.order for one in found if isinstance(one, Place)]
    return [(one.kind, one.side, str(one.quantity), one.reduce_only) for one in orders]


class TestConfirming:
    """Orders that open a position wait for somebody."""

    @staticmethod
    def desk() -> LiveDesk:
        """A session whose first order is held."""
        desk = LiveDesk({0: LONG}, Confirming(is_on=True, ttl_s=30.0, tolerance=0.002))
        (hold,) = desk.bar()
        assert isinstance(hold, Hold)
        desk.send()
        assert [] == desk.wishes()
        return desk

    def test_confirmed_it_goes_on_its_way_and_only_once(self) -> None:
        """The second of two people changes nothing, and leaves a note in place of an error that comes back."""
        desk = self.desk()
        desk.play("confirm", order_id=1, price=1_000.0, by="ann")
        desk.play("confirm", order_id=1, price=1_000.0, by="bob")
        assert ("confirmed", "ann") == (desk.live.pending[1].state, desk.live.pending[1].by)
        assert [("market", "buy", "1", False)] == placed(desk.send())
        assert [] == desk.wishes()
        assert_same(desk.live, desk.again())

    def test_after_the_price_has_moved_it_is_shown_anew(self) -> None:
        """Beyond the tolerance a confirmation is of another order; a second one at that price counts."""
        desk = self.desk()
        desk.play("confirm", order_id=1, price=1_003.0, by="ann")
        assert ("waiting", 1_003.0, 1) == (
            desk.live.pending[1].state,
            desk.live.pending[1].price,
            desk.live.pending[1].quotes,
        )
        desk.play("confirm", order_id=1, price=1_003.0, by="ann")
        assert 1 == len(placed(desk.wishes()))

    @pytest.mark.parametrize(("kind", "state"), [("reject", "rejected"), ("expire", "expired")])
    def test_rejected_or_expired_it_is_dropped(self, kind: str, state: str) -> None:
        """Its order ends; a confirmation that comes after it changes nothing."""
        desk = self.desk()
        desk.play(kind, order_id=1, by="ann")
        desk.play("confirm", order_id=1, price=1_000.0, by="bob")
        assert (state, None) == (desk.live.pending[1].state, desk.live.order(1))
        assert [] == desk.wishes()

    def test_confirmed_and_then_too_late_it_is_denied(self) -> None:
        """A stream that is broken for longer than a bar makes a confirmation old."""
        desk = self.desk()
        desk.play("confirm", order_id=1, price=1_000.0, by="ann")
        desk.now += 61_000_000_000
        (deny,) = desk.wishes()
        assert isinstance(deny, Deny)

    def test_an_order_that_has_ended_waits_no_more(self) -> None:
        """Nobody can confirm what the kill switch has taken away."""
        desk = self.desk()
        desk.play("kill")
        assert "waiting" != desk.live.pending[1].state


@pytest.mark.parametrize(
    "record",
    [
        {"kind": "swap", "params": {"nonsense": 1}},
        {"kind": "flatten"},
        {"kind": "confirm", "order_id": 7, "price": 1.0, "by": "x"},
        {"kind": "expire", "order_id": 7},
    ],
)
def test_a_record_that_cannot_be_done_is_a_note(record: dict[str, Any]) -> None:
    """It is in the journal for good: an error would come back with every restart."""
    desk = LiveDesk({})
    desk.play(**record)
    assert 1 == len(desk.live.notes)
    assert_same(desk.live, desk.again())


def test_words_that_contradict_each_other_halt_the_session() -> None:
    """A filled order that is said to be refused: nothing more is opened on that venue's word."""
    desk = LiveDesk({0: LONG})
    desk.bar()
    (place,) = desk.go()
    assert isinstance(place, Place)
    entry = place.order.client_id
    desk.fill(entry, "1", "1000.0")
    desk.change(entry, status=OrderStatus.REJECTED)
    assert "contradicts itself" in desk.live.halted
