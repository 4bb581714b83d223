"""The client: answers typed by the schema, refusals as errors, changes done once, events through breaks."""

from __future__ import annotations

import json

import httpx2
import pytest

from tradewright.client import Client, ProblemError
from tradewright.client.events import ServerEvent, events
from tradewright.client.problem import Unreachable


def _client(*answers, **given):
    """A client whose server gives these answers one after the other; and what it was asked."""
    asked, left = [], list(answers)

    def handle(request):
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Client("http://server", "t0ken", transport=httpx2.MockTransport(handle), **given), asked


def test_operation_is_a_method_of_its_resource():
    """Path, query and body stand where the schema says; ids cannot leave their place in the path."""
    rule = {"id": "a", "name": "n", "kind": "k", "figure": "f", "sign": ">", "limit": 1.0}
    client, asked = _client(httpx2.Response(200, json=[]), httpx2.Response(200, json=rule), httpx2.Response(204))
    assert [] == client.notifications.list_notifications(limit=5)
    wish = {name: value for name, value in rule.items() if name != "id"}
    assert rule == client.notifications.change_alert_rule("../users", wish)
    assert client.notifications.delete_alert_rule("a") is None
    assert ["GET", "PUT", "DELETE"] == [one.method for one in asked]
    assert "/api/v1/notifications?limit=5" == asked[0].url.raw_path.decode()
    assert "/api/v1/notifications/rules/..%2Fusers" == asked[1].url.raw_path.decode()
    assert wish == json.loads(asked[1].content)
    assert {"Bearer t0ken"} == {one.headers["Authorization"] for one in asked}


def test_refusal_is_an_error_with_code_field_and_request():
    """What the server said of it, whole."""
    problem = {"status": 422, "code": "invalid-value", "detail": "limit: 'x' is not allowed", "field": "limit",
               "allowed": "a number", "request_id": "r-1"}  # fmt: skip
    client, _ = _client(httpx2.Response(422, json=problem))
    with pytest.raises(ProblemError, match="limit: 'x'") as caught:
        client.status.read_metrics()
    error = caught.value
    assert ("invalid-value", 422, "limit", "a number", "r-1") == (
        error.code, error.status, error.field, error.allowed, error.request_id,
    )  # fmt: skip


def test_answer_that_is_no_problem_document_is_an_error_all_the_same():
    """Something between us and the server may answer in its place."""
    client, _ = _client(httpx2.Response(502, text="<html>"))
    with pytest.raises(ProblemError, match="status 502"):
        client.status.read_health()


def test_change_without_an_answer_is_sent_again_under_the_same_key():
    """The server knows it by its key, and does it once; each change has a key of its own; reading needs none."""
    lost = httpx2.ReadError("gone")
    done = [httpx2.Response(200, json={"channel": "a", "sent": True}) for _ in range(2)]
    client, asked = _client(lost, lost, *done, httpx2.Response(200, json=[]))
    client.notifications.try_channel({"channel": "a"})
    client.notifications.try_channel({"channel": "a"})
    client.notifications.list_alert_rules()
    first, again, third, other, read = (one.headers.get("Idempotency-Key") for one in asked)
    assert first == again == third != other
    assert read is None


def _under_way(**headers):
    return httpx2.Response(
        409, json={"status": 409, "code": "under-way", "detail": "it is being done"}, headers=headers
    )


def test_change_that_is_still_being_done_is_waited_for():
    """As long as the server says, a second where it does not; then its answer comes, under the same key."""
    waits = []
    done = httpx2.Response(200, json={"channel": "a", "sent": True})
    client, asked = _client(
        httpx2.ReadError("gone"), _under_way(**{"Retry-After": "2"}), _under_way(), done, sleep=waits.append
    )
    assert {"channel": "a", "sent": True} == client.notifications.try_channel({"channel": "a"})
    assert [2.0, 1.0] == waits
    assert 1 == len({one.headers["Idempotency-Key"] for one in asked})


def test_waiting_for_a_change_has_an_end():
    """After its time the refusal is told; one that asks for more than that is not waited for at all."""
    waits = []
    answers = [_under_way(**{"Retry-After": "12"}) for _ in range(3)] + [_under_way(**{"Retry-After": "31"})]
    client, _ = _client(*answers, sleep=waits.append)
    for _ in range(2):
        with pytest.raises(ProblemError, match="being done"):
            client.notifications.try_channel({"channel": "a"})
    assert [12.0, 12.0] == waits


def test_server_that_is_away_is_said_so():
    """After three tries, without the words of the library."""
    client, asked = _client(*[httpx2.ConnectError("refused")] * 3)
    with pytest.raises(Unreachable, match=r"no answer \(ConnectError\)"):
        client.status.read_health()
    assert 3 == len(asked)


STREAM = """: ping

id: 7
event: job.changed
data: {"type": "job.changed", "ts": 1, "data": {"id": "a"}}

event: price
data: {"type": "price", "ts": 2, "data": {"last": 5}}

"""


def test_events_go_on_after_a_break_where_they_were():
    """The id of the last event that has one is what the next stream begins after; waits grow, and begin anew."""
    stream = {"headers": {"content-type": "text/event-stream"}, "text": STREAM}
    client, asked = _client(
        httpx2.Response(200, **stream), httpx2.ConnectError("away"), httpx2.ConnectError("away"),
        httpx2.Response(200, **stream),
    )  # fmt: skip
    waits = []
    heard = events(client, sleep=waits.append)
    first, second = next(heard), next(heard)
    assert [ServerEvent("job.changed", {"id": "a"}, 1, "7"), ServerEvent("price", {"last": 5}, 2)] == [first, second]
    next(heard)
    assert [None, "7", "7", "7"] == [one.headers.get("Last-Event-ID") for one in asked]
    assert [0.5, 1.0, 2.0] == waits


def test_stream_that_the_server_refuses_is_an_error():
    """Who is not logged in hears why."""
    client, _ = _client(httpx2.Response(401, json={"status": 401, "code": "not-logged-in", "detail": "log in"}))
    with pytest.raises(ProblemError, match="log in"):
        next(events(client))
