"""A backtest's request, as the first API of this kind had it; and a job that is waited for."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

__all__ = ["ASKED", "done"]

ASKED: dict[str, Any] = {
    "symbol": "BTCUSDT", "strategy": "SIMPLE_TEST", "start_date": "2024-01-01T00:00:00Z",
    "end_date": "2024-01-07T00:00:00Z", "timeframes": ["1h"], "tf_roles": {"1h": "LTF"},
    "initial_balance": 10000.0, "commission": 0.001,
}  # fmt: skip


def done(client: Any, answer: Any) -> dict[str, Any]:
    """The job of an answer, when it has ended."""
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    job: dict[str, Any] = answer.json()
    deadline = time.monotonic() + 60
    while job["state"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < deadline
        job = client.get(f"/api/v1/jobs/{job['id']}").json()
    return job
