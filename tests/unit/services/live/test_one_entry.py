"""What comes, and all that follows of it, is written at once: a close is never in the journal without its orders."""

from __future__ import annotations

from tradewright.testing.live_storm import assert_books_agree, play_storm
from tradewright.testing.small_venue import Chances


def test_a_close_and_its_orders_are_one_entry() -> None:
    """In calm weather every order is in the entry of what it follows from: a close, a fill, or the venue's word."""
    storm = play_storm(3, bars=20, chances=Chances(), deaths=0)
    assert_books_agree(storm)
    sent = [entry for entry in storm.entries if any(one["kind"] == "sent" for one in entry)]
    assert {"step", "told"} <= {entry[0]["kind"] for entry in sent}
    assert "sent" not in {entry[0]["kind"] for entry in sent}
    assert list(storm.records[1:]) == [one for entry in storm.entries for one in entry]
