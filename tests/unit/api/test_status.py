"""Health with reasons, and metrics."""

from __future__ import annotations

from tradewright.domain.people import Role


def test_detailed_health_names_each_part_with_a_reason(asked_as):
    """Somebody who may look reads how well each part is."""
    told = asked_as(Role.VIEWER).get("/api/v1/status/health/detailed").json()
    parts = {one["part"]: one for one in told["parts"]}
    assert {"database", "disk", "clock", "jobs"} <= set(parts)
    assert "ok" == parts["database"]["status"]
    assert all(one["reason"] for one in parts.values())


def test_details_are_not_for_everybody(nobody):
    """Sizes, processes and routes are told to those who are logged in."""
    for path in ("/api/v1/status/health/detailed", "/api/v1/status/metrics", "/metrics"):
        assert 401 == nobody.get(path).status_code, path


def test_requests_are_counted_by_their_route(asked_as):
    """Ids in paths do not multiply the series; what no route answers is one series."""
    client = asked_as(Role.VIEWER)
    for _ in range(3):
        client.get("/api/v1/status/health")
    client.get("/api/v1/nothing/17")
    text = client.get("/metrics").text
    assert {"tradewright_jobs_waiting 0.0", "tradewright_job_workers 0.0"} <= set(text.splitlines())
    assert 'tradewright_http_requests_total{method="GET",route="/api/v1/status/health",status="200"} 3.0' in text
    assert 'route="none",status="404"} 1.0' in text
    assert "17" not in text.split("tradewright_http_requests_total{")[2].split("}")[0]
    told = client.get("/api/v1/status/metrics").json()
    assert (5, 0) == (told["requests"], told["errors"])
    assert told["mean_ms"] > 0
    assert told["memory_bytes"] > 10_000_000
