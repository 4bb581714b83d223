"""What screens let one do, by clicks before the real server: data, settings, people, rules, strategies, the chart."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PAIR = "BTC/USDT:USDT"
WAIT = 90_000
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def visit(kit, browser, tmp_path_factory):
    """An administrator before a server with nothing stored."""
    with kit.serving(tmp_path_factory.mktemp("rows")) as served:
        made = kit.visit(browser, kit.let_in(browser, served))
        yield made
        assert [] == made.complaints
        made.context.close()


def test_a_market_is_made_up_looked_at_and_checked(visit):
    """From nothing: the form makes it, the map shows that nothing is missing, the check finds no fault."""
    page = visit.open("/data")
    page.get_by_role("textbox", name="Days").fill("5")
    page.get_by_role("button", name="Make up").click()
    shown = page.get_by_role("img", name=re.compile(r"^\d+ stretches from 01 Jan 2024"))
    expect(shown).to_have_accessible_name(re.compile("in 0 of them"), timeout=WAIT)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("No row is at fault.")).to_be_visible(timeout=WAIT)
    page.get_by_text("Exchange", exact=True).click()
    expect(page.get_by_role("button", name="Download")).to_be_visible()


def _leverage(visit) -> float:
    return visit.ask("GET", "/settings/risk.leverage")["value"]


def test_a_setting_is_changed_and_rolled_back(visit):
    """What was changed stands in the history; rolled back, it is as it was then."""
    for value in (4, 6):
        page = visit.open("/settings?q=risk.leverage")
        page.get_by_role("button", name="Change: risk.leverage").click()
        page.get_by_role("region", name="risk.leverage").get_by_role("textbox").fill(str(value))
        page.get_by_role("button", name="Save 1 change").click()
        expect(page.get_by_text(re.compile("Saved as version"))).to_be_visible()
        assert value == _leverage(visit)
    page = visit.open("/settings?tab=history")
    page.get_by_role("button", name=re.compile("^Roll back")).first.click()
    page.get_by_role("alertdialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_text(re.compile("Rolled back"))).to_be_visible()
    assert 4 == _leverage(visit)


def test_programs_and_people_are_let_in_and_locked_out(visit):
    """A token is shown once, and revoked; a colleague is added, given another role, and locked out."""
    page = visit.open("/settings?tab=tokens")
    page.get_by_role("textbox", name="What for").fill("a robot")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.get_by_text("Copy it now: it is shown this once.")).to_be_visible()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("revoked")).to_be_visible()
    page = visit.open("/settings?tab=users")
    page.get_by_role("textbox", name="Name").fill("oleh")
    page.locator("input[type=password]").fill("correct horse battery 8")
    page.get_by_role("button", name="Add a user").click()
    page.get_by_role("combobox", name="Role of oleh").select_option("trader")
    page.get_by_role("button", name="Lock out").click()
    expect(page.get_by_text("may not come in")).to_be_visible()
    (oleh,) = (one for one in visit.ask("GET", "/users")["items"] if one["name"] == "oleh")
    assert ("trader", True) == (oleh["role"], oleh["disabled"] is not None)


def test_a_rule_is_made_and_deleted(visit):
    """It says in words when it is told."""
    page = visit.open("/notifications?tab=rules")
    page.get_by_role("button", name="Add a rule").first.click()
    page.get_by_role("textbox", name="Name").fill("all is lost")
    page.get_by_role("textbox", name="Limit").fill("9000")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("all is lost").first).to_be_visible()
    page.get_by_role("button", name="Delete all is lost").click()
    expect(page.get_by_text("all is lost").first).to_be_hidden()


def test_a_strategy_is_checked_for_knowledge_of_the_future(visit):
    """The passport of a built-in one says that it passed."""
    page = visit.open("/strategies?name=ma_crossover")
    page.get_by_role("button", name="Test for look-ahead").click()
    expect(page.get_by_text(re.compile("^Passed"))).to_be_visible(timeout=WAIT)


def _have_a_market(visit) -> None:
    if not visit.ask("GET", "/data")["items"]:
        job = visit.ask("POST", "/data/synthetic", {"symbol": PAIR, "days": 5})["id"]
        for _ in range(WAIT // 250):
            if visit.ask("GET", f"/jobs/{job}")["state"] == "done":
                return
            visit.page.wait_for_timeout(250)
        raise AssertionError("no market was made")


def test_indicators_and_drawings_are_put_on_the_chart(visit):
    """They stand in the address, in the legend, and among what was found."""
    _have_a_market(visit)
    page = visit.open("/chart?tf=1h")
    page.get_by_placeholder("Add an indicator").fill("rsi")
    page.get_by_role("listbox").get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("ind="))
    page.get_by_text("Smart money", exact=True).click()
    expect(page).to_have_url(re.compile("draw=smart_money"))
    expect(page.get_by_role("heading", name="What was found")).to_be_visible(timeout=WAIT)


def test_a_screen_is_found_by_its_name(visit):
    """The palette opens by its keys, and goes where one says."""
    page = visit.open("/")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_label("Find or do").fill("audit log")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Audit log", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ lines?, whole"))).to_be_visible()
