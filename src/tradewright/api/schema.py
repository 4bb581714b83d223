"""The schema of the API: OpenAPI 3.1, the same bytes for the same code."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from tradewright.api.problems import PROBLEM_JSON

__all__ = ["schema_text", "with_problems"]

_FIRST_ERROR = 400


def with_problems(app: FastAPI) -> None:
    """Let the application's schema say of what kind its errors are: problem documents, whatever the route answers."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for methods in plain()["paths"].values():
                for route in methods.values():
                    _mark(route["responses"])
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # the way that FastAPI documents


def _mark(responses: dict[str, Any]) -> None:
    for status, answer in responses.items():
        if status.isdigit() and int(status) >= _FIRST_ERROR:
            answer["content"] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def schema_text(app: FastAPI) -> str:
    """The schema of an application as a file."""
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
