"""The ten risks of the OWASP API Security list of 2023, one after the other.

Beside it: `test_roles.py` walks every route by role (API1, API5), `guard/` what stands before them (API4, API8),
`services/people` how long sessions, tokens and links last (API2).
"""

from __future__ import annotations

import json
import re

import pytest

from tradewright.api.app import make_app
from tradewright.api.guard.terms import GuardTerms
from tradewright.bootstrap.outside import check_outside
from tradewright.domain.errors import InvalidValue
from tradewright.domain.people import Role

API = "/api/v1"
PASSWORD = "correct horse battery"  # noqa: S105 - of people who are made here
SCHEMA = make_app().openapi()
SHAPES = SCHEMA["components"]["schemas"]
OPERATIONS = [
    (path, method, route)
    for path, methods in SCHEMA["paths"].items()
    for method, route in methods.items()
    if method in ("get", "post", "put", "patch", "delete")
]
ENDLESS = ("/events", "/stream")


@pytest.fixture
def admin(opened, somebody):
    """A client that may do everything, and ask as often as it likes."""
    return opened(somebody(Role.ADMIN), GuardTerms(logins=100_000))


def _log_in(client, name):
    client.cookies.clear()
    client.headers.pop("X-CSRF-Token", None)
    answer = client.post(f"{API}/session", json={"name": name, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return dict(client.cookies)


def _bodies():
    for path, method, route in OPERATIONS:
        content = route.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            yield pytest.param(content["schema"], id=f"{method} {path}")


def _objects(schema, seen):
    """Every object that a request may hold, however deep."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            seen.add(name)
            yield from _objects(SHAPES[name], seen)
        return
    if "properties" in schema:
        yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("oneOf", ()),
             *schema.get("allOf", ()), *schema.get("prefixItems", ())]  # fmt: skip
    inner += [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]
    for one in inner:
        yield from _objects(one, seen)


# API1: broken object level authorisation


def test_api1_what_is_another_s_is_not_there(ready_admin):
    """Sessions and tokens are found by their user only, whatever id is asked for; the answer tells nothing of them."""
    client = ready_admin
    token = client.post(f"{API}/tokens", json={"label": "x", "scope": "viewer"}).json()
    login = client.get(f"{API}/account/sessions").json()["items"][0]
    client.post(f"{API}/users", json={"name": "bob", "password": PASSWORD, "role": "trader"})
    _log_in(client, "bob")
    assert [] == client.get(f"{API}/tokens", params={"everybody": True}).json()["items"]
    assert [True] == [one["is_this"] for one in client.get(f"{API}/account/sessions").json()["items"]]
    other = client.delete(f"{API}/account/sessions/{login['id']}")
    none = client.delete(f"{API}/account/sessions/{'0' * 16}")
    assert (404, 404) == (other.status_code, none.status_code)
    assert other.json()["detail"].replace(login["id"], "") == none.json()["detail"].replace("0" * 16, "")
    assert 404 == client.delete(f"{API}/tokens/{token['id']}").status_code
    _log_in(client, "ada")
    assert client.get(f"{API}/tokens").json()["items"][0]["revoked"] is None


# API2: broken authentication


def test_api2_what_was_logged_out_is_worth_nothing(ready_admin):
    """A cookie and a token that somebody copied open nothing after the end."""
    token = ready_admin.post(f"{API}/tokens", json={"label": "x", "scope": "admin"}).json()
    copied = _log_in(ready_admin, "ada")
    assert 204 == ready_admin.delete(f"{API}/tokens/{token['id']}").status_code
    assert 204 == ready_admin.delete(f"{API}/session").status_code
    ready_admin.cookies.clear()
    bearer = {"Authorization": f"Bearer {token['token']}"}
    assert 401 == ready_admin.get(f"{API}/users", headers=bearer).status_code
    ready_admin.cookies.update(copied)
    assert 401 == ready_admin.get(f"{API}/users").status_code


def test_api2_each_log_in_has_a_cookie_of_its_own(ready_admin):
    """A cookie that was there before is not made good by logging in: nobody can plant one."""
    ready_admin.cookies.clear()
    ready_admin.cookies.set("tradewright_session", "planted.by-somebody")
    answer = ready_admin.post(f"{API}/session", json={"name": "ada", "password": PASSWORD})
    assert "planted" not in answer.headers["set-cookie"]
    assert (
        401
        == ready_admin.get(f"{API}/users", headers={"Cookie": "tradewright_session=planted.by-somebody"}).status_code
    )
    assert _log_in(ready_admin, "ada") != _log_in(ready_admin, "ada")


def test_api2_guessing_waits(ready_admin):
    """After a few wrong passwords even the right one is not looked at for a while, and the answer says how long."""
    ready_admin.cookies.clear()
    answers = [
        ready_admin.post(f"{API}/session", json={"name": "bob", "password": f"wrong words {number}"})
        for number in range(7)
    ]
    assert [401] * 5 == [one.status_code for one in answers[:5]]
    assert (429, "too-many-attempts") == (answers[-1].status_code, answers[-1].json()["code"])
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "given", ["Bearer", "Bearer x", "Bearer tw__", "Basic YWRhOmFkYQ==", "bearer tw_\u00e9_x", "Bearer " + "x" * 5_000]
)
def test_api2_what_is_no_token_is_nobody(ready_admin, given):
    """And where a token is sent, a cookie beside it does not count."""
    answer = ready_admin.get(f"{API}/users", headers={"Authorization": given.encode("latin-1")})
    assert 401 == answer.status_code


def test_api2_passwords_and_codes_travel_in_bodies_only():
    """What stands in an address is written into logs and histories."""
    for path, method, route in OPERATIONS:
        for one in route.get("parameters", ()):
            if one["in"] in ("query", "path"):
                assert not re.search("password|secret|passphrase|totp|code$", one["name"]), f"{method} {path}"


# API3: broken object property level authorisation


@pytest.mark.parametrize("schema", list(_bodies()))
def test_api3_a_request_holds_its_own_fields_and_no_others(schema):
    """No field is set that a route does not name: not `role`, not `disabled`, not `hash`."""
    for found in _objects(schema, set()):
        assert found.get("additionalProperties") is False, sorted(found["properties"])


def test_api3_nobody_gives_himself_a_role(ready_admin):
    """Fields of other shapes are refused by name."""
    ready_admin.post(f"{API}/users", json={"name": "bob", "password": PASSWORD, "role": "viewer"})
    _log_in(ready_admin, "bob")
    body = {"present": PASSWORD, "password": "another horse battery", "role": "admin"}
    refused = ready_admin.put(f"{API}/account/password", json=body)
    assert (422, "role") == (refused.status_code, refused.json()["field"])
    assert "viewer" == ready_admin.get(f"{API}/account").json()["role"]
    assert 422 == ready_admin.post(f"{API}/tokens", json={"label": "x", "scope": "admin"}).status_code


def test_api3_answers_hold_no_password_and_no_hash(ready_admin):
    """What is kept of secrets is in no answer about people."""
    ready_admin.post(f"{API}/tokens", json={"label": "x", "scope": "viewer"})
    for path in ("users", "users/ada", "account", "account/sessions", "tokens", "session", "audit"):
        text = ready_admin.get(f"{API}/{path}").text
        assert "$argon2id" not in text
        assert PASSWORD not in text
        assert '"password"' not in text
        assert "tw_" not in text


# API4: unrestricted resource consumption


def test_api4_every_list_is_bounded():
    """However many are asked for, a route tells some thousands at most."""
    limits = [
        one["schema"] for *_, route in OPERATIONS for one in route.get("parameters", ()) if one["name"] == "limit"
    ]
    assert limits
    assert all(schema.get("maximum", 10**9) <= 20_000 for schema in limits)


def test_api4_a_body_is_bounded_and_rates_too(opened, somebody):
    """Much at once and much in a row are refused before anything works on it."""
    client = opened(somebody(Role.ADMIN), GuardTerms(body_bytes=1_000, writes=3))
    deep = "[" * 400 + "]" * 400
    statuses = [client.post(f"{API}/users", content=body).status_code for body in ("x" * 1_001, deep, "{}", "{}")]
    assert [413, 422, 422, 429] == statuses


def test_api4_a_password_as_long_as_a_book_is_not_hashed(ready_admin):
    """Its length is looked at first."""
    body = {"name": "ada", "password": "x" * 100_000}
    assert 422 == ready_admin.post(f"{API}/session", json=body).status_code


# API5: broken function level authorisation: test_roles.py walks every route


def test_api5_a_method_or_a_path_in_other_letters_is_no_way_round(opened, somebody):
    """What is not a route is none, however it is spelt."""
    client = opened(somebody(Role.VIEWER))
    for path in (f"{API}/users/", f"{API}//users", f"{API}/Users", f"{API}/users/../users", "/API/V1/users"):
        answer = client.get(path)
        assert answer.status_code in (403, 404) or "items" not in answer.text, path
    for header in ("X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL"):
        value = "GET" if header.startswith("X-HTTP") else f"{API}/users"
        assert 403 == client.get(f"{API}/users", headers={header: value}).status_code
    assert 405 == client.request("TRACE", f"{API}/users").status_code


# API6: unrestricted access to sensitive business flows


def test_api6_what_was_sent_twice_is_done_once(admin):
    """A button that is pressed twice, a program that repeats itself: with a key, one deed."""
    body, key = {"name": "bob", "password": PASSWORD, "role": "viewer"}, {"Idempotency-Key": "once"}
    assert [201, 201] == [admin.post(f"{API}/users", json=body, headers=key).status_code for _ in range(2)]
    deeds = admin.get(f"{API}/audit", params={"action": "user.added"}).json()["items"]
    assert 1 == len(deeds)


# API7: server side request forgery


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/meta-data", "https://169.254.169.254", "https://127.0.0.1:6379", "https://[::1]",
     "https://[::ffff:127.0.0.1]", "https://localhost", "https://LOCALHOST.", "https://10.0.0.1", "https://192.168.1.1",
     "https://2130706433", "https://0x7f000001", "https://0177.0.0.1", "https://127.1", "https://db.internal",
     "https://user@fapi.binance.com", "https://fapi.binance.com@10.0.0.1", "file:///etc/passwd", "gopher://x.example",
     "http://fapi.binance.com", "https://", "https://exam\u0440le.com", "https://a.example\\@10.0.0.1",
     "https://100.64.0.1", "https://0.0.0.0", "https://[fe80::1]", "https://[fd00::1]", 7, None, ["https://x.example"]],
)  # fmt: skip
def test_api7_addresses_lead_outside(address):
    """An address that only this machine reaches is not set from elsewhere."""
    with pytest.raises(InvalidValue):
        check_outside("venue.rest_url", address)


def test_api7_the_settings_go_by_that(admin):
    """The address of the exchange, by which its keys are sent, is one of the wide world."""
    version = {"If-Match": admin.get(f"{API}/settings").headers["etag"]}
    inside = {"values": {"venue.rest_url": "http://169.254.169.254"}}
    refused = admin.patch(f"{API}/settings", json=inside, headers=version)
    assert (422, "venue.rest_url") == (refused.status_code, refused.json()["field"])
    outside = {"values": {"venue.rest_url": "https://fapi.binance.com"}}
    assert 200 == admin.patch(f"{API}/settings", json=outside, headers=version).status_code


# API8: security misconfiguration


def test_api8_no_page_elsewhere_reads_an_answer(admin):
    """No origin is allowed, no credentials are, and a preflight is none."""
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    answers = (admin.get(f"{API}/users", headers=asked), admin.options(f"{API}/users", headers=asked))
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]


MARKS = {"EXCHANGE_API_KEY": "mark-of-key", "EXCHANGE_API_SECRET": "mark-of-secret",
         "TELEGRAM_BOT_TOKEN": "mark-of-bot", "TRADEWRIGHT_KEYS_PASSPHRASE": "mark-of-store",
         "TRADEWRIGHT_ADMIN_PASSWORD": "mark-of-admin"}  # fmt: skip


def test_api8_secrets_are_in_no_answer(opened, somebody):
    """Whatever an admin reads, no secret of the configuration is in it."""
    client = opened(somebody(Role.ADMIN), environment=MARKS)
    for path, method, _ in OPERATIONS:
        if method == "get" and "{" not in path and not path.endswith(ENDLESS):
            assert "mark-of" not in client.get(path).text, path


def test_api8_a_failure_shows_neither_folder_nor_code(admin, monkeypatch, tmp_path):
    """What the database or the disk say of themselves stays in the log."""
    monkeypatch.setattr(
        "tradewright.bootstrap.settings_desk.read",
        lambda _: (_ for _ in ()).throw(OSError(f"{tmp_path}/tradewright.yaml: no")),
    )
    answer = admin.get(f"{API}/settings")
    assert 500 == answer.status_code
    assert str(tmp_path) not in answer.text
    assert "Traceback" not in answer.text


# API9: improper inventory management


def test_api9_the_schema_tells_every_route(opened, somebody):
    """There is one version, under one prefix, and nothing beside it that is not told, least of all a secret."""
    admin = opened(somebody(Role.ADMIN), environment=MARKS)
    assert all(path.startswith(f"{API}/") or path == "/metrics" for path in SCHEMA["paths"])
    for path in ("/docs", "/redoc", "/openapi.json", "/api/v0/users", "/api/users", "/debug", "/.env", "/.git/config"):
        answer = admin.get(path)
        assert answer.status_code == 404 or "text/html" in answer.headers["content-type"], path
        assert "mark-of" not in answer.text


# API10: unsafe consumption of APIs; and what is sent in to be run, opened or written elsewhere

HOSTILE = [
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "....//....//etc/passwd",
    "%00", "x%00.json", "'%20OR%20'1'='1", "1;DROP%20TABLE%20users", "%0d%0aSet-Cookie:%20x=1", "${jndi:ldap://x}",
    "{{7*7}}", "%ff%fe", "-1", "9" * 40, "a" * 3_000, "con", "~root",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_api10_what_stands_in_a_path_is_a_name_and_nothing_else(admin, text):
    """No id leads out of its folder, into a query or into a header: it is not found, or is none."""
    for path, method, _ in OPERATIONS:
        if "{" in path and method in ("get", "delete") and not path.endswith(ENDLESS):
            answer = admin.request(method.upper(), re.sub(r"\{[^}]*\}", text.replace("\\", ""), path))
            assert answer.status_code in (200, 204, 404, 405, 422), (method, path, answer.text[:300])
            assert "root:" not in answer.text
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body",
    ['{"name": "\\u0000", "password": "x"}', '{"name": "\\ud800", "password": "x"}', '{"\\ud800": 1}', '{"name": NaN}',
     '{"name": 1e999}', '{"name": ' + "9" * 5_000 + "}", "null", "[]", '"x"', "", "\xff", '{"name": {"$ne": null}}',
     '{"name": "a", "name": "b"}', '{"__proto__": {"role": "admin"}}'],
    ids=range(14),
)  # fmt: skip
def test_api10_an_odd_body_is_refused_in_words(admin, body):
    """It is never a failure of ours, and the answer is JSON that can be read."""
    for path in (f"{API}/session", f"{API}/users", f"{API}/tokens", f"{API}/settings"):
        method = "PATCH" if path.endswith("settings") else "POST"
        headers = {"Content-Type": "application/json", "If-Match": "*"}
        answer = admin.request(method, path, content=body.encode("latin-1"), headers=headers)
        assert answer.status_code in (400, 401, 422), (path, answer.text)
        assert json.loads(answer.content)["code"]


def test_api10_names_do_not_reach_the_log_as_lines(ready_admin):
    """A refused name that nobody has is not written down: it may be a password, or lines for whoever reads."""
    ready_admin.post(f"{API}/session", json={"name": "x\ny: admin", "password": "whatever it is"})
    items = ready_admin.get(f"{API}/audit", params={"action": "login.refused"}).json()["items"]
    assert ["unknown"] == [one["subject"] for one in items]
