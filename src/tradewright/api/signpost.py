"""From the first word of a path to the routes that begin with it.

A router asks each of its routes in turn whether it is meant, twice; with two hundred of them that takes longer than
many an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from tradewright.api.paths import PREFIX

__all__ = ["Ways", "put_up", "ways_of"]

Ways = Mapping[str, Sequence[BaseRoute]]
"""Routes under the prefix of the API, by the first word after it."""


def ways_of(routers: Iterable[tuple[APIRouter, Sequence[BaseRoute]]]) -> Ways:
    """Which routes begin with a word.

    Args:
        routers: each, and what it became in the table of the application.
    """
    ways: dict[str, list[BaseRoute]] = {}
    for router, routes in routers:
        for word in {_word(getattr(route, "path", "")) for route in router.routes}:
            ways.setdefault(word, []).extend(routes)
    return ways


def put_up(app: FastAPI, ways: Ways) -> None:
    """Let requests of an application go straight to where they are meant to.

    Args:
        app: with all of its routes, which are asked in turn for whatever begins with no known word.
        ways: see `ways_of`.
    """
    app.router.middleware_stack = _Signpost(app.router, ways)


class _Signpost:
    def __init__(self, router: APIRouter, ways: Ways) -> None:
        self._all = router
        self._by_word = {word: _router(routes) for word, routes in ways.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        found = self._by_word.get(_word(path[len(PREFIX) :])) if path.startswith(PREFIX) else None
        await (found or self._all).app(scope, receive, send)


def _router(routes: Sequence[BaseRoute]) -> APIRouter:
    own = APIRouter(redirect_slashes=False)
    own.routes.extend(routes)
    return own


def _word(path: str) -> str:
    """The first word of a path.

    Example:
        >>> _word("/pairs/{symbol}"), _word("/pairs"), _word("")
        ('pairs', 'pairs', '')
    """
    return path.removeprefix("/").partition("/")[0]
