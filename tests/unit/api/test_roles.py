"""Every route of the application asks who it is, and refuses whoever may not."""

from __future__ import annotations

import re

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tradewright.api.app import make_app
from tradewright.api.asking import AtLeast
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.paths import PREFIX
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.server import opened_server
from tradewright.domain.people import Caller, Role

PUBLIC = {
    ("GET", f"{PREFIX}/status/health"),
    ("GET", f"{PREFIX}/session"),
    ("POST", f"{PREFIX}/session"),
    ("POST", f"{PREFIX}/session/setup"),
}
"""Everything that somebody may ask who has not come in."""
OWN = ("session", "account", "tokens")
"""What is changed there is one's own: every role may."""
ASKED_BY_POST = ("features",)
"""What is worked out from a body, and changes nothing."""
FOR_ADMINS = ("users", "keys", "audit")
READS = {"GET", "HEAD"}


def _routes(routes, prefix=""):
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes, prefix + route.include_context.prefix)
        else:
            yield prefix + getattr(route, "path", ""), route


EVERY = list(_routes(make_app().routes))
HTTP = [(prefix, route, method) for prefix, route in EVERY if isinstance(route, APIRoute) for method in route.methods]


def _role(dependant: Dependant) -> Role | None:
    found = [dependant.call.role] if isinstance(dependant.call, AtLeast) else []
    found += [role for inner in dependant.dependencies if (role := _role(inner)) is not None]
    return max(found, default=None)


def _path(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


GUARDED = [
    pytest.param(_path(path), method, _role(route.dependant), id=f"{method} {path}")
    for path, route, method in HTTP
    if (method, path) not in PUBLIC
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Asks as somebody of a role; one application for all."""
    present: list[Caller | None] = [None]

    async def who(_):
        return present[0]

    sources = Sources({"TRADEWRIGHT_DATA_DIR": str(tmp_path_factory.mktemp("data"))})
    guard = GuardTerms(logins=100_000)
    app = make_app(opened_server(read(sources)[0], sources=sources), who, guard)
    with TestClient(app, raise_server_exceptions=False) as client:

        def ask(method, path, role):
            present[0] = None if role is None else Caller("mary", role)
            return client.request(method, path)

        ask.client = client
        yield ask


def test_every_way_in_is_known():
    """What is walked is all there is: routes, sockets, the schema, and the page with its files."""
    kinds = {type(route).__name__ for _, route in EVERY}
    assert kinds <= {"APIRoute", "APIWebSocketRoute", "Route", "Mount", "Host"}
    plain = {path for path, route in EVERY if type(route).__name__ == "Route"}
    assert plain <= {f"{PREFIX}/openapi.json", "/{path:path}", "/"}
    assert len(HTTP) > 40
    assert {(method, path) for path, _, method in HTTP} >= PUBLIC


@pytest.mark.parametrize(("path", "method", "role"), GUARDED)
def test_who_is_not_logged_in_is_refused(asked, path, method, role):
    """Without a name there is no way past a route, whatever it does."""
    answer = asked(method, path, None)
    assert (401, "not-logged-in") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(("path", "method", "role"), GUARDED)
def test_a_lower_role_is_refused(asked, path, method, role):
    """Each role below the one that a route names is told that it is too low."""
    assert role is not None, "a route names the role of its caller"
    for lower in (one for one in Role if one < role):
        answer = asked(method, path, lower)
        assert (403, "role-too-low") == (answer.status_code, answer.json()["code"]), lower


@pytest.mark.parametrize(("path", "method", "role"), GUARDED)
def test_what_changes_something_is_not_for_viewers(path, method, role):
    """Looking is for everybody; what is not one's own is changed by traders, people and secrets by admins."""
    resource = path.removeprefix(f"{PREFIX}/").partition("/")[0]
    if method not in READS and resource not in (*OWN, *ASKED_BY_POST):
        assert role >= Role.TRADER
    if resource in FOR_ADMINS or (resource == "settings" and method not in READS):
        assert role is Role.ADMIN


@pytest.mark.parametrize(
    "path", [path for path, route in EVERY if isinstance(route, APIWebSocketRoute)] or ["/ws/nothing"]
)
def test_no_socket_opens_for_who_is_not_logged_in(asked, path):
    """A socket is a way in as any other."""
    asked("GET", f"{PREFIX}/status/health", None)
    with pytest.raises(WebSocketDisconnect), asked.client.websocket_connect(path) as socket:
        socket.receive_json()
