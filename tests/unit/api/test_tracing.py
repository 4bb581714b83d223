"""A request is followed by its id into the job that it asks for."""

from __future__ import annotations

import io
import json

from tradewright.bootstrap.config.tree import Logging
from tradewright.bootstrap.logs import start_logging

_WISH = {"venue": "practice", "symbol": "ETH/USDT:USDT", "timeframe": "1h", "start_date": "2024-01-01", "days": 2}


def test_a_job_is_logged_with_the_id_of_the_request(asked):
    """The line that says that it was taken has both ids; the lines of the job go on with its own."""
    stream = io.StringIO()
    start_logging(Logging(), stream)
    answer = asked.post("/api/v1/data/checks", json={}, headers={"X-Request-ID": "request-of-mine"})
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    (taken,) = [line for line in lines if line["event"] == "job taken"]
    assert 202 == answer.status_code, answer.text
    assert ("request-of-mine", answer.json()["id"]) == (taken["request_id"], taken["job"])
    (ended,) = [line for line in lines if line["event"] == "request"]
    assert "request-of-mine" == ended["request_id"]
