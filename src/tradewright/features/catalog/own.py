"""What TA-Lib lacks: sessions, the cloud, the volume profile, pivots."""

from __future__ import annotations

from tradewright.features.parameters import Parameter, number, whole
from tradewright.features.row import Row

__all__ = ["OWN"]

HLC, HLCV = "high low close", "high low close volume"
HOURS = (whole("hours", 24, 1),)
LEVELS, PRICE = "pivot r1 r2 r3 s1 s2 s3", "price"
ANEW = "sessions are cut in UTC, a day at midnight, a week (168) on Monday"
WHOLE = "NaN until one session was seen from its first bar on; " + ANEW
PAID = "Berkowitz, Logue & Noser (1988), Journal of Finance 43"

# fmt: off
OWN = (
    Row("ichimoku", "Ichimoku: two middle lines, the cloud under this bar (known `displacement` bars before), the cloud that leads it, and the close so long ago", HLC, (whole("short", 9), whole("base", 26), whole("long", 52), whole("displacement", 26, 1)), "tenkan kijun span_a span_b lead_a lead_b past_close", PRICE, "max(max(short, base), long) - 1 + displacement", "Hosoda (1969), Ichimoku Kinko Hyo", "charts that call this bar the first of 26 displace by 25; the lagging line is price now against `past_close`"),
    Row("session_vwap", "Volume-weighted average price since the session began, and the deviation around it", HLCV + " ts_open", HOURS, "vwap deviation", PRICE, "0", PAID, ANEW),
    Row("rolling_vwap", "Volume-weighted average price of n bars", HLCV, (whole("n", 20, 1),), "rolling_vwap", PRICE, "n - 1", PAID, "the typical price where nothing was traded"),
    Row("anchored_vwap", "Volume-weighted average price since an anchor, and the deviation around it", HLCV + " anchors", (), "vwap deviation", PRICE, "0", PAID, "`anchors` is a column, not 0 in each row that begins anew; NaN before the first"),
    Row("volume_profile", "Busiest price of n bars, and the bounds of the area that holds a share of their volume", "high low volume", (whole("n", 96, 1), whole("rows", 24), number("share", 0.7, 0.0, 1.0)), "poc vah val", PRICE, "n - 1", "Steidlmayer & Koy (1986), Markets and Market Logic", "each bar's volume lies evenly over its range; the range of the window is cut into rows"),
    Row("session_profile", "The same of the session before, once that is over", "ts_open high low volume", (Parameter("hours", 24, 1, 744), whole("rows", 24), number("share", 0.7, 0.0, 1.0)), "poc vah val", PRICE, "0", "Steidlmayer & Koy (1986), Markets and Market Logic", WHOLE),
    Row("bulk_flow", "What was bought and sold, guessed from bars alone: the share bought is the normal distribution of the move over the deviation of n moves; delta, its sum and its share of the volume", "close volume", (whole("n", 30),), "bought sold delta cvd imbalance", "that of volume; imbalance -1 to 1", "n", "Easley, López de Prado & O'Hara (2012), Review of Financial Studies 25", "the sum begins in the first row; where trades are known take `order_flow`"),
    Row("volume_roc", "Rate of change of volume", "volume", (whole("n", 10, 1),), "volume_roc", "percent", "n", "100 * (volume[i] / volume[i-n] - 1)", "0 where the volume before was 0"),
    Row("correl_returns", "Pearson's correlation of the returns of two columns, such as an instrument's and bitcoin's closes", "x y", (whole("n", 30),), "correl_returns", "-1 to 1", "n", "Pearson (1895)", "0 where one does not move"),
    Row("realised_volatility", "Root of the summed squares of n log returns", "x", (whole("n", 30, 1), number("scale", 1.0, 0.0)), "realised_volatility", "fraction", "n", "Andersen & Bollerslev (1998), International Economic Review 39", "times the root of `scale`: bars of a year over n makes it annual"),
    Row("pivot_points", "Classic pivot levels of the session before", "ts_open " + HLC, HOURS, LEVELS, PRICE, "0", "floor traders' formula: (high + low + close) / 3", WHOLE),
    Row("fibonacci_pivots", "Pivot levels of the session before, 38.2, 61.8 and 100 % of its range away", "ts_open " + HLC, HOURS, LEVELS, PRICE, "0", "pivot ± share of the range", WHOLE),
    Row("camarilla_pivots", "Camarilla levels of the session before", "ts_open " + HLC, HOURS, LEVELS, PRICE, "0", "Stott (1989): close ± 1.1 range / 12, 6, 4", WHOLE),
)
# fmt: on
