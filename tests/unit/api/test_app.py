"""The application itself: health for everybody, problem documents for every error."""

from __future__ import annotations

from tradewright.api.app import make_app


def test_health_is_open_to_everybody(nobody):
    """Who watches a server need not log in."""
    answer = nobody.get("/api/v1/status/health")
    assert (200, "ok") == (answer.status_code, answer.json()["status"])


def test_who_is_not_logged_in_is_told_so(nobody):
    """Every other route asks who it is."""
    answer = nobody.get("/api/v1/events")
    assert (401, "not-logged-in") == (answer.status_code, answer.json()["code"])
    assert "application/problem+json" == answer.headers["content-type"]


def test_unknown_path_and_method_are_problems(nobody):
    """What the server does not know is said in the same shape as all else."""
    assert (404, "absent") == _told(nobody.get("/api/v1/nothing"))
    assert (405, "method-not-allowed") == _told(nobody.delete("/api/v1/status/health"))


def _told(answer):
    assert "application/problem+json" == answer.headers["content-type"]
    return answer.status_code, answer.json()["code"]


def test_the_schema_says_by_what_a_caller_is_known():
    """By token or cookie; to change by cookie takes the CSRF token too; what is for the page alone takes no token."""
    schema = make_app().openapi()
    assert {"token", "session", "csrf"} == set(schema["components"]["securitySchemes"])
    paths, page = schema["paths"], {"session": [], "csrf": []}
    assert [{"token": []}, {"session": []}] == paths["/api/v1/pairs"]["get"]["security"]
    assert [{"token": []}, page] == paths["/api/v1/pairs"]["post"]["security"]
    assert [page] == paths["/api/v1/account/password"]["put"]["security"]
    assert [] == paths["/api/v1/status/health"]["get"]["security"]
