"""Keys of exchanges and bots: which are kept, never what they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path
from pydantic import BaseModel, Field, SecretStr

from tradewright.api.asking import Admin, Serving
from tradewright.api.models.people import Given
from tradewright.api.problems import problems

__all__ = ["router"]

router = APIRouter(prefix="/keys", tags=["keys"])

Name = Annotated[str, Path(max_length=80, pattern=r"^[A-Za-z0-9_.]+$", examples=["venue.api_key"])]


async def _passphrase(
    x_passphrase: Annotated[
        str, Header(max_length=400, description="Of the key store, where no variable holds it; in UTF-8.")
    ] = "",
) -> str:
    # Headers are read byte by byte as Latin-1; what people type may be of any alphabet.
    try:
        return x_passphrase.encode("latin-1").decode()
    except UnicodeError:
        return x_passphrase


Passphrase = Annotated[str, Depends(_passphrase)]


class KeysAnswer(BaseModel):
    """Which secrets are kept."""

    kept: list[str] = Field(examples=[["venue.api_key"]])
    known: list[str] = Field(description="Names that a secret may have.", examples=[["venue.api_key"]])
    is_there: bool = Field(description="There is a key store.")
    opens_by_itself: bool = Field(description="A variable holds its passphrase; else each request brings it.")


class SecretRequest(Given):
    """A secret to be kept."""

    secret: Annotated[SecretStr, Field(min_length=1, max_length=4_096)]


class KeyAnswer(BaseModel):
    """A secret that is kept."""

    name: str = Field(examples=["venue.api_key"])


@router.get("")
async def list_keys(server: Serving, _: Admin, passphrase: Passphrase) -> KeysAnswer:
    """List which secrets are kept, and none of them."""
    desk = server.keys_desk
    is_locked = desk.is_there() and not desk.opens_by_itself() and not passphrase
    kept = [] if is_locked else await desk.names(passphrase)
    return KeysAnswer(
        kept=kept, known=list(desk.known), is_there=desk.is_there(), opens_by_itself=desk.opens_by_itself()
    )


@router.put("/{name}", responses=problems(404))
async def set_key(
    name: Name, body: SecretRequest, server: Serving, caller: Admin, passphrase: Passphrase = ""
) -> KeyAnswer:
    """Keep a secret, in the place of the one before. What uses it takes it up when it starts again."""
    secret = body.secret.get_secret_value()
    return KeyAnswer(name=await server.keys_desk.put(caller.by, name, secret, passphrase))


@router.delete("/{name}", status_code=204, responses=problems(404))
async def remove_key(name: Name, server: Serving, caller: Admin, passphrase: Passphrase) -> None:
    """Take a secret out."""
    await server.keys_desk.remove(caller.by, name, passphrase)
