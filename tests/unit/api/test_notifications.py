"""Whom to tell what: the matrix, rules, a test message."""

from __future__ import annotations

import pytest

from tradewright.domain.people import Role

RULE = {"name": "Deep", "kind": "equity", "figure": "drawdown", "sign": ">", "limit": 0.1}
ROOT = "/api/v1/notifications"


@pytest.fixture
def client(asked_as, monkeypatch):
    """An administrator; one channel that nobody listens at."""
    monkeypatch.chdir("/")
    return asked_as(
        Role.ADMIN, TRADEWRIGHT_NOTIFICATIONS_CHANNELS="[{name: chat, url: 'json://127.0.0.1:1/canary-Zx9'}]"
    )


def test_matrix_is_read_and_changed_cell_by_cell(client):
    """What is not named stays as it was; an unknown kind or channel is refused by its name."""
    assert [{"name": "chat", "language": "en"}] == client.get(f"{ROOT}/channels").json()
    cells = {cell["kind"]: cell["is_on"] for cell in client.get(f"{ROOT}/matrix").json()}
    assert (True, False) == (cells["fill"], cells["signal"])
    changed = client.put(f"{ROOT}/matrix", json=[{"kind": "signal", "channel": "chat", "is_on": True}]).json()
    assert {**cells, "signal": True} == {cell["kind"]: cell["is_on"] for cell in changed}
    for kind, channel in (("weather", "chat"), ("fill", "chta")):
        answer = client.put(f"{ROOT}/matrix", json=[{"kind": kind, "channel": channel, "is_on": True}])
        assert (422, "unknown-name") == (answer.status_code, answer.json()["code"])


def test_rules_are_made_changed_and_dropped(client):
    """Each by its id; one that is gone is not there any more."""
    made = client.post(f"{ROOT}/rules", json=RULE)
    assert 201 == made.status_code
    place = f"{ROOT}/rules/{made.json()['id']}"
    assert 0.2 == client.put(place, json={**RULE, "limit": 0.2}).json()["limit"]
    assert [0.2] == [rule["limit"] for rule in client.get(f"{ROOT}/rules").json()]
    assert 204 == client.delete(place).status_code
    assert [404, 404] == [client.delete(place).status_code, client.put(place, json=RULE).status_code]


@pytest.mark.parametrize("change", [{"sign": "=>"}, {"limit": "NaN"}, {"name": ""}, {"color": "red"}, {"name": "\x00"}])
def test_rule_that_makes_no_sense_is_refused_by_field(client, change):
    """With the field, and what is allowed."""
    answer = client.post(f"{ROOT}/rules", json={**RULE, **change})
    assert (422, next(iter(change))) == (answer.status_code, answer.json()["field"])


def test_test_message_says_that_it_was_not_taken_without_the_address(client):
    """Nobody listens there."""
    answer = client.post(f"{ROOT}/test", json={"channel": "chat"})
    assert (503, "venue-unavailable") == (answer.status_code, answer.json()["code"])
    assert "canary" not in answer.text
    assert 422 == client.post(f"{ROOT}/test", json={"channel": "chta"}).status_code
    assert [] == client.get(ROOT).json()
