"""Coming in: the first admin, logging in and out, cookies, CSRF tokens, tokens of programs, one-time codes."""

from __future__ import annotations

import asyncio

import pyotp
import pytest

PASSWORD = "correct horse battery"  # noqa: S105 - of people who are made here
API = "/api/v1"


@pytest.fixture
def door(opened):
    """A client that is nobody yet, of a server to which nobody has come yet."""
    return opened()


@pytest.fixture
def admin(door):
    """A client that has made the first admin."""
    token = asyncio.run(_invited(door))
    answer = door.post(f"{API}/session/setup", json={"token": token, "name": "Ada", "password": PASSWORD})
    assert 201 == answer.status_code
    door.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return door


async def _invited(door):
    return await door.app.state.server.people.setting_up.invite()


def test_the_first_admin_is_made_by_a_link_once(door):
    """What was printed makes an admin, who is logged in; a second time it makes nobody."""
    assert door.get(f"{API}/session").json()["set_up_needed"]
    body = {"token": asyncio.run(_invited(door)), "name": "ada", "password": PASSWORD}
    assert 401 == door.post(f"{API}/session/setup", json={**body, "token": "guessed"}).status_code
    made = door.post(f"{API}/session/setup", json=body)
    assert (201, "ada", "admin") == (made.status_code, made.json()["user"], made.json()["role"])
    assert 401 == door.post(f"{API}/session/setup", json={**body, "name": "eve"}).status_code
    assert (False, "ada") == (
        door.get(f"{API}/session").json()["set_up_needed"],
        door.get(f"{API}/session").json()["user"],
    )


def test_a_password_that_cannot_be_used_does_not_use_the_link_up(door):
    """Who chooses too short a password chooses again."""
    body = {"token": asyncio.run(_invited(door)), "name": "ada", "password": "short"}
    refused = door.post(f"{API}/session/setup", json=body)
    assert (422, "password") == (refused.status_code, refused.json()["field"])
    assert "short" not in refused.text.replace("too short", "")
    assert 201 == door.post(f"{API}/session/setup", json={**body, "password": PASSWORD}).status_code


def test_the_cookie_is_for_this_page_alone(door):
    """No script reads it, no other site sends it."""
    body = {"token": asyncio.run(_invited(door)), "name": "ada", "password": PASSWORD}
    cookie = door.post(f"{API}/session/setup", json=body).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))


def test_log_out_ends_the_session(admin):
    """The cookie opens nothing any more, wherever it has been copied to."""
    cookies = dict(admin.cookies)
    assert 204 == admin.delete(f"{API}/session").status_code
    admin.cookies.update(cookies)
    assert 401 == admin.get(f"{API}/account").status_code


def test_a_change_by_cookie_needs_the_csrf_token(admin):
    """A form on another page could not send it."""
    del admin.headers["X-CSRF-Token"]
    refused = admin.delete(f"{API}/session")
    assert (403, "csrf") == (refused.status_code, refused.json()["code"])


def test_log_in_by_name_and_password(admin):
    """Right ones let in; wrong ones and unknown names are refused in the same words."""
    admin.cookies.clear()
    wrong = admin.post(f"{API}/session", json={"name": "ada", "password": "wrong horse battery"})
    nobody = admin.post(f"{API}/session", json={"name": "eve", "password": "wrong horse battery"})
    assert (401, "login-refused") == (wrong.status_code, wrong.json()["code"])
    assert wrong.json()["detail"] == nobody.json()["detail"]
    right = admin.post(f"{API}/session", json={"name": "ADA", "password": PASSWORD})
    assert (200, "ada") == (right.status_code, right.json()["user"])


def test_a_token_acts_for_its_user_within_its_scope(admin):
    """Shown once, hashed, never above its scope, and nothing after it is revoked."""
    made = admin.post(f"{API}/tokens", json={"label": "grafana", "scope": "viewer", "days": 1}).json()
    cookies = dict(admin.cookies)
    admin.cookies.clear()
    with_token = {"Authorization": f"Bearer {made['token']}"}
    assert "viewer" == admin.get(f"{API}/session", headers=with_token).json()["role"]
    assert 403 == admin.get(f"{API}/users", headers=with_token).status_code
    again = admin.post(f"{API}/tokens", json={"label": "more", "scope": "viewer"}, headers=with_token)
    assert (403, "page-only") == (again.status_code, again.json()["code"])
    admin.cookies.update(cookies)
    assert made["token"] not in admin.get(f"{API}/tokens").text
    assert 204 == admin.delete(f"{API}/tokens/{made['id']}").status_code
    admin.cookies.clear()
    assert admin.get(f"{API}/session", headers=with_token).json()["user"] is None


def test_who_has_taken_up_codes_is_asked_for_one(admin):
    """From the first confirmed code on, a password alone lets nobody in, and a code counts once."""
    secret = admin.post(f"{API}/account/totp", json={"password": PASSWORD}).json()["secret"]
    code = pyotp.TOTP(secret).now()
    assert 204 == admin.post(f"{API}/account/totp/confirm", json={"code": code}).status_code
    admin.cookies.clear()
    body = {"name": "ada", "password": PASSWORD}
    asked = admin.post(f"{API}/session", json=body)
    assert (403, "proof-needed") == (asked.status_code, asked.json()["code"])
    used = admin.post(f"{API}/session", json={**body, "code": code})
    assert 401 == used.status_code


def test_a_new_password_ends_every_session(admin, opened):
    """A copied cookie is worth nothing then; the page that changed it goes on with a new one."""
    copied = dict(admin.cookies)
    body = {"present": PASSWORD, "password": "another horse battery"}
    changed = admin.put(f"{API}/account/password", json=body)
    assert 200 == changed.status_code
    assert 200 == admin.get(f"{API}/account").status_code
    admin.cookies.clear()
    admin.cookies.update(copied)
    assert 401 == admin.get(f"{API}/account").status_code


def test_an_admin_is_always_left(admin):
    """The last one can be neither disabled, nor lowered, nor removed."""
    assert 409 == admin.patch(f"{API}/users/ada", json={"disabled": True}).status_code
    assert 409 == admin.patch(f"{API}/users/ada", json={"role": "viewer"}).status_code
    assert 409 == admin.delete(f"{API}/users/ada").status_code


def test_a_disabled_user_is_out_at_once(admin, opened):
    """Session and token of somebody who was disabled open nothing."""
    new = {"name": "bob", "password": PASSWORD, "role": "trader"}
    assert 201 == admin.post(f"{API}/users", json=new).status_code
    mine = dict(admin.cookies)
    admin.cookies.clear()
    csrf = admin.post(f"{API}/session", json={"name": "bob", "password": PASSWORD}).json()["csrf"]
    bob = dict(admin.cookies)
    own = admin.post(f"{API}/tokens", json={"label": "x", "scope": "trader"}, headers={"X-CSRF-Token": csrf})
    token = own.json()["token"]
    admin.cookies.clear()
    admin.cookies.update(mine)
    assert 200 == admin.patch(f"{API}/users/bob", json={"disabled": True}).status_code
    admin.cookies.clear()
    assert 401 == admin.get(f"{API}/account", headers={"Authorization": f"Bearer {token}"}).status_code
    admin.cookies.update(bob)
    assert 401 == admin.get(f"{API}/account").status_code
    admin.cookies.clear()
    assert 401 == admin.post(f"{API}/session", json={"name": "bob", "password": PASSWORD}).status_code
