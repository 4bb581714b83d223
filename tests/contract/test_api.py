"""What holds for every route of the API, and for every code of a problem."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tradewright.api import app as application
from tradewright.api.codes import CODES

API = Path(application.__file__).parent
METHODS = {"get", "post", "put", "patch", "delete"}
SCHEMA = application.make_app().openapi()
ROUTES = [
    pytest.param(path, method, route, id=f"{method} {path}")
    for path, methods in SCHEMA["paths"].items()
    for method, route in methods.items()
    if method in METHODS
]


def _refusals():
    for file in sorted(API.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                yield f"{file.name}:{node.lineno}", node.args


def test_every_refusal_is_in_the_catalogue_with_its_status():
    """A code that a program may meet is documented, and comes with one status."""
    found = list(_refusals())
    assert found
    for place, arguments in found:
        status, code = (part.value for part in arguments[:2] if isinstance(part, ast.Constant))
        assert code in CODES, f"{place}: {code} is not in api/codes.py"
        assert CODES[code].status == status, place


@pytest.mark.parametrize(("path", "method", "route"), ROUTES)
def test_route_is_documented(path, method, route):
    """A reader of the schema finds what each route does, under a resource, and how it refuses."""
    assert route.get("tags"), "a resource"
    assert len(route.get("description", "")) > 10, "a docstring"
    assert "422" in route["responses"]
    for status, answer in route["responses"].items():
        if int(status) >= 400:
            assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_operations_have_names_of_their_own():
    """A generated client calls each by its name."""
    names = [route.values[2]["operationId"] for route in ROUTES]
    assert len(names) == len(set(names))
