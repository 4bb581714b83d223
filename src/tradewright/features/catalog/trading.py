"""What range and volume tell."""

from __future__ import annotations

from tradewright.features.parameters import average, whole
from tradewright.features.row import Row

__all__ = ["TRADING"]

START = "depends on where the data begins"
HL, HLC, HLCV, CV = "high low", "high low close", "high low close volume", "close volume"
PRICE, PERCENT, VOLUME = "price", "percent", "volume"

# fmt: off
TRADING = (
    Row("adr", "Average range of a bar, gaps left out", HL, (whole("n", 14, 1),), "adr", PRICE, "n - 1", "mean of high - low"),
    Row("atr", "Average true range", HLC, (whole("n", 14, 1),), "atr", PRICE, "n", "Wilder (1978), New Concepts in Technical Trading Systems", START),
    Row("cvi", "Chaikin's volatility: rate of change of the average range", HL, (whole("n", 10), whole("roc", 10, 1)), "cvi", PERCENT, "n + roc - 1", "Chaikin, in Achelis (2000)", START),
    Row("massi", "Mass index: range against its own average, summed", HL, (whole("fast", 9), whole("slow", 25)), "massi", "ratio, summed", "2 * fast + slow - 3", "Dorsey (1992), Stocks & Commodities 10:6", START),
    Row("natr", "Average true range over the close", HLC, (whole("n", 14),), "natr", PERCENT, "n", "Forman (2006), Stocks & Commodities 24:5", START),
    Row("rvi", "Relative volatility: an rsi of standard deviations", "x", (whole("n", 14, 1), whole("deviation_n", 10)), "rvi", "0 to 100", "n + deviation_n - 2", "Dorsey (1993), Stocks & Commodities 11:6", START),
    Row("trange", "True range: span of a bar and the close before it", HLC, (), "trange", PRICE, "1", "Wilder (1978), New Concepts in Technical Trading Systems"),
    Row("ad", "Chaikin's accumulation and distribution line", HLCV, (), "ad", VOLUME, "0", "Chaikin, in Achelis (2000)", START),
    Row("adosc", "Chaikin's oscillator: fast less slow exponential average of that line", HLCV, (whole("fast", 3), whole("slow", 10)), "adosc", VOLUME, "max(fast, slow) - 1", "Chaikin, in Achelis (2000)", START),
    Row("cmf", "Chaikin's money flow over n bars", HLCV, (whole("n", 20),), "cmf", "-1 to 1", "n - 1", "Chaikin, in Achelis (2000)"),
    Row("efi", "Elder's force: change times volume, averaged", CV, (whole("n", 13, 1),), "efi", "price times volume", "n", "Elder (1993), Trading for a Living", START),
    Row("marketfi", "Market facilitation: range for each unit of volume", "high low volume", (), "marketfi", "price per volume", "0", "Williams (1995), Trading Chaos"),
    Row("nvi", "Negative volume index: changes on falling volume", CV, (), "nvi", "index, from 1000", "0", "Fosback (1976), Stock Market Logic", START),
    Row("obv", "On-balance volume", CV, (), "obv", VOLUME, "0", "Granville (1963), New Key to Stock Market Profits", START),
    Row("pvi", "Positive volume index: changes on rising volume", CV, (), "pvi", "index, from 1000", "0", "Fosback (1976), Stock Market Logic", START),
    Row("pvo", "Fast over slow average of volume", "volume", (whole("fast", 12), whole("slow", 26), average("ma", "ema")), "pvo", PERCENT, "ma(max(fast, slow), ma)", "Appel (1979), of volume"),
    Row("pvt", "Price volume trend: volume times the rate of change, summed", CV, (), "pvt", VOLUME, "0", "Achelis (2000), Technical Analysis from A to Z", START),
    Row("rvol", "Volume over the average of the n bars before", "volume", (whole("n", 20, 1),), "rvol", "ratio", "n", "volume[i] / mean of volume[i-n..i-1]"),
    Row("vwap", "Volume-weighted average price since the first bar given", HLCV, (), "vwap", PRICE, "0", "Berkowitz, Logue & Noser (1988), Journal of Finance 43", START + "; the typical price until something is traded, where TA-Lib has 0"),
)
# fmt: on
