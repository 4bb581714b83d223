"""The life of an order at a venue: where it stands, what may be heard of it, and where that leads. One table.

What is heard may come twice, late or out of order: the table says what of it changes nothing. What it has no line for
cannot be, and stops whoever hears it.
"""

from __future__ import annotations

from enum import Enum, unique

from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import DataError

__all__ = ["ENDED", "LIVES", "Life", "Word", "next_life", "word_of"]


@unique
class Life(Enum):
    """Where an order stands, as far as we know."""

    SENT = "sent"
    """It is in the journal, and may be on its way; no answer has come."""
    UNKNOWN = "unknown"
    """The answer was lost: it may be there, or not, or be there soon. It is asked for, and never sent again."""
    WORKING = "working"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"
    NEVER = "never"
    """It never came to the venue, and never will."""


@unique
class Word(Enum):
    """What is heard of an order."""

    ACCEPTED = "accepted"
    """It is open at the venue."""
    REJECTED = "rejected"
    LOST = "lost"
    """No answer came."""
    FILLED = "filled"
    CANCELED = "canceled"
    """Cancelled or expired: what of it was not filled never will be."""
    MISSING = "missing"
    """The venue knows of no such order, at a time after which it cannot come any more."""


ENDED = (Life.FILLED, Life.CANCELED, Life.REJECTED, Life.NEVER)
"""From here nothing more is to come; if it comes all the same, the order is alive again, and is cancelled."""

_ENDS = {Word.FILLED: Life.FILLED, Word.CANCELED: Life.CANCELED}
_OPENS = {Word.ACCEPTED: Life.WORKING, Word.REJECTED: Life.REJECTED, Word.MISSING: Life.NEVER, **_ENDS}

LIVES: dict[Life, dict[Word, Life]] = {
    Life.SENT: {**_OPENS, Word.LOST: Life.UNKNOWN},
    Life.UNKNOWN: {**_OPENS, Word.LOST: Life.UNKNOWN},
    # An answer may come after the stream has told the same, and a request to change the order may be lost.
    # What waits for a trigger may be refused when that comes.
    Life.WORKING: {Word.ACCEPTED: Life.WORKING, Word.LOST: Life.WORKING, Word.REJECTED: Life.REJECTED, **_ENDS},
    Life.FILLED: dict.fromkeys((Word.ACCEPTED, Word.LOST, Word.FILLED, Word.CANCELED), Life.FILLED),
    # Whoever cancels may lose the race.
    Life.CANCELED: {
        Word.ACCEPTED: Life.CANCELED, Word.LOST: Life.CANCELED, Word.CANCELED: Life.CANCELED,
        Word.MISSING: Life.CANCELED, Word.FILLED: Life.FILLED,
    },
    # A venue that thinks better of it: the order is there after all.
    Life.REJECTED: {Word.REJECTED: Life.REJECTED, Word.MISSING: Life.REJECTED, Word.ACCEPTED: Life.WORKING, **_ENDS},
    Life.NEVER: {
        Word.MISSING: Life.NEVER, Word.LOST: Life.NEVER, Word.REJECTED: Life.NEVER, Word.ACCEPTED: Life.WORKING,
        **_ENDS,
    },
}  # fmt: skip
"""Every step that an order's life can take."""

_WORDS = {
    OrderStatus.PENDING: Word.ACCEPTED, OrderStatus.OPEN: Word.ACCEPTED, OrderStatus.PARTIALLY_FILLED: Word.ACCEPTED,
    OrderStatus.FILLED: Word.FILLED, OrderStatus.CANCELED: Word.CANCELED, OrderStatus.REJECTED: Word.REJECTED,
}  # fmt: skip


def next_life(life: Life, word: Word) -> Life:
    """Where an order stands after a word of it.

    Raises:
        DataError: that cannot be said of an order that stands there.

    Example:
        >>> next_life(Life.CANCELED, Word.FILLED)
        <Life.FILLED: 'filled'>
    """
    if word not in LIVES[life]:
        raise DataError(f"an order that is {life.value} was said to be {word.value}: the venue contradicts itself")
    return LIVES[life][word]


def word_of(status: OrderStatus) -> Word:
    """What an order's status at its venue says of it."""
    return _WORDS[status]
