"""What lets people and exchanges in: one-time codes, recovery codes, keys of exchanges; by clicks before the server."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery 8"  # noqa: S105 - of a server that lives for a test
PASSPHRASE = "відчинись, сезаме"  # noqa: S105 - as above; headers hold bytes, not letters of any alphabet
SECRET = "the-secret-of-an-exchange"  # noqa: S105 - as above
STEP_S = 30
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(kit, browser, tmp_path_factory):
    """A server with nothing stored, and its first administrator let in."""
    with kit.serving(tmp_path_factory.mktemp("people"), "--alone") as made:
        yield kit.let_in(browser, made)


@pytest.fixture
def visit(kit, browser, served):
    """An administrator before it."""
    made = kit.visit(browser, served)
    yield made
    made.context.close()


class Authenticator:
    """What a phone shows of a key, by RFC 6238; each code once, since the server takes none twice."""

    def __init__(self, page: Page, key: str) -> None:
        self._page, self._key, self._last = page, base64.b32decode(key), 0

    def code(self) -> str:
        """The next: of the half minute before where enough is left of this one, or of those that follow."""
        now = time.time()
        is_early = now % STEP_S < STEP_S / 2
        step = max(int(now) // STEP_S - is_early, self._last + 1)
        while step > time.time() // STEP_S + 1:  # the server takes the code of the next half minute, no later one
            self._page.wait_for_timeout(500)
        self._last = step
        digest = hmac.digest(self._key, struct.pack(">Q", step), "sha1")
        (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
        return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def _log_in(page: Page, code: str | None = None) -> None:
    if code is None:
        page.get_by_label("Name").fill("olha")
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    else:
        page.get_by_label("One-time code").fill(code)
    page.get_by_role("button", name="Log in").click()


def test_one_time_codes_are_switched_on_asked_for_and_switched_off(visit, browser, served):
    """A wrong code changes nothing and is refused in words; a right one lets in, once; a recovery code stands in."""
    visit.ask("POST", "/users", {"name": "olha", "password": PASSWORD, "role": "trader"})
    page = browser.new_page()
    page.goto(f"{served.address}/settings?tab=account")
    _log_in(page)
    panel = page.get_by_role("region", name="One-time codes")
    panel.get_by_label("Password", exact=False).first.fill(PASSWORD)
    panel.get_by_role("button", name="Set up").click()
    phone = Authenticator(page, panel.locator("code").inner_text())
    panel.get_by_label("One-time code").fill("000000")
    panel.get_by_role("button", name="Switch on").click()
    expect(panel.get_by_role("alert")).to_contain_text("the code is not right")
    assert not _user(visit)["totp"]
    panel.get_by_label("One-time code").fill(phone.code())
    panel.get_by_role("button", name="Switch on").click()
    expect(panel.get_by_text("on", exact=True)).to_be_visible()
    assert _user(visit)["totp"]

    page.get_by_role("button", name="Account of olha").click()
    page.get_by_role("menuitem", name="Log out").click()
    _log_in(page)
    expect(page.get_by_role("alert")).to_contain_text("Give the one-time code")
    _log_in(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("one-time code are not right")
    _log_in(page, used := phone.code())
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()

    panel.get_by_label("Password", exact=False).first.fill(PASSWORD)
    panel.get_by_label("One-time code").fill(used)
    panel.get_by_role("button", name="Make recovery codes").click()
    expect(panel.get_by_role("alert")).to_contain_text("has been used")
    panel.get_by_label("One-time code").fill(phone.code())
    panel.get_by_role("button", name="Make recovery codes").click()
    shown = panel.get_by_role("status").locator("pre")
    expect(shown).to_be_visible()
    first, *others = shown.inner_text().split()
    assert 9 == len(others)
    panel.get_by_label("One-time code").fill(first)
    panel.get_by_role("button", name="Switch off").click()
    expect(panel.get_by_text("off", exact=True)).to_be_visible()
    assert not _user(visit)["totp"]
    done = [line["action"] for line in visit.ask("GET", "/audit?actor=olha")["items"]]
    assert ["totp.disabled", "recovery.used", "recovery.made"] == done[:3]
    page.context.close()


def _user(visit) -> dict[str, object]:
    return next(one for one in visit.ask("GET", "/users")["items"] if one["name"] == "olha")


def test_a_key_of_an_exchange_goes_one_way(visit):
    """A passphrase is chosen twice; a key is kept, seen masked, and never comes back; a wrong passphrase is said."""
    answers: list[str] = []
    visit.page.on("response", lambda one: answers.append(one.text()) if "/api/v1/keys" in one.url else None)
    page = visit.open("/settings?tab=secrets")
    chosen, again = page.locator("input[type=password]").all()
    chosen.fill(PASSPHRASE)
    again.fill("something else")
    expect(page.get_by_role("button", name="Create")).to_be_disabled()
    again.fill(PASSPHRASE)
    page.get_by_role("button", name="Create").click()
    page.get_by_role("combobox", name="Name").select_option("venue.api_secret")
    page.locator("input[type=password]").fill(SECRET)
    page.get_by_role("button", name="Keep").click()
    row = page.get_by_role("row").filter(has_text="venue.api_secret")
    expect(row.get_by_text("••••")).to_be_visible()
    assert [] == visit.ask("GET", "/keys")["kept"]  # without its passphrase, not even names are told
    header = [("X-Passphrase", PASSPHRASE.encode().decode("latin-1"))]
    assert ["venue.api_secret"] == visit.ask("GET", "/keys", headers=header)["kept"]

    page = visit.open("/settings?tab=secrets")
    expect(page.get_by_role("heading", name="The key store is locked")).to_be_visible()
    page.locator("input[type=password]").fill("guessed")
    page.get_by_role("button", name="Open").click()
    said = page.get_by_role("alert").filter(has_text="passphrase")
    expect(said).to_contain_text("is not allowed; give the passphrase")
    visit.complaints.clear()  # the console repeats that it was refused
    page.locator("input[type=password]").fill(PASSPHRASE)
    page.get_by_role("button", name="Open").click()
    expect(row).to_be_visible()
    assert SECRET not in page.content() + "".join(answers)
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No key is kept.")).to_be_visible()
    assert [] == visit.ask("GET", "/keys", headers=header)["kept"]
    assert [] == visit.complaints
