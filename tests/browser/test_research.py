"""Data and results as files, marks on results, the heat map; by clicks before the real server."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

PAIR = "BTC/USDT:USDT"
FIRST = 1_704_067_200  # 2024-01-01, UTC seconds
WAIT = 90_000
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(kit, browser, tmp_path_factory):
    """A server with four days of a made-up market, and its first administrator let in."""
    folder = tmp_path_factory.mktemp("research")
    kit.make_market(folder)
    with kit.serving(folder, "--alone") as made:
        yield kit.let_in(browser, made)


@pytest.fixture
def visit(kit, browser, served):
    """An administrator before it, of whom the page does not complain."""
    made = kit.visit(browser, served)
    yield made
    assert [] == made.complaints
    made.context.close()


def _candles(folder: Path, name: str, minutes: range, head: str = "time,open,high,low,close,volume") -> Path:
    path = folder / name
    rows = (f"{FIRST + 60 * minute},100,102,99,101,5" for minute in minutes if not 60 <= minute < 90)
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def test_a_file_with_a_hole_is_taken_in_and_filled(visit, tmp_path):
    """What a file leaves open is asked for; its hole is listed, and made up with marks."""
    page = visit.open("/data")
    page.get_by_text("File", exact=True).click()
    page.locator("input[type=file]").set_input_files(_candles(tmp_path, "mine.csv", range(180)))
    page.get_by_role("textbox", name="Venue").fill("mine")
    page.get_by_role("textbox", name="Pair").fill("SOL/USDT")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("alert")).to_contain_text("give stamp open or stamp close", timeout=WAIT)
    page.get_by_role("combobox", name="Stamp").select_option("open")
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_text("150 rows: 150 new, 0 known, 0 replaced.")).to_be_visible(timeout=WAIT)

    expect(page.get_by_role("heading", name="SOL/USDT · 1m · mine")).to_be_visible()
    expect(page.get_by_text("1 hole", exact=True)).to_be_visible()
    hole = page.get_by_role("row").filter(has_text="01:30").filter(has_text="30")
    expect(hole).to_contain_text("01 Jan 2024, 01:00")
    expect(page.get_by_role("button", name=re.compile("^Download \\d"))).to_be_hidden()  # no exchange is called so
    page.get_by_role("button", name="Repair").click()
    page.get_by_role("alertdialog").get_by_role("checkbox", name=re.compile("make up 30 missing bars")).check()
    page.get_by_role("alertdialog").get_by_role("button", name="Repair").click()
    expect(page.get_by_text("30 things were done:")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("1 hole", exact=True)).to_be_hidden()
    (series,) = visit.ask("GET", "/data?venue=mine")["items"]
    assert (180, 0, 30) == (series["rows"], series["missing"], series["filled"])


def test_a_file_that_cannot_be_used_is_refused_in_words(visit, tmp_path):
    """What is wrong is named by row and column, or by field, value and what is allowed; nothing is stored."""
    bad = _candles(tmp_path, "bad.csv", range(3), head="open_time,open,high,low,close,volume")
    bad.write_text(bad.read_text("utf-8").replace("102", "much", 1), encoding="utf-8")
    page = visit.open("/data")
    page.get_by_text("File", exact=True).click()
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_role("textbox", name="Venue").fill("broken")
    page.get_by_role("textbox", name="Pair").fill("SOL USDT!")
    page.get_by_role("button", name="Take in").click()
    said = page.get_by_role("alert").filter(has_text="Pair: a pair such as BTCUSDT, BTC/USDT")
    expect(said).to_be_visible()
    visit.complaints.clear()  # the console repeats that it was refused
    page.get_by_role("textbox", name="Pair").fill("SOL/USDT")
    page.get_by_role("button", name="Take in").click()
    said = page.get_by_role("alert").filter(has_text="column 'high' has 'much', which is not a number")
    expect(said).to_contain_text("the file: row 1", timeout=WAIT)
    assert [] == visit.ask("GET", "/data?venue=broken")["items"]


def test_results_are_marked_found_by_their_marks_and_exported(visit, tmp_path):
    """Tag, note and star stand at the server, choose rows of the table, and the files hold the result."""
    own, other = visit.backtest("ma_crossover"), visit.backtest("ma_crossover", params={"fast": 7})
    page = visit.open(f"/backtest/{own}")
    page.get_by_label("Note").fill("loses in the second half")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name=f"Star {own}").click()
    expect(page.get_by_role("button", name=f"Star {own}", pressed=True)).to_be_visible()
    page.get_by_role("combobox", name="Tags").or_(page.get_by_label("Tags")).first.fill("promising")
    page.keyboard.press("Enter")
    expect(page.get_by_text("promising")).to_be_visible()
    # What was being written has stayed.
    expect(page.get_by_label("Note")).to_have_value("loses in the second half")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_be_hidden()
    mark = visit.ask("GET", f"/backtests/{own}/mark")
    assert (["promising"], "loses in the second half", True) == (mark["tags"], mark["note"], mark["starred"])

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as begun:
        page.get_by_role("menuitem", name="Everything as JSON").click()
    begun.value.save_as(tmp_path / "result.json")
    told = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert own in json.dumps(told)
    assert "ma_crossover" in json.dumps(told)

    page = visit.open("/backtest")
    rows = page.get_by_role("button", name=re.compile("Delete result"))
    expect(rows.nth(1)).to_be_visible()
    before = rows.count()
    page.get_by_role("combobox", name="Tags").select_option("promising")
    expect(rows).to_have_count(1)
    expect(rows.first).to_have_accessible_name(re.compile(own))
    page = visit.open("/backtest?starred=yes")
    expect(rows).to_have_count(1)
    page.get_by_role("switch", name="With a star").uncheck()
    expect(rows).to_have_count(before)
    assert other != own


def test_strategies_are_set_side_by_side(visit):
    """Two that are chosen are ranked in words with their intervals, and a map shows where each earned."""
    page = visit.open("/evaluation")
    chosen = page.get_by_role("combobox", name="Strategies")
    for name in ("ma_crossover", "simple_test"):
        chosen.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Periods").fill("2")
    page.get_by_role("button", name="Compare", exact=True).click()
    shown = page.get_by_role("table", name="Where each one earned")
    expect(shown.get_by_role("rowheader")).to_have_count(2, timeout=WAIT)
    expect(page.get_by_role("alert").filter(has_text="the sample")).to_be_visible()
    page.get_by_text("By period", exact=True).click()
    expect(shown.get_by_role("columnheader")).to_have_count(3)  # and that of the names
    told = visit.ask("GET", "/evaluations")["items"]
    assert told
    found = visit.ask("GET", f"/evaluations/{told[0]}")
    assert {"ma_crossover", "simple_test"} == {one["strategy"] for one in found["standings"]}
    for one in found["standings"]:
        expect(page.get_by_role("row").filter(has_text=one["strategy"]).first).to_contain_text(str(one["rank"]))


def test_a_result_goes_out_whole_and_all_are_deleted(visit, tmp_path):
    """Its tables as CSV and its report as one page hold it; all results go once the words are typed."""
    own = visit.backtest("ma_crossover")
    page = visit.open(f"/backtest/{own}")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as begun:
        page.get_by_role("menuitem", name="Tables as CSV (ZIP)").click()
    begun.value.save_as(tmp_path / "tables.zip")
    with zipfile.ZipFile(tmp_path / "tables.zip") as tables:
        (trades,) = (name for name in tables.namelist() if name.endswith("trades.csv"))
        lines = tables.read(trades).decode().splitlines()
    assert visit.ask("GET", f"/backtests/{own}")["total_trades"] + 1 == len(lines) > 2
    page.get_by_role("button", name="Export").click()
    with page.expect_popup() as opened:
        page.get_by_role("menuitem", name="Report, one page").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("ma_crossover", timeout=WAIT)
    opened.value.close()

    page = visit.open("/backtest")
    page.get_by_role("button", name="Delete all").first.click()
    asked = page.get_by_role("alertdialog")
    asked.get_by_label(re.compile("Type")).fill("delete all")
    asked.get_by_role("button", name="Delete all").click()
    expect(asked).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("Delete result"))).to_have_count(0)
    assert [] == visit.ask("GET", "/backtests")["items"]


def test_results_are_sorted_and_searched(visit):
    """A press on a head puts the best first, words leave what has them; the address keeps the words."""
    own = [visit.backtest("ma_crossover", params={"fast": fast}) for fast in (5, 8, 11)]
    page = visit.open(f"/backtest?q={PAIR}")
    page.get_by_role("button", name="Total return").click()
    expect(page.get_by_role("columnheader", name="Total return")).to_have_attribute("aria-sort", "descending")
    rows = page.get_by_role("button", name=re.compile("Delete result"))
    told = visit.ask("GET", "/backtests")["items"]
    returns = {one["id"]: one["total_return"] for one in told}
    shown = [name.rsplit(" ", 1)[1] for name in rows.evaluate_all("all => all.map(one => one.ariaLabel)")]
    assert sorted(returns.values(), reverse=True) == [returns[one] for one in shown]
    page.get_by_role("textbox", name="Search").fill(own[1])
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(1, timeout=WAIT)
    expect(rows.first).to_have_accessible_name(re.compile(own[1]))


def test_what_waits_its_turn_is_cancelled(visit):
    """Of more comparisons than there are processes for, one that waits is ended with a press; the others go on."""
    wanted = range(2 + (os.cpu_count() or 1))
    jobs = [visit.ask("POST", "/evaluations", {"periods": 6 + more})["id"] for more in wanted]
    page = visit.open("/evaluation")
    waiting = page.get_by_text("waits its turn").first.locator("xpath=..")
    waiting.get_by_role("button", name=re.compile("^Cancel")).click(timeout=WAIT)
    for _ in range(WAIT // 250):
        states = {job: visit.ask("GET", f"/jobs/{job}")["state"] for job in jobs}
        if "cancelled" in states.values():
            break
        visit.page.wait_for_timeout(250)
    assert 1 == list(states.values()).count("cancelled"), states
    for job in (job for job, state in states.items() if state == "queued"):
        visit.ask("DELETE", f"/jobs/{job}")
