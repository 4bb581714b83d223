"""The page as text: self-contained, safe, complete in both languages, the same each time."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

from tradewright.domain.enums import Code
from tradewright.domain.intents import Twap
from tradewright.engine.outcome import log_of
from tradewright.portfolio.analysis import SENTENCES
from tradewright.portfolio.metrics import Figures, compute_metrics
from tradewright.portfolio.warnings import TEXTS, TOLD_TEXTS
from tradewright.research.report import ReportInput, render
from tradewright.research.report.payload import months
from tradewright.research.report.wording import FIGURES, page_file, texts
from tradewright.testing.results import a_result
from tradewright.testing.run_logs import a_run, bars_of
from tradewright.testing.scripted import FLAT, played

SCRIPTS = ("format.js", "charts.js", "candles.js", "trades.js", "analysis.js", "main.js")


def _page(whole) -> str:
    return render(ReportInput(whole.result, whole.log, whole.summary.trades))


def _data(page: str) -> dict:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def _numbers(column: dict) -> list[float]:
    dtype = {"i4": "<i4", "f8": "<f8"}[column["type"]]
    return np.frombuffer(base64.b64decode(column["bytes"]), dtype).tolist()


def test_the_same_run_gives_the_same_page():
    """Nothing of time, chance or order gets into it."""
    assert _page(a_result()) == _page(a_result())


def test_the_page_asks_for_no_other_file():
    """No tag loads anything, and the content policy would not allow it."""
    page = _page(a_result())
    frame = page[: page.index('<script type="application/json"')]
    assert "default-src 'none'" in frame
    assert [] == re.findall(r"(?:src|href)=", frame + "".join(page_file(name) for name in SCRIPTS))
    assert [] == re.findall(r"https?:", frame + "".join(page_file(name) for name in SCRIPTS))


def test_names_cannot_become_markup():
    """A strategy called like a tag is text: in the title escaped, in the data without '<'."""
    page = _page(a_result(strategy="</script><b>x"))
    assert "<title>&lt;/script&gt;&lt;b&gt;x" in page
    assert "</script><b>" not in page
    assert "</script><b>x" == _data(page)["result"]["strategy"]
    used = "".join(page_file(name) for name in SCRIPTS)
    assert "innerHTML" not in used
    assert 3 == page.count("</script>")


def test_trades_and_bars_reach_the_page():
    """Columns are unpacked to what the run holds; what is absent is NaN."""
    whole = a_result()
    data = _data(_page(whole))
    columns = data["trades"]["columns"]
    assert [trade.pnl for trade in whole.summary.trades] == _numbers(columns["pnl"])
    assert [trade.ts_entry / 1e6 for trade in whole.summary.trades] == _numbers(columns["entryTime"])
    assert [False, False, True, True] == np.isnan(_numbers(columns["stop"])).tolist()
    (market,) = data["markets"]
    assert [10, 3_600_000.0] == [market["tick"][1], market["length"]]
    assert [round(10 * close) for close in whole.log.bars[0].close] == _numbers(market["close"])
    assert list(range(60)) == _numbers(market["place"])


def test_many_bars_are_joined_and_many_closes_thinned():
    """60,000 minutes are carried as bars of 3m; of the curve 2,000 pairs of extremes stay."""
    walk = 100 + np.cumsum(np.random.default_rng(1).normal(0, 0.01, 60_000))
    bars = bars_of(walk, "1m")
    whole = a_result(log=a_run(bars, equity=walk * 100))
    whole.result.spec["timeframe"] = "1m"
    data = _data(_page(whole))
    assert (60_000.0, 180_000.0) == (data["barLength"], data["markets"][0]["length"])
    assert 20_000 == len(_numbers(data["markets"][0]["close"]))
    kept = _numbers(data["curves"]["equity"]["y"])
    assert (True, 60_000) == (data["curves"]["thinned"], data["curves"]["steps"])
    assert len(kept) <= 4_002
    assert (max(walk * 100), min(walk * 100)) == (max(kept), min(kept))


def test_a_run_without_bars_is_drawn():
    """The page stands, with no curve, no month and no candle."""
    data = _data(_page(a_result(log=a_run(bars_of([])))))
    assert ([], 0, []) == (data["months"], data["curves"]["steps"], _numbers(data["markets"][0]["close"]))


def test_prices_too_large_for_small_integers_are_kept():
    """Ticks beyond 32 bits travel as doubles."""
    data = _data(_page(a_result(log=a_run(bars_of([3e8, 4e8])))))
    assert [3_000_000_000.0, 4_000_000_000.0] == _numbers(data["markets"][0]["close"])


def test_months_multiply_to_the_whole():
    """Each month's growth times the next is the year's, and the years' that of the run."""
    closes = np.arange(24 * 500) % 700 + 1_000.0
    log = a_run(bars_of(closes), equity=closes * 10)
    years = months(log.ts_close, log.equity, log.initial_balance)
    assert [2022, 2023] == [year["year"] for year in years]
    for year in years:
        grown = np.prod([1.0 + month for month in year["months"] if month is not None])
        assert pytest.approx(1.0 + year["total"]) == grown
    whole = np.prod([1.0 + year["total"] for year in years])
    assert pytest.approx(log.final_equity / log.initial_balance) == whole
    assert [None] * 7 == years[1]["months"][5:]


def test_a_midnight_close_belongs_to_the_month_that_ends():
    """January's last bar closes on the first of February."""
    run = a_run(bars_of([100.0] * 24 * 31))
    (year,) = months(run.ts_close, run.equity, run.initial_balance)
    assert [0.0, None] == year["months"][:2]


def test_both_languages_are_complete():
    """Every key has both texts with the same places; every Ukrainian text is Cyrillic where it has words."""
    for key, pair in texts().items():
        assert pair["uk"], key
        if not key.startswith(("warning_", "sentence_")):
            assert pair["en"], key
            assert set(re.findall(r"{\w+}", pair["en"])) == set(re.findall(r"{\w+}", pair["uk"])), key
        if len(pair["uk"]) > 12:
            assert re.search("[\u0400-\u04ff]", pair["uk"]), key


def test_every_warning_and_refusal_is_told_in_both_languages():
    """Each warning has the same places in both; each code of a refusal has its words."""
    words = texts()
    for code, english in (TEXTS | TOLD_TEXTS).items():
        translated = words[f"warning_{code}"]["uk"]
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", translated)), code
    for code, english in SENTENCES.items():
        translated = words[f"sentence_{code}"]["uk"]
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", translated)), code
    silent = {Code.OK, Code.NEED_ROOM, Code.NEED_ORDER_ROOM, Code.NEED_FINER}
    names = [code.name.lower().replace("_", "-") for code in Code if code not in silent]
    assert [] == [name for name in names if f"refusal_{name}" not in words]


def test_every_key_that_the_page_uses_has_words():
    """Keys in the page and in calls of `text` are in the table."""
    used = set(re.findall(r'data-t="(\w+)"', page_file("page.html")))
    used |= {key for name in SCRIPTS for key in re.findall(r'\btext\("(\w+)"', page_file(name))}
    assert set() == used - set(texts())


def test_every_figure_is_shown():
    """What is computed stands on the page, in its family or in the trades' tile."""
    log = a_run(bars_of([100.0]))
    values: Figures = compute_metrics(log, ()).values
    shown = {name for rows in FIGURES.values() for name, _ in rows}
    elsewhere = {"winning_trades", "losing_trades", "fills"}
    assert set(values) == shown | elsewhere
    assert shown <= set(texts())


def test_orders_worked_by_children_reach_the_page():
    """A run with parents carries them, with words for each end they may come to."""
    run = played({0: Twap("buy", 0.3, bars=3, tag="in"), 5: Twap("sell", 0.3, bars=9)}, [FLAT] * 9, participation=0.0)
    whole = a_result(log=log_of(run))
    parents = _data(_page(whole))["result"]["data"]["parents"]
    assert [("in", "filled"), ("twap-2", "working")] == [(row["tag"], row["status"]) for row in parents]
    assert {"status_filled", "status_expired", "status_canceled", "status_liquidated", "status_working"} <= set(texts())
    assert "parents" not in _data(_page(a_result()))["result"]["data"]
