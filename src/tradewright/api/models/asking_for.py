"""What several lists are asked for by: whose, of which instrument, and where the page before ended."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from tradewright.api.asking import Serving
from tradewright.api.models.desk import DeploymentName, Symbol
from tradewright.api.paging import Cursor, Limit, place_of, written
from tradewright.bootstrap.server import Server
from tradewright.domain.mode import SIMULATION, Mode
from tradewright.services.desk.overview import Book, PageOfBook, Wish

__all__ = ["Reading", "Whose", "whose_simulation"]


async def _whose(
    mode: Annotated[Mode, Query(description="Paper, or with money.")] = SIMULATION,
    deployment: Annotated[DeploymentName | None, Query(description="Only of this one.", examples=["trend"])] = None,
) -> Wish:
    return Wish(mode, deployment)


async def whose_simulation(
    deployment: Annotated[DeploymentName | None, Query(description="Only of this one.", examples=["trend"])] = None,
) -> Wish:
    """Of simulations alone."""
    return Wish(SIMULATION, deployment)


Whose = Annotated[Wish, Depends(_whose)]


class _Reading:
    # A page of a book, for any list.
    def __init__(self, server: Server, symbol: str | None, limit: int, cursor: str | None) -> None:
        self._server, self._symbol, self._limit, self._cursor = server, symbol, limit, cursor

    async def page(self, book: Book, wish: Wish) -> tuple[PageOfBook, str | None]:
        """The entries, and the cursor of the next page."""
        found = place_of(self._cursor, int, int)
        place = None if found is None else (max(min(found[0], 2**62), 0), max(min(found[1], 10_000), 0))
        page = await self._server.overview.page(book, wish, self._symbol, place, self._limit)
        return page, None if page.next is None else written(*page.next)


async def _reading(
    server: Serving,
    symbol: Annotated[Symbol | None, Query(description="Of the instrument.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> _Reading:
    return _Reading(server, symbol, limit, cursor)


Reading = Annotated[_Reading, Depends(_reading)]
