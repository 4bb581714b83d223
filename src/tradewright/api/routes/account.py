"""One's own account: sessions, password, one-time codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from tradewright.api.asking import Serving, SomebodyHere
from tradewright.api.models.people import Code, Given, LoginAnswer, Password, UserAnswer
from tradewright.api.problems import problems
from tradewright.api.routes.session import SessionAnswer, show_login
from tradewright.api.who import visit_of

__all__ = ["router"]

router = APIRouter(prefix="/account", tags=["account"])

LoginId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,40}$", examples=["9f1c2d3e4a5b6c7d"])]


class LoginsAnswer(BaseModel):
    """One's own sessions, the newest first."""

    items: list[LoginAnswer]


class EndedAnswer(BaseModel):
    """What has ended."""

    ended: int = Field(description="Sessions.", examples=[2])


class PasswordRequest(Given):
    """Another password."""

    present: Password
    password: Password


class EnrolRequest(Given):
    """The wish to be asked for one-time codes."""

    password: Password


class EnrolAnswer(BaseModel):
    """What an authenticator takes; it is shown this once."""

    secret: str = Field(examples=["JBSWY3DPEHPK3PXP"])
    address: str = Field(description="To be shown as a picture (QR).", examples=["otpauth://totp/Tradewright:mary?…"])


class ConfirmRequest(Given):
    """The first code of the authenticator."""

    code: Code


class RecoveryAnswer(BaseModel):
    """Codes for when the authenticator is lost; shown this once."""

    codes: list[str] = Field(examples=[["ABCD-EFGH-IJKL-MNOP"]])


class DisableRequest(Given):
    """What it takes to be asked for codes no more, or to be given recovery codes."""

    password: Password
    code: Code


@router.get("")
async def read_account(server: Serving, caller: SomebodyHere) -> UserAnswer:
    """Tell of oneself."""
    return UserAnswer.of(await server.people.accounts.user(caller.name))


@router.get("/sessions")
async def list_own_sessions(server: Serving, caller: SomebodyHere) -> LoginsAnswer:
    """List where one is logged in."""
    found = await server.people.logins.of(caller.name)
    return LoginsAnswer(items=[LoginAnswer.of(one, caller.login) for one in found])


@router.delete("/sessions/{id}", status_code=204, responses=problems(404))
async def end_own_session(id: LoginId, server: Serving, caller: SomebodyHere) -> None:  # noqa: A002 - its name
    """Log out somewhere."""
    await server.people.logins.end(caller, id)


@router.delete("/sessions")
async def end_other_sessions(server: Serving, caller: SomebodyHere) -> EndedAnswer:
    """Log out everywhere but here."""
    return EndedAnswer(ended=await server.people.logins.end_others(caller))


@router.put("/password", responses=problems(404))
async def change_own_password(
    body: PasswordRequest, request: Request, response: Response, server: Serving, caller: SomebodyHere
) -> SessionAnswer:
    """Change one's password: every session ends, and this one begins anew."""
    visit = visit_of(request)
    given = body.present.get_secret_value(), body.password.get_secret_value()
    user = await server.people.accounts.change_own_password(caller, *given, visit.address)
    return show_login(request, response, *await server.people.logins.again(user, visit))


@router.post("/totp", responses=problems(409))
async def enrol_totp(body: EnrolRequest, request: Request, server: Serving, caller: SomebodyHere) -> EnrolAnswer:
    """Begin to be asked for one-time codes; nothing changes before the first code is confirmed."""
    request.state.keeps_secret = True
    given = body.password.get_secret_value(), visit_of(request).address
    secret, address = await server.people.proofs.enrol(caller, *given)
    return EnrolAnswer(secret=secret, address=address)


@router.post("/totp/confirm", status_code=204, responses=problems(409))
async def confirm_totp(body: ConfirmRequest, request: Request, server: Serving, caller: SomebodyHere) -> None:
    """Confirm the first code: from now on they are asked for, to log in and to act live."""
    await server.people.proofs.confirm(caller, body.code, visit_of(request).address)


@router.post("/totp/disable", status_code=204)
async def disable_totp(body: DisableRequest, request: Request, server: Serving, caller: SomebodyHere) -> None:
    """Be asked for one-time codes no more."""
    given = body.password.get_secret_value(), body.code
    await server.people.proofs.disable(caller, *given, visit_of(request).address)


@router.post("/totp/recovery-codes", responses=problems(409))
async def make_recovery_codes(
    body: DisableRequest, request: Request, server: Serving, caller: SomebodyHere
) -> RecoveryAnswer:
    """Make ten recovery codes, each of which stands for a one-time code once; those before count no more."""
    request.state.keeps_secret = True
    given = body.password.get_secret_value(), body.code, visit_of(request).address
    return RecoveryAnswer(codes=list(await server.people.proofs.recovery_codes(caller, *given)))
