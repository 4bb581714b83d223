"""How often a client may ask, and how much at once."""

from __future__ import annotations

from tradewright.api.guard.rates import Rates, _client
from tradewright.api.guard.terms import GuardTerms

API = "/api/v1"


def test_who_asks_too_often_is_told_when_to_come_back(opened):
    """Reads, writes and logins are counted by themselves."""
    client = opened(guard=GuardTerms(reads=3, writes=2, logins=1))
    reads = [client.get(f"{API}/status/health").status_code for _ in range(4)]
    writes = [client.post(f"{API}/users", json={}).status_code for _ in range(3)]
    logins = [client.post(f"{API}/session", json={}) for _ in range(2)]
    assert [200, 200, 200, 429] == reads
    assert [401, 401, 429] == writes
    assert [422, 429] == [one.status_code for one in logins]
    assert "too-often" == logins[-1].json()["code"]
    assert 1 <= int(logins[-1].headers["retry-after"]) <= 60


def test_another_client_is_not_held_up(opened):
    """One address does not use up what others may."""
    guard = GuardTerms(reads=1)
    client = opened(guard=guard)
    assert [200, 429] == [client.get(f"{API}/status/health").status_code for _ in range(2)]
    client._transport.client = ("10.0.0.9", 5)
    assert 200 == client.get(f"{API}/status/health").status_code


def test_room_comes_back_evenly():
    """Ten a minute: ten at once, then one every six seconds; who is refused loses nothing, and is let in when told.

    Whose bucket is full again is forgotten, so that strangers who come once leave nothing behind.
    """
    now = 1_000.0
    rates = Rates(None, GuardTerms(reads=10), clock=lambda: now)

    def asked(times):
        return [rates._wait_s("read", "a") for _ in range(times)]

    assert [0] * 10 + [6] * 3 == asked(13)
    assert 0 == rates._wait_s("read", "b")
    now += 5.9
    assert [1] == asked(1)
    now += 0.1
    assert [0, 6] == asked(2)
    now += 30.0
    assert [0] * 5 + [6] == asked(6)
    now += 300.0
    assert [0] * 10 + [6] == asked(11)
    assert [("read", "a")] == list(rates._buckets)


def test_a_network_of_ipv6_is_one_client():
    """Whoever has one address of a network has all of them."""
    assert _client({"client": ("2001:db8::1", 1)}) == _client({"client": ("2001:db8::ffff", 2)})
    assert _client({"client": ("2001:db8::1", 1)}) != _client({"client": ("2001:db8:1::1", 1)})
    assert "unknown" == _client({"client": None})


def test_a_body_that_says_that_it_is_too_long_is_not_read(opened):
    """It is refused by what it says of itself."""
    client = opened(guard=GuardTerms(body_bytes=100))
    answer = client.post(f"{API}/session", content=b"x" * 101)
    assert (413, "too-large") == (answer.status_code, answer.json()["code"])


def test_a_body_that_does_not_say_is_cut_off(opened):
    """A stream without a length is refused as soon as it is too long, with a key and without one."""
    client = opened(guard=GuardTerms(body_bytes=100))

    def stream():
        for _ in range(50):
            yield b"x" * 10

    for headers in ({}, {"Idempotency-Key": "k"}):
        answer = client.post(f"{API}/session", content=stream(), headers=headers)
        assert (413, "too-large") == (answer.status_code, answer.json()["code"])


def test_two_lengths_are_none(opened):
    """A request whose end depends on who reads it is not read."""
    client = opened()
    for lengths in (["5", "6"], ["+5"], ["0x5"], ["5, 5"]):
        headers = [("Content-Length", one) for one in lengths]
        assert 400 == client.post(f"{API}/session", content=b"12345", headers=headers).status_code
    both = [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]
    assert 400 == client.post(f"{API}/session", content=b"12345", headers=both).status_code
