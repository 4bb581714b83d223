"""Names of results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.result_id import check_result_id, result_id


def test_ids_sort_as_time_does():
    """A later second sorts behind, whatever the salt."""
    moments = [datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC) + timedelta(seconds=s) for s in (0, 1, 3_600, 86_400)]
    names = [result_id(moment, 65_535 - place) for place, moment in enumerate(moments)]
    assert sorted(names) == names


def test_ids_are_in_utc_and_have_a_short_salt():
    """An offset is taken out; only 16 bits of the salt are used."""
    moment = datetime(2026, 11, 21, 12, 15, 30, tzinfo=timezone(timedelta(hours=2)))
    assert "20261121-101530-0001" == result_id(moment, 0x10001)


@pytest.mark.parametrize("text", ["", "x", "20261121-101530-3f9", "20261121-101530-3F9A", "../20261121-101530-3f9a"])
def test_what_is_no_id_is_refused(text):
    """Only the exact form may become part of a file name."""
    with pytest.raises(InvalidValue, match="result id"):
        check_result_id(text)


def test_an_id_passes():
    """What `result_id` makes is given back."""
    assert "20261121-101530-3f9a" == check_result_id("20261121-101530-3f9a")
