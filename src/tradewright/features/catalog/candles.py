"""Candlestick patterns: 100 where one closes bullish, -100 bearish, 0 none.

A few say more: 80 an engulfing or harami of which one end only matches, 200 a hikkake that later bars confirmed.
"Long", "short", "near" are measured against the average of the bars before (TA-Lib's settings).
"""

from __future__ import annotations

from tradewright.features.parameters import number
from tradewright.features.row import Row

__all__ = ["CANDLES"]

# name: title, the first row, what it means, how far the last body must reach back into the first (where that is asked)
_BOOK: dict[str, tuple[str, int, str, float | None]] = {
    "2_crows": ("Two crows", 12, "bearish: a gap up after a long rising bar, then two falling bars back into its body", None),
    "3_black_crows": ("Three black crows", 13, "bearish: three long falling bars, each closing near its low", None),
    "3_inside": ("Three inside up or down", 12, "a harami, then a close beyond the first bar's open: reversal", None),
    "3_line_strike": ("Three-line strike", 8, "three bars one way, a fourth takes them all back: continuation of the three", None),
    "3_outside": ("Three outside up or down", 3, "an engulfing, then a close further on: reversal", None),
    "3_stars_in_south": ("Three stars in the south", 12, "bullish: three falling bars, each smaller than the one before", None),
    "3_white_soldiers": ("Three white soldiers", 12, "bullish: three long rising bars, each closing near its high", None),
    "abandoned_baby": ("Abandoned baby", 12, "a doji with a gap on both sides: reversal", 0.3),
    "advance_block": ("Advance block", 12, "bearish: three rising bars that tire, bodies shrinking and shadows growing", None),
    "belt_hold": ("Belt hold", 10, "a long bar that opens at its extreme: goes on its way", None),
    "breakaway": ("Breakaway", 14, "a gap and three more bars one way, then a long bar back into the gap: reversal", None),
    "closing_marubozu": ("Closing marubozu", 10, "a long bar that closes at its extreme: goes on its way", None),
    "conceal_baby_swall": ("Concealing baby swallow", 13, "bullish: four falling bars, the last swallows the third whole", None),
    "counterattack": ("Counterattack", 11, "two long bars against each other that close at one price: reversal", None),
    "dark_cloud_cover": ("Dark cloud cover", 11, "bearish: opens above a long rising bar, closes deep in its body", 0.5),
    "doji": ("Doji", 10, "open and close alike: nobody wins", None),
    "doji_star": ("Doji star", 11, "a doji beyond a long body: the move may be over", None),
    "dragonfly_doji": ("Dragonfly doji", 10, "a doji at the high with a long lower shadow: sellers were refused", None),
    "engulfing": ("Engulfing", 2, "a body that covers the one before, against it: reversal", None),
    "evening_doji_star": ("Evening doji star", 12, "bearish: long rise, doji above, close deep in the first body", 0.3),
    "evening_star": ("Evening star", 12, "bearish: long rise, small body above, close deep in the first body", 0.3),
    "gap_side_side_white": ("Side-by-side white lines", 7, "two like rising bars beyond a gap: continuation", None),
    "gravestone_doji": ("Gravestone doji", 10, "a doji at the low with a long upper shadow: buyers were refused", None),
    "hammer": ("Hammer", 11, "bullish: small body, long lower shadow, at a low", None),
    "hanging_man": ("Hanging man", 11, "bearish: small body, long lower shadow, at a high", None),
    "harami": ("Harami", 11, "a small body inside a long one before: the move may be over", None),
    "harami_cross": ("Harami cross", 11, "a doji inside a long body before: the move may be over", None),
    "high_wave": ("High wave", 10, "short body with very long shadows: nobody wins", None),
    "hikkake": ("Hikkake", 5, "a false break of an inside bar; 200 once confirmed", None),
    "hikkake_mod": ("Modified hikkake", 10, "a hikkake after a close near the extreme; 200 once confirmed", None),
    "homing_pigeon": ("Homing pigeon", 11, "bullish: a falling body inside a long falling one", None),
    "identical_3_crows": ("Identical three crows", 12, "bearish: three falling bars, each opening at the close before", None),
    "in_neck": ("In-neck", 11, "bearish: a rising bar barely closes in the long falling body before: continuation", None),
    "inverted_hammer": ("Inverted hammer", 11, "bullish: small body, long upper shadow, at a low", None),
    "kicking": ("Kicking", 11, "two marubozu against each other with a gap: the second's way", None),
    "kicking_by_length": ("Kicking by length", 11, "two marubozu against each other with a gap: the longer one's way", None),
    "ladder_bottom": ("Ladder bottom", 14, "bullish: four falling bars, the last with an upper shadow, then a gap up", None),
    "long_legged_doji": ("Long-legged doji", 10, "a doji with a long shadow: nobody wins", None),
    "long_line": ("Long line", 10, "a long body with short shadows: goes on its way", None),
    "marubozu": ("Marubozu", 10, "a long body without shadows: goes on its way", None),
    "matching_low": ("Matching low", 6, "bullish: two falling bars that close at one price", None),
    "mat_hold": ("Mat hold", 14, "bullish: a long rise, three small bars that hold it, a new rise: continuation", 0.5),
    "morning_doji_star": ("Morning doji star", 12, "bullish: long fall, doji below, close deep in the first body", 0.3),
    "morning_star": ("Morning star", 12, "bullish: long fall, small body below, close deep in the first body", 0.3),
    "on_neck": ("On-neck", 11, "bearish: a rising bar closes at the low of the long falling one before: continuation", None),
    "piercing": ("Piercing", 11, "bullish: opens below a long falling bar, closes above its middle", None),
    "rickshaw_man": ("Rickshaw man", 10, "a long-legged doji with its body in the middle: nobody wins", None),
    "rise_fall_3_methods": ("Rising or falling three methods", 14, "a long bar, three small against it inside its range, a long one on: continuation", None),
    "separating_lines": ("Separating lines", 11, "against the trend, then back from the same open: continuation", None),
    "shooting_star": ("Shooting star", 11, "bearish: small body, long upper shadow, at a high", None),
    "short_line": ("Short line", 10, "a short body with short shadows: a pause", None),
    "spinning_top": ("Spinning top", 10, "a short body with longer shadows: nobody wins", None),
    "stalled_pattern": ("Stalled pattern", 12, "bearish: three rising bars, the last small at the top of the second", None),
    "stick_sandwich": ("Stick sandwich", 7, "bullish: a rising bar between two falling ones that close at one price", None),
    "takuri": ("Takuri", 10, "a dragonfly doji with a very long lower shadow: sellers were refused", None),
    "tasuki_gap": ("Tasuki gap", 7, "a gap, a bar on, a bar back that leaves the gap open: continuation", None),
    "thrusting": ("Thrusting", 11, "bearish: a rising bar closes below the middle of the falling one before: continuation", None),
    "tristar": ("Tristar", 12, "three doji, the middle one beyond the others: reversal", None),
    "unique_3_river": ("Unique three river", 12, "bullish: long fall, a harami with a new low, a small rising bar below", None),
    "upside_gap_2_crows": ("Upside gap two crows", 12, "bearish: two falling bars above a long rising one, the gap still open", None),
    "x_side_gap_3_methods": ("Gap three methods", 2, "a gap between two bars one way, closed by a third: continuation", None),
}  # fmt: skip

CANDLES = tuple(
    Row(
        f"cdl_{name}",
        title,
        "open high low close",
        () if reach is None else (number("penetration", reach, 0.0),),
        f"cdl_{name}",
        "-200 to 200",
        str(first),
        "Nison (1991), Japanese Candlestick Charting Techniques; Morris (1995), Candlestick Charting Explained",
        meaning,
    )
    for name, (title, first, meaning, reach) in _BOOK.items()
)
