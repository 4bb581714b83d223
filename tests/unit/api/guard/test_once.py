"""Writes with an idempotency key are done once."""

from __future__ import annotations

import pytest

from tradewright.domain.errors import StoreError
from tradewright.domain.people import Role

USERS = "/api/v1/users"
BOB = {"name": "bob", "password": "correct horse battery", "role": "viewer"}
KEY = {"Idempotency-Key": "k-1"}


@pytest.fixture
def admin(opened, somebody):
    """A client whose caller may do everything."""
    return opened(somebody(Role.ADMIN))


def test_who_asks_again_is_given_the_same_answer(admin):
    """It is done once; the second answer says that it is a second one."""
    first = admin.post(USERS, json=BOB, headers=KEY)
    second = admin.post(USERS, json=BOB, headers=KEY)
    assert (201, first.json(), "true") == (second.status_code, second.json(), second.headers["idempotency-replayed"])
    assert "idempotency-replayed" not in first.headers
    assert 409 == admin.post(USERS, json=BOB).status_code


def test_a_key_is_for_one_request(admin):
    """Another body, path or method with it is refused, and nothing is done."""
    assert 201 == admin.post(USERS, json=BOB, headers=KEY).status_code
    other = admin.post(USERS, json={**BOB, "name": "eve"}, headers=KEY)
    assert (409, "key-used") == (other.status_code, other.json()["code"])
    assert 409 == admin.delete(f"{USERS}/bob", headers=KEY).status_code
    assert 404 == admin.get(f"{USERS}/eve").status_code


def test_what_was_refused_may_be_tried_again(admin):
    """Nothing was done: the key is still free."""
    assert 422 == admin.post(USERS, json={**BOB, "password": "short"}, headers=KEY).status_code
    assert 201 == admin.post(USERS, json=BOB, headers=KEY).status_code


def test_the_answer_survives_a_restart(opened, somebody):
    """Who did not hear it asks the new process."""
    opened(somebody(Role.ADMIN)).post(USERS, json=BOB, headers=KEY)
    assert 201 == opened(somebody(Role.ADMIN)).post(USERS, json=BOB, headers=KEY).status_code


def test_what_ended_in_the_middle_is_not_known(opened, somebody, monkeypatch):
    """Of a request that was under way when the process ended nobody can say whether it was done."""
    client = opened(somebody(Role.ADMIN))
    answers = type(client.app.state.server.answers)

    async def has_ended(*_):
        """Puts nothing down: the process is no more."""

    with monkeypatch.context() as patch:
        patch.setattr(answers, "end", has_ended)
        client.post(USERS, json=BOB, headers=KEY)
    here = client.post(USERS, json=BOB, headers=KEY)
    after = opened(somebody(Role.ADMIN)).post(USERS, json=BOB, headers=KEY)
    assert (409, "under-way") == (here.status_code, here.json()["code"])
    assert (409, "not-known-whether-done") == (after.status_code, after.json()["code"])


def test_a_secret_is_shown_once(admin):
    """The answer with a token is not kept, and the token is not made twice."""
    body = {"label": "grafana", "scope": "viewer"}
    admin.post(USERS, json={**BOB, "name": "mary"})
    assert 201 == admin.post("/api/v1/tokens", json=body, headers=KEY).status_code
    again = admin.post("/api/v1/tokens", json=body, headers=KEY)
    assert (409, "answer-not-kept") == (again.status_code, again.json()["code"])
    assert 1 == len(admin.get("/api/v1/tokens").json()["items"])


def test_a_key_that_is_none_is_refused(admin):
    """It is a short text of ASCII."""
    for odd in ("", "x" * 129, "with space"):
        assert 400 == admin.post(USERS, json=BOB, headers={"Idempotency-Key": odd}).status_code


def test_a_database_that_is_away_is_said_so(admin, monkeypatch):
    """Where a key cannot be put down nothing is done, and the answer says to come back: it is no fault of ours."""

    async def is_away(*_):
        raise StoreError("database x: it is locked by another process for too long; nothing was written, try again")

    with monkeypatch.context() as patch:
        patch.setattr(type(admin.app.state.server.answers), "begin", is_away)
        answer = admin.post(USERS, json=BOB, headers=KEY)
    assert (503, "key-not-kept") == (answer.status_code, answer.json()["code"])
    assert 404 == admin.get(f"{USERS}/bob").status_code


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(admin, monkeypatch):
    """It was done: who asked is told so; who asks again is told that nobody knows."""

    async def is_away(*_):
        raise StoreError("database x: the disk is full; nothing was written")

    with monkeypatch.context() as patch:
        patch.setattr(type(admin.app.state.server.answers), "end", is_away)
        assert 201 == admin.post(USERS, json=BOB, headers=KEY).status_code
    assert 409 == admin.post(USERS, json=BOB, headers=KEY).status_code
