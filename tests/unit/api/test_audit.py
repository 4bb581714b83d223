"""The audit log over the API."""

from __future__ import annotations

import csv
import io

import pytest

from tradewright.domain.people import Role

AUDIT = "/api/v1/audit"


@pytest.fixture
def admin(opened, somebody):
    """A client that reads a log with five lines."""
    client = opened(somebody(Role.ADMIN))
    deeds = client.app.state.server.people.deeds
    for actor, action, subject in (
        ("ada", "order.sent", "BTCUSDT"),
        ("ada", "order.denied", "ETHUSDT"),
        ("bob", "user.added", "eve"),
        ("bob", "order_book.read", "BTCUSDT"),
        ("=cmd()", "session.killed", "s1"),
    ):
        client.portal.call(deeds.enter, actor, action, subject)
    return client


def _numbers(client, **params):
    answer = client.get(AUDIT, params=params)
    assert 200 == answer.status_code
    return [one["number"] for one in answer.json()["items"]]


def test_lines_are_found_by_who_what_and_when(admin):
    """Each filter by itself and together; what an action begins with is taken letter by letter."""
    assert [5, 4, 3, 2, 1] == _numbers(admin)
    assert [2, 1] == _numbers(admin, actor="ada")
    assert [2, 1] == _numbers(admin, action="order.")
    assert [4] == _numbers(admin, action="order_")
    assert [] == _numbers(admin, action="%")
    assert [4] == _numbers(admin, action="order", actor="bob")
    assert [] == _numbers(admin, until="2020-01-01T00:00:00Z")
    assert [5, 4, 3, 2, 1] == _numbers(admin, since="2020-01-01T00:00:00Z")


def test_lines_come_in_pages(admin):
    """The cursor leads on, without a line twice or none."""
    first = admin.get(AUDIT, params={"limit": 3}).json()
    second = admin.get(AUDIT, params={"limit": 3, "cursor": first["next"]}).json()
    assert [5, 4, 3, 2, 1] == [one["number"] for one in (*first["items"], *second["items"])]
    assert second["next"] is None


def test_the_chain_is_looked_at(admin):
    """The head that was noted must be there."""
    verdict = admin.get(f"{AUDIT}/verify").json()
    assert (5, "") == (verdict["lines"], verdict["damage"])
    assert "" == admin.get(f"{AUDIT}/verify", params={"head": verdict["head"]}).json()["damage"]
    assert "not there" in admin.get(f"{AUDIT}/verify", params={"head": "0" * 64}).json()["damage"]


def test_the_export_holds_every_line(admin):
    """As JSON and as CSV, in which no cell is a formula; that it was exported is a line itself."""
    assert 5 == len(admin.get(f"{AUDIT}/export").json())
    answer = admin.get(f"{AUDIT}/export", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (6, "'=cmd()", "audit.exported") == (len(rows), rows[4]["actor"], rows[5]["action"])
    assert answer.headers["content-disposition"].startswith("attachment")
