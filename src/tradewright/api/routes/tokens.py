"""Tokens of programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, SomebodyHere, Viewer
from tradewright.api.models.people import Given, RoleWord, TokenAnswer, role_of
from tradewright.api.problems import problems
from tradewright.domain.people import Role
from tradewright.services.people.tokens import TokenWish

__all__ = ["router"]

router = APIRouter(prefix="/tokens", tags=["tokens"])

TokenId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,40}$", examples=["0a1b2c3d4e5f"])]


class TokensAnswer(BaseModel):
    """Tokens, the newest first."""

    items: list[TokenAnswer]


class NewToken(Given):
    """A token that is wanted."""

    label: str = Field(
        min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["grafana"],
        description="What it is for.",
    )  # fmt: skip
    scope: RoleWord = Field(description="One's own role at most.", examples=["viewer"])
    days: int | None = Field(90, ge=1, le=3_650, description="After which it ends; null for never.", examples=[90])


class MadeToken(TokenAnswer):
    """A token; it is shown this once."""

    token: str = Field(description="Sent as `Authorization: Bearer`.", examples=["tw_0a1b2c3d4e5f_…"])


@router.get("")
async def list_tokens(
    server: Serving,
    caller: Viewer,
    everybody: Annotated[bool, Query(description="Also those of others; for an admin.")] = False,
) -> TokensAnswer:
    """List tokens: one's own, or everybody's."""
    is_all = everybody and caller.role is Role.ADMIN
    found = await server.people.tokens.of(None if is_all else caller.name)
    return TokensAnswer(items=[TokenAnswer.of(one) for one in found])


@router.post("", status_code=201)
async def create_token(body: NewToken, request: Request, server: Serving, caller: SomebodyHere) -> MadeToken:
    """Make a token for a program. Only somebody at the page can: a token makes no other."""
    request.state.keeps_secret = True
    wish = TokenWish(body.label, role_of(body.scope), body.days)
    text, token = await server.people.tokens.make(caller, wish)
    return MadeToken(**TokenAnswer.of(token).model_dump(), token=text)


@router.delete("/{id}", status_code=204, responses=problems(404))
async def revoke_token(id: TokenId, server: Serving, caller: Viewer) -> None:  # noqa: A002 - its name
    """Let a token count no more: one's own, or, for an admin, anybody's."""
    await server.people.tokens.revoke(caller, id)
