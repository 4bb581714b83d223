"""Live actions: who has taken up one-time codes gives one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from tradewright.api.asking import Serving, Trader
from tradewright.api.who import visit_of
from tradewright.bootstrap.server import Server
from tradewright.domain.people import Caller

__all__ = ["LiveTrader", "Proof", "Proving"]


class Proof:
    """What a request brings to prove that it is its user's own will.

    Args:
        server: that knows the user.
        code: of the header `X-TOTP`; may be empty.
        address: of the client.
    """

    def __init__(self, server: Server, code: str, address: str) -> None:
        self._server, self._code, self._address = server, code, address

    async def demand(self, caller: Caller) -> None:
        """See that a live action may be done. For routes that are live only by what the request says.

        Raises:
            ProofNeeded, LoginRefused: a one-time code is missing, or not right.
        """
        await self._server.people.proofs.demand(caller, self._code, self._address)


async def _proof(
    request: Request,
    server: Serving,
    x_totp: Annotated[str, Header(description="One-time code, for live actions.", max_length=24)] = "",
) -> Proof:
    return Proof(server, x_totp, visit_of(request).address)


Proving = Annotated[Proof, Depends(_proof)]


async def _live_trader(caller: Trader, proof: Proving) -> Caller:
    await proof.demand(caller)
    return caller


LiveTrader = Annotated[Caller, Depends(_live_trader)]
"""A trader who has just proved himself, where he has taken one-time codes up. For routes that are always live."""
