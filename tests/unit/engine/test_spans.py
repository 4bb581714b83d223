"""Instruments of one run share some time."""

from __future__ import annotations

import pytest

from tradewright.domain.errors import DataError
from tradewright.engine.spans import check_overlap

DAY = 86_400_000_000_000


def test_spans_that_overlap_in_a_chain_are_one_run() -> None:
    """The first and the last share no time; what lies between shares some with both."""
    check_overlap({"A": (0, 10), "C": (15, 30), "B": (5, 20)})
    check_overlap({"A": (0, 10)})
    check_overlap({})


@pytest.mark.parametrize("begin", [2, 5])
def test_spans_without_common_time_are_refused_with_both_named(begin: int) -> None:
    """Also where one ends the moment the other begins; the one that lasts longest is named."""
    spans = {"LATE": (begin * DAY, 9 * DAY), "SHORT": (0, DAY), "LONG": (0, 2 * DAY)}
    with pytest.raises(DataError, match="share no time") as refused:
        check_overlap(spans)
    assert "LONG (1970-01-01T00:00:00Z to 1970-01-03T00:00:00Z)" in str(refused.value)
    assert f"LATE (1970-01-0{begin + 1}T00:00:00Z to 1970-01-10T00:00:00Z)" in str(refused.value)
