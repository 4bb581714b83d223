"""Requests go straight to the routes of their first word, and find what they would have found in the whole table."""

from __future__ import annotations

import pytest
from starlette.routing import Match

from tradewright.api.app import _routes, make_app
from tradewright.api.paths import PREFIX

APP = make_app()
PATHS = sorted(APP.openapi()["paths"])


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith(PREFIX)])
def test_every_path_is_known_to_the_signpost(path):
    """Those that begin with its word hold the route, whatever stands for its parameters."""
    routes, ways = _routes()
    word = path.removeprefix(f"{PREFIX}/").partition("/")[0]
    scope = {"type": "http", "method": "GET", "path": path.replace("{", "").replace("}", ""), "root_path": ""}
    whole, way = (max(route.matches(dict(scope))[0].value for route in found) for found in (routes, ways[word]))
    assert whole == way != Match.NONE.value


def test_no_word_leads_to_more_routes_than_it_needs():
    """Three at most stand behind a word, of some thirty."""
    routes, ways = _routes()
    assert 3 >= max(len(behind) for behind in ways.values())
    assert 20 < len(routes)
