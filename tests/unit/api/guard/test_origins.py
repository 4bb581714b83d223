"""By which name the server is called, and from whose page."""

from __future__ import annotations

import pytest
from starlette.websockets import WebSocketDisconnect

from tradewright.api.guard.terms import GuardTerms

HEALTH = "/api/v1/status/health"
STRICT = GuardTerms(names=("trade.example",))


@pytest.fixture
def strict(opened):
    """A client of a server that goes by one name."""
    return opened(guard=STRICT)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "10.0.0.7", "TRADE.example"],
)
def test_own_names_and_addresses_are_ours(strict, host):
    """Whoever types an address or a name of the server is answered."""
    assert 200 == strict.get(HEALTH, headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["evil.example", "trade.example.evil.example", "localhost@evil", "a b", "[::1"])
def test_other_names_are_not(strict, host):
    """A name that somebody else let point here opens nothing."""
    answer = strict.get(HEALTH, headers={"Host": host})
    assert (400, "unknown-host") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_changes_nothing(strict, headers):
    """The browser says from where a request comes."""
    answer = strict.post("/api/v1/session", json={}, headers={"Host": "localhost:8000", **headers})
    assert (403, "foreign-origin") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost:8000"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_the_own_page_and_programs_are_listened_to(strict, headers):
    """The request goes on to its route, which finds it wrong by itself."""
    answer = strict.post("/api/v1/session", json={}, headers={"Host": "localhost:8000", **headers})
    assert 422 == answer.status_code


def test_another_page_opens_no_socket(strict):
    """A socket is not kept to one page by browsers; the server has to look."""
    with (
        pytest.raises(WebSocketDisconnect),
        strict.websocket_connect("/ws/updates", headers={"Host": "localhost", "Origin": "http://evil.example"}),
    ):
        pass
