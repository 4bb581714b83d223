"""Ids of requests and the headers of every answer."""

from __future__ import annotations

HEALTH = "/api/v1/status/health"


def test_a_sane_id_of_the_client_is_taken(nobody):
    """It is in the answer, so that the client finds it in the server's log."""
    assert "from-client-1" == nobody.get(HEALTH, headers={"X-Request-ID": "from-client-1"}).headers["x-request-id"]


def test_any_other_id_is_replaced(nobody):
    """A line of the log is not written by whoever asks."""
    for odd in ("", "short", "x" * 65, 'eight"chars"', "a\tb\tc\td\te"):
        own = nobody.get(HEALTH, headers={"X-Request-ID": odd}).headers["x-request-id"]
        assert own != odd
        assert 16 == len(own)


def test_a_problem_tells_the_id(nobody):
    """Who reports a problem can name it."""
    answer = nobody.get("/api/v1/users", headers={"X-Request-ID": "abcdefgh"})
    assert ("abcdefgh", "abcdefgh") == (answer.json()["request_id"], answer.headers["x-request-id"])


def test_every_answer_says_what_a_browser_may_do(nobody):
    """Those of routes, of paths that are not there, and of refusals."""
    for path in (HEALTH, "/nothing", "/api/v1/users"):
        headers = nobody.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert ("nosniff", "no-referrer") == (headers["x-content-type-options"], headers["referrer-policy"])
        assert "access-control-allow-origin" not in headers
    assert "no-store" == nobody.get(HEALTH).headers["cache-control"]


def test_https_is_asked_for_where_it_is_spoken(opened):
    """A server behind https tells browsers to keep to it; one without does not lock anybody out."""
    assert "strict-transport-security" in opened(base_url="https://testserver").get(HEALTH).headers
    assert "strict-transport-security" not in opened().get(HEALTH).headers


def test_our_own_fault_shows_nothing_of_the_inside(opened):
    """An error that nobody expected is a problem without a path, a name of ours or the error's words."""

    async def broken(_):
        raise RuntimeError("secrets/path.py: password=hunter2")

    answer = opened(broken).get("/api/v1/users", headers={"X-Request-ID": "abcdefgh"})
    assert (500, "internal", "abcdefgh") == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["request_id"],
    )
    assert "hunter2" not in answer.text
    assert "path" not in answer.text
    assert "content-security-policy" in answer.headers
