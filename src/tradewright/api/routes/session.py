"""Logging in and out, and who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, SecretStr

from tradewright.api.asking import Serving, Viewer
from tradewright.api.models.people import Code, Given, Name, Password
from tradewright.api.problems import Refused
from tradewright.api.who import COOKIE, visit_of, who_asks
from tradewright.services.people.logins import csrf_of
from tradewright.services.people.office import Known

__all__ = ["router", "show_login"]

router = APIRouter(prefix="/session", tags=["session"])


class LoginRequest(Given):
    """What lets somebody in."""

    name: Name
    password: Password
    code: Code = ""


class SetupRequest(Given):
    """What makes the first admin."""

    token: Annotated[SecretStr, Field(min_length=1, max_length=200, description="Of the link that was printed.")]
    name: Name
    password: Password


class ProofRequest(Given):
    """A one-time code, so that live actions may be done for a while."""

    code: Code


class SessionAnswer(BaseModel):
    """Who one is; all is empty for somebody who is not logged in."""

    user: str | None = Field(examples=["mary"])
    role: str | None = Field(examples=["trader"])
    csrf: str | None = Field(description="The page sends it as `X-CSRF-Token` with every change.", examples=["1f0c…"])
    set_up_needed: bool = Field(description="There is nobody yet: open the link that was printed.", examples=[False])


@router.get("")
async def read_session(request: Request, server: Serving) -> SessionAnswer:
    """Say who one is. Open to everybody."""
    caller = await who_asks(request)
    if caller is None:
        return SessionAnswer(user=None, role=None, csrf=None, set_up_needed=await server.people.setting_up.is_needed())
    csrf = csrf_of(request.cookies[COOKIE]) if caller.login else None
    return SessionAnswer(user=caller.name, role=caller.role.word, csrf=csrf, set_up_needed=False)


@router.post("")
async def log_in(body: LoginRequest, request: Request, response: Response, server: Serving) -> SessionAnswer:
    """Log in: the answer sets a cookie. Where one-time codes are asked for and none is given: 403, `proof-needed`."""
    secret = body.password.get_secret_value()
    cookie, known = await server.people.logins.log_in(body.name, secret, body.code, visit_of(request))
    return show_login(request, response, cookie, known)


@router.post("/setup", status_code=201)
async def set_up(body: SetupRequest, request: Request, response: Response, server: Serving) -> SessionAnswer:
    """Make the first admin with the token of the link that `tradewright serve` printed, and log in."""
    password = body.password.get_secret_value()
    user = await server.people.setting_up.accept(body.token.get_secret_value(), body.name, password)
    cookie, known = await server.people.logins.begin(user, visit_of(request))
    return show_login(request, response, cookie, known)


@router.post("/proof", status_code=204)
async def prove_session(body: ProofRequest, request: Request, server: Serving, caller: Viewer) -> None:
    """Give a one-time code: live actions may be done for ten minutes."""
    await server.people.proofs.prove(caller, body.code, visit_of(request).address)


@router.delete("", status_code=204)
async def log_out(response: Response, server: Serving, caller: Viewer) -> None:
    """Log out: the cookie opens nothing any more."""
    if not caller.login:
        raise Refused(403, "page-only", "a program does not log in; revoke its token")
    await server.people.logins.end(caller, caller.login)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def show_login(request: Request, response: Response, cookie: str, known: Known) -> SessionAnswer:
    """Set the cookie of a session that has begun, and say whose it is."""
    request.state.keeps_secret = True
    lasts = request.app.state.server.people.terms.longest_s
    response.set_cookie(
        COOKIE, cookie, max_age=lasts, path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    caller = known.caller
    return SessionAnswer(user=caller.name, role=caller.role.word, csrf=csrf_of(cookie), set_up_needed=False)
