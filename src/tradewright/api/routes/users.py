"""Users, for an admin."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, SecretStr

from tradewright.api.asking import Admin, Serving
from tradewright.api.models.people import Given, Name, Password, RoleWord, UserAnswer, role_of
from tradewright.api.problems import problems

__all__ = ["router"]

router = APIRouter(prefix="/users", tags=["users"])

UserName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$", examples=["mary"])]


class UsersAnswer(BaseModel):
    """Everybody, by name."""

    items: list[UserAnswer]


class NewUser(Given):
    """Somebody new."""

    name: Name
    password: Password
    role: RoleWord = Field(examples=["viewer"])


class UserChange(Given):
    """What is to change; what is left out stays."""

    role: RoleWord | None = Field(None, examples=["trader"])
    disabled: bool | None = Field(None, description="They may not come in, and are out at once.", examples=[True])
    password: SecretStr | None = Field(None, min_length=1, max_length=256, description="A new one.")
    totp: bool | None = Field(None, description="`false`: they have lost their authenticator.", examples=[False])


@router.get("")
async def list_users(server: Serving, _: Admin) -> UsersAnswer:
    """List everybody."""
    return UsersAnswer(items=[UserAnswer.of(one) for one in await server.people.accounts.users()])


@router.post("", status_code=201, responses=problems(409))
async def create_user(body: NewUser, server: Serving, caller: Admin) -> UserAnswer:
    """Add somebody."""
    given = body.name, body.password.get_secret_value(), role_of(body.role)
    return UserAnswer.of(await server.people.accounts.add(caller.by, *given))


@router.get("/{name}", responses=problems(404))
async def read_user(name: UserName, server: Serving, _: Admin) -> UserAnswer:
    """Tell of somebody."""
    return UserAnswer.of(await server.people.accounts.user(name))


@router.patch("/{name}", responses=problems(404, 409))
async def change_user(name: UserName, body: UserChange, server: Serving, caller: Admin) -> UserAnswer:
    """Change role or password, disable or enable; an admin who may come in is always left."""
    accounts = server.people.accounts
    role = None if body.role is None else role_of(body.role)
    if role is not None or body.disabled is not None:
        await accounts.change(caller.by, name, role=role, disabled=body.disabled)
    if body.password is not None:
        await accounts.set_password(caller.by, name, body.password.get_secret_value())
    if body.totp is False:
        await accounts.without_codes(caller.by, name)
    return UserAnswer.of(await accounts.user(name))


@router.delete("/{name}", status_code=204, responses=problems(404, 409))
async def delete_user(name: UserName, server: Serving, caller: Admin) -> None:
    """Forget somebody, with all sessions and tokens; the audit log keeps the name."""
    await server.people.accounts.remove(caller.by, name)
