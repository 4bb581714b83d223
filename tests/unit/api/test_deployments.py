"""Deployments over HTTP."""

from __future__ import annotations

from dataclasses import replace

from tradewright.domain.errors import ProofNeeded
from tradewright.domain.people import Role
from tradewright.ports.audit_log import AuditWish

_NEW = {"name": "trend", "strategy": "ma_crossover", "instruments": ["BTC/USDT:USDT"], "params": {"fast": 5}}
_PATH = "/api/v1/deployments"


def test_a_deployment_lives_over_http(asked_as):
    """Made, shown, started, stopped, forgotten; each answer says how it stands."""
    client = asked_as(Role.TRADER)
    made = client.post(_PATH, json=_NEW)
    assert 201 == made.status_code, made.text
    assert ("stopped", "10000.0", 5) == (
        made.json()["wanted"],
        made.json()["terms"]["capital"],
        made.json()["terms"]["params"]["fast"],
    )
    assert 409 == client.post(_PATH, json=_NEW).status_code
    assert "running" == client.post(f"{_PATH}/trend/start").json()["wanted"]
    assert 409 == client.delete(f"{_PATH}/trend").status_code
    assert "stopped" == client.post(f"{_PATH}/trend/stop").json()["wanted"]
    assert ["trend"] == [one["name"] for one in client.get(_PATH).json()["items"]]
    assert 204 == client.delete(f"{_PATH}/trend").status_code
    assert 404 == client.get(f"{_PATH}/trend").status_code


def test_what_cannot_be_traded_is_refused_by_field(asked_as):
    """A strategy, a parameter, a symbol or a key that is none: 422 with the field; nothing is kept."""
    client = asked_as(Role.TRADER)
    for changed, status in (
        ({"strategy": "smcc"}, 422), ({"params": {"fast": -5}}, 422), ({"instruments": ["BTC\u0000"]}, 422),
        ({"admin": True}, 422),
        ({"risk": {"foo": 1}}, 422), ({"risk": {"size": "much"}}, 422),
        ({"capital": "NaN"}, 422), ({"matched_by": "moon"}, 422), ({"mode": "live"}, 409),
    ):  # fmt: skip
        answer = client.post(_PATH, json=_NEW | changed)
        assert status == answer.status_code, answer.text
    assert [] == client.get(_PATH).json()["items"]


def test_two_in_one_account_trade_different_instruments(asked_as):
    """Sent to the same account, the second is refused by name of the first; matched here, each has its own."""
    client = asked_as(Role.TRADER)
    venue = _NEW | {"matched_by": "venue", "start": True}
    assert 201 == client.post(_PATH, json=venue).status_code
    refused = client.post(_PATH, json=venue | {"name": "other"})
    assert (409, True) == (refused.status_code, "trend" in refused.json()["detail"])
    assert 201 == client.post(_PATH, json=_NEW | {"name": "other", "start": True}).status_code


def test_who_looks_may_not_trade(asked_as):
    """A viewer sees deployments, and changes none."""
    client = asked_as(Role.VIEWER)
    assert (200, 403) == (client.get(_PATH).status_code, client.post(_PATH, json=_NEW).status_code)


def test_what_may_open_positions_with_money_is_asked_of_who_proves_it(asked_as, monkeypatch):
    """Whoever has taken one-time codes up gives one to start, resume, change or calm; to stop, nobody is asked."""
    client = asked_as(Role.TRADER)
    made = client.post(_PATH, json=_NEW).json()
    server = client.app.state.server
    plain = client.portal.call(server.desk.deployments.get, made["name"])
    client.portal.call(server.desk.deployments.add, replace(plain, name="money", session="money", mode="live"))
    asked = []

    async def demand(_self, caller, code, _address):
        asked.append((caller.name, code))
        raise ProofNeeded("give a one-time code")

    monkeypatch.setattr(type(server.people.proofs), "demand", demand)
    place, code = f"{_PATH}/money", {"X-TOTP": "123456"}
    terms = {"strategy": "ma_crossover", "instruments": ["BTC/USDT:USDT"]}
    answers = [
        client.post(f"{place}/start", headers=code), client.post(f"{place}/resume"), client.post(f"{place}/reset"),
        client.post(f"{place}/swap", json={"params": {"fast": 6}}), client.put(f"{place}/terms", json=terms),
        client.post("/api/v1/risk/calm", json={"deployment": "money"}),
        client.post(_PATH, json={**_NEW, "name": "more", "mode": "live", "start": True}),
    ]  # fmt: skip
    assert [403] * 7 == [answer.status_code for answer in answers]
    assert [("mary", "123456")] + 6 * [("mary", "")] == asked
    assert 200 == client.post(f"{place}/stop").status_code
    assert 200 == client.post(f"{_PATH}/trend/start").status_code
    assert 7 == len(asked)


def test_what_is_done_to_deployments_is_in_the_audit_log(asked_as):
    """Who, what, to which; in order."""
    client = asked_as(Role.TRADER)
    client.post(_PATH, json=_NEW)
    for verb in ("start", "stop"):
        client.post(f"{_PATH}/trend/{verb}")
    client.delete(f"{_PATH}/trend")
    server = client.app.state.server
    found = client.portal.call(server.people.deeds.log.find, AuditWish(action="deployment."))
    done = sorted((one.number, one.deed.actor, one.deed.action, one.deed.subject) for one in found)
    assert [("mary", f"deployment.{verb}", "trend") for verb in ("create", "start", "stop", "delete")] == [
        line[1:] for line in done
    ]
