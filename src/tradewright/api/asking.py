"""What a request is handled with: the server, and who asks. Each route names the role that it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from tradewright.api.problems import Refused
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller, Role

__all__ = ["Admin", "AtLeast", "Serving", "SomebodyHere", "Trader", "Viewer", "Who", "serving", "somebody_here"]

Who = Callable[[HTTPConnection], Awaitable[Caller | None]]
"""Finds out who asks; None where nobody is logged in."""


async def serving(request: Request) -> Server:
    """The server that answers. A dependency that awaits nothing is `async` too: any other would wake a thread."""
    server = request.app.state.server
    assert isinstance(server, Server)
    return server


class AtLeast:
    """A caller of a role at least: what a route depends on.

    Args:
        role: that is needed.
    """

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> Caller:
        """Who asks.

        Raises:
            Refused: nobody, or somebody of a lower role.
        """
        who: Who = request.app.state.who
        caller = await who(request)
        if caller is None:
            raise Refused(401, "not-logged-in", "log in, or send a token: Authorization: Bearer …")
        if caller.role < self.role:
            raise Refused(
                403, "role-too-low", f"this needs the role {self.role.word}; {caller.name} has {caller.role.word}"
            )
        request.state.caller = caller
        return caller


async def somebody_here(caller: Annotated[Caller, Depends(AtLeast(Role.VIEWER))]) -> Caller:
    """Somebody at the page.

    Raises:
        Refused: a program asks.
    """
    if caller.token:
        raise Refused(403, "page-only", "this is for somebody at the page, and not for a token")
    return caller


Serving = Annotated[Server, Depends(serving)]
Viewer = Annotated[Caller, Depends(AtLeast(Role.VIEWER))]
Trader = Annotated[Caller, Depends(AtLeast(Role.TRADER))]
Admin = Annotated[Caller, Depends(AtLeast(Role.ADMIN))]
SomebodyHere = Annotated[Caller, Depends(somebody_here)]
"""Of any role, and not a program: what a stolen token must not do."""
