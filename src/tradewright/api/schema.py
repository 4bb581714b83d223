"""The schema of the API: OpenAPI 3.1, the same bytes for the same code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tradewright.api.asking import AtLeast, somebody_here
from tradewright.api.problems import PROBLEM_JSON
from tradewright.api.who import COOKIE, CSRF_HEADER, READS

__all__ = ["schema_text", "with_problems"]

_FIRST_ERROR = 400
_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "Of a program; see POST /api/v1/tokens."},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of the page; POST /api/v1/session."},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER, "description": "Beside the cookie, to change."},
}


def with_problems(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Let the schema say of what kind errors are, problem documents always, and by what a caller is known.

    Args:
        app: the application.
        routers: all of its routes.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema, needs = plain(), _needs(routers)
            schema.setdefault("components", {})["securitySchemes"] = _SCHEMES
            for methods in schema["paths"].values():
                for method, route in methods.items():
                    _mark(route["responses"])
                    route["security"] = _ways(method, needs.get(route["operationId"], ()))
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _needs(routers: Sequence[APIRouter]) -> dict[str, tuple[Any, ...]]:
    # What each operation asks of its caller, by the operation's name.
    routes = [one for router in routers for one in router.routes if isinstance(one, APIRoute)]
    return {one.name: tuple(_calls(one.dependant)) for one in routes}


def _calls(dependant: Dependant) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def _ways(method: str, needs: tuple[Any, ...]) -> list[dict[str, list[str]]]:
    if not any(isinstance(one, AtLeast) for one in needs):
        return []
    page: dict[str, list[str]] = {"session": []} if method.upper() in READS else {"session": [], "csrf": []}
    return [page] if somebody_here in needs else [{"token": []}, page]


def _mark(responses: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if status.isdigit() and int(status) >= _FIRST_ERROR:
            answer["content"] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def schema_text(app: FastAPI) -> str:
    """The schema of an application as a file."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
