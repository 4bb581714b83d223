"""Drawings stand at times and prices of their bars, know when they were known, and say what became of them."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright import ta
from tradewright.domain.errors import InvalidValue
from tradewright.features.drawings import Drawing, Shape
from tradewright.market.bars import Bars
from tradewright.testing.shapes import drawn_market, rough_market

BARS = rough_market(400, 3, 4.0)


def of_kind(drawn: list[Drawing], kind: str) -> list[Drawing]:
    return [drawing for drawing in drawn if drawing.kind == kind]


def test_smart_money_is_drawn_in_order_of_becoming_known() -> None:
    """There is a drawing for each event found, each known at a close, none before its first point."""
    found = ta.smart_money.read(BARS, 2, near=0.5)
    drawn = ta.drawings.smart_money(BARS, found)
    sizes = {
        "swing": found.structure.swings.side.size,
        "gap": found.gaps.side.size,
        "order_block": found.blocks.side.size,
        "sweep": sum(sweeps.level.size for sweeps in found.sweeps),
    }
    assert sizes == {kind: len(of_kind(drawn, kind)) for kind in sizes}
    assert found.pools.side.size == len(of_kind(drawn, "equal_highs")) + len(of_kind(drawn, "equal_lows"))
    assert found.structure.breaks.side.size == len(of_kind(drawn, "bos")) + len(of_kind(drawn, "choch"))
    assert min(sizes.values()) > 3
    known = [drawing.known_ns for drawing in drawn]
    assert sorted(known) == known
    assert set(known) <= set(BARS.ts_close.tolist())
    assert all(drawing.points[0][0] < drawing.known_ns for drawing in drawn)


def test_a_break_is_a_line_from_the_swing_to_the_bar_that_broke_it() -> None:
    """At the level of the swing, known at the close of that bar."""
    breaks = ta.structure.market_structure(BARS, 2).breaks
    drawn = ta.drawings.smart_money(BARS, ta.smart_money.read(BARS, 2))
    expected = {
        ((BARS.ts_open[ref], level), (BARS.ts_open[event], level), BARS.ts_close[event])
        for event, ref, level in zip(breaks.event_bar, breaks.ref_bar, breaks.level, strict=True)
    }
    assert expected == {(*d.points, d.known_ns) for kind in ("bos", "choch") for d in of_kind(drawn, kind)}


def test_a_zone_is_a_box_from_its_bar_to_its_end() -> None:
    """Open zones reach to the last bar, broken ones to the bar that broke them, and say so."""
    found = ta.smart_money.read(BARS, 2)
    boxes = of_kind(ta.drawings.smart_money(BARS, found), "gap")
    ends = np.where(found.gap_lives.end_bar < 0, BARS.close.size - 1, found.gap_lives.end_bar)
    assert {Shape.BOX} == {box.shape for box in boxes}
    assert BARS.ts_open[found.gaps.ref_bar].tolist() == [box.points[0][0] for box in boxes]
    assert BARS.ts_open[ends].tolist() == [box.points[1][0] for box in boxes]
    assert found.gaps.bottom.tolist() == [box.points[0][1] for box in boxes]
    assert found.gaps.top.tolist() == [box.points[1][1] for box in boxes]
    assert {"broken"} == {box.state for box, bar in zip(boxes, found.gap_lives.end_bar, strict=True) if bar >= 0}


def _double_top() -> Bars:
    return drawn_market([(0, 80), (40, 110), (60, 98), (80, 110), (110, 85)])


def test_a_pattern_is_its_points_and_its_two_lines() -> None:
    """A double top: two highs and the low between as a path, lines at 110 and 98 until it was confirmed."""
    bars = _double_top()
    found = ta.chart_patterns.find(bars, ta.pivots.zigzag(bars))
    shape, upper, lower = ta.drawings.patterns(bars, found)
    assert ("double_top", -1, Shape.PATH, "confirmed") == (shape.kind, shape.side, shape.shape, shape.state)
    assert tuple(zip(bars.ts_open[[40, 60, 80]].tolist(), (110.0, 98.0, 110.0), strict=True)) == shape.points
    end = int(bars.ts_open[found.end_bar[0]])
    assert ((int(bars.ts_open[40]), 110.0), (end, 110.0)) == upper.points
    assert ((int(bars.ts_open[40]), 98.0), (end, 98.0)) == lower.points
    assert bars.ts_close[found.event_bar[0]] == shape.known_ns == upper.known_ns


def test_a_level_is_a_line_from_its_first_touch() -> None:
    """The two highs at 110 make a resistance that is still open at the last bar."""
    bars = _double_top()
    drawn = ta.drawings.levels(bars, ta.levels.find(bars, ta.pivots.zigzag(bars)))
    assert [("resistance", -1, "open")] == [(d.kind, d.side, d.state) for d in drawn]
    assert ((bars.ts_open[40], 110.0), (bars.ts_open[-1], 110.0)) == drawn[0].points


@pytest.mark.parametrize(("field", "value"), [("near", -1.0), ("least_gap", float("nan")), ("k", 0), ("n", 1.5)])
def test_smart_money_refuses_what_is_out_of_range(field: str, value: float) -> None:
    """The error names the field."""
    with pytest.raises(InvalidValue, match=r"is not allowed; give a") as caught:
        ta.smart_money.read(BARS, **{field: value})
    assert str(caught.value).startswith({"k": "n"}.get(field, field))
