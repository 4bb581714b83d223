"""Numbers of a venue and names of ours, there and back."""

from __future__ import annotations

from tradewright.domain.enums import Code
from tradewright.domain.venue_codes import VENUE_CODES, code_of


def test_a_number_means_a_reason_that_has_that_number() -> None:
    """Whoever is refused by a number of the table is told a reason to which it belongs."""
    for number in set(VENUE_CODES.values()) - {-1102, -1106, -1130, -2010}:
        code = code_of(number)
        assert code is not None
        assert number == VENUE_CODES[code]


def test_some_numbers_have_several_meanings_or_none() -> None:
    """Of an order that was sent, -2021 is a trigger that was passed; missing parameters are our own fault."""
    assert Code.WOULD_TRIGGER_AT_ONCE == code_of(-2021)
    assert Code.MARGIN_INSUFFICIENT == code_of(-2018)
    assert Code.NOTHING_TO_REDUCE == code_of(-2024) == code_of(-4118) == code_of(-4138)
    assert (Code.PRICE_ABOVE_BAND, Code.PRICE_BELOW_BAND) == (code_of(-4210), code_of(-4211))
    assert Code.VENUE_BUSY == code_of(-5028)
    assert [None] * 4 == [code_of(number) for number in (-1102, -1106, -1130, -9999)]
