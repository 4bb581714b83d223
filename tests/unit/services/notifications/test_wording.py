"""Each kind has its words in both languages, of the same facts; what comes from elsewhere cannot break a message."""

from __future__ import annotations

import string

import pytest

from tradewright.domain.notices import Notice, Urgency
from tradewright.services.notifications.wording import kinds, worded


def _places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_both_languages_tell_the_same_facts(kind):
    """Nobody learns less for their language."""
    templates = kinds()[kind].templates
    for part in (0, 1):
        assert _places(templates["en"][part]) == _places(templates["uk"][part])


def test_missing_facts_are_dashes_and_strange_ones_stay_on_their_line():
    """A fact with braces, line ends or of great length is told as it is, within bounds."""
    notice = Notice("fill", Urgency.INFO, {"side": "{buy}\n\nDROP", "price": 0.1 + 0.2}, 0)
    title, text = worded(notice, "en")
    assert "Filled: {buy} DROP - -" == title
    assert "-: {buy} DROP - - at 0.3, fee -" == text
    assert 1_500 == len(worded(Notice("fill", Urgency.INFO, {"side": "x" * 9_000}, 0), "en")[1])
