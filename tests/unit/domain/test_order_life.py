"""The table of an order's life, whole."""

from __future__ import annotations

from itertools import product

import pytest

from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import DataError
from tradewright.domain.order_life import ENDED, LIVES, Life, Word, next_life, word_of

CANNOT_BE = {
    (Life.WORKING, Word.MISSING),
    (Life.FILLED, Word.REJECTED),
    (Life.FILLED, Word.MISSING),
    (Life.CANCELED, Word.REJECTED),
    (Life.REJECTED, Word.LOST),
}


@pytest.mark.parametrize(("life", "word"), list(product(Life, Word)), ids=lambda one: one.value)
def test_every_word_leads_somewhere_or_stops_whoever_hears_it(life: Life, word: Word) -> None:
    """Of the 42 pairs exactly five cannot be, and these say so with the order's life and the word."""
    if (life, word) in CANNOT_BE:
        with pytest.raises(DataError, match=f"{life.value} was said to be {word.value}"):
            next_life(life, word)
    else:
        assert LIVES[life][word] is next_life(life, word)


@pytest.mark.parametrize(("life", "word"), [(one, word) for one in Life for word in LIVES[one]])
def test_hearing_the_same_twice_changes_nothing(life: Life, word: Word) -> None:
    """A word that comes twice leads no further than when it came once."""
    once = next_life(life, word)
    if word in LIVES[once]:
        assert once is next_life(once, word)


def test_what_was_filled_stays_filled() -> None:
    """Nothing that can be heard brings a filled order back."""
    assert {Life.FILLED} == set(LIVES[Life.FILLED].values())


def test_a_cancelled_order_can_only_turn_out_to_be_filled() -> None:
    """Whoever cancels may lose the race; nothing else wakes a cancelled order."""
    assert {Life.CANCELED, Life.FILLED} == set(LIVES[Life.CANCELED].values())


def test_an_order_whose_answer_was_lost_is_never_sent_by_the_table() -> None:
    """SENT is the beginning: no word leads there, so nothing is as if it had not been sent yet."""
    assert Life.SENT not in {after for words in LIVES.values() for after in words.values()}


def test_what_has_ended() -> None:
    """Four lives are at their end."""
    assert (Life.FILLED, Life.CANCELED, Life.REJECTED, Life.NEVER) == ENDED


@pytest.mark.parametrize(
    ("word", "status"),
    [
        (Word.ACCEPTED, OrderStatus.PENDING), (Word.ACCEPTED, OrderStatus.OPEN),
        (Word.ACCEPTED, OrderStatus.PARTIALLY_FILLED), (Word.FILLED, OrderStatus.FILLED),
        (Word.CANCELED, OrderStatus.CANCELED), (Word.REJECTED, OrderStatus.REJECTED),
    ],
)  # fmt: skip
def test_every_status_is_a_word(word: Word, status: OrderStatus) -> None:
    """What a venue says of an order's status is something that the table knows."""
    assert word is word_of(status)
