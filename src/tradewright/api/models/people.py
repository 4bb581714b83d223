"""Shapes of what has to do with people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tradewright.domain.people import Role
from tradewright.domain.times import iso
from tradewright.ports.people import Login, Token, User

__all__ = ["Code", "Given", "LoginAnswer", "Name", "Password", "RoleWord", "TokenAnswer", "UserAnswer", "role_of"]

RoleWord = Literal["viewer", "trader", "admin"]
Name = Annotated[str, Field(min_length=1, max_length=40, examples=["mary"], description="Of a user.")]
Password = Annotated[SecretStr, Field(min_length=1, max_length=256, examples=["correct horse battery staple"])]
Code = Annotated[str, Field(max_length=24, examples=["123456"], description="One-time code, or a recovery code.")]


class Given(BaseModel):
    """What a request gives; nothing beside its own fields."""

    model_config = ConfigDict(extra="forbid")


class UserAnswer(BaseModel):
    """Somebody who may come in."""

    name: str = Field(examples=["mary"])
    role: str = Field(examples=["trader"])
    created: str = Field(examples=["2026-11-22T08:00:00Z"])
    disabled: str | None = Field(description="Since when they may not come in.", examples=[None])
    totp: bool = Field(description="One-time codes are asked for.", examples=[False])
    recovery_codes: int = Field(description="That are left, each for one use.", examples=[10])

    @classmethod
    def of(cls, user: User) -> UserAnswer:
        """As it is told."""
        return cls(
            name=user.name, role=user.role.word, created=iso(user.created), disabled=_when(user.disabled),
            totp=user.totp is not None, recovery_codes=len(user.recovery),
        )  # fmt: skip


class LoginAnswer(BaseModel):
    """A session of the page."""

    id: str = Field(examples=["9f1c2d3e4a5b6c7d"])
    created: str = Field(examples=["2026-11-22T08:00:00Z"])
    seen: str = Field(description="When it was used last, to within a minute.", examples=["2026-11-22T09:00:00Z"])
    expires: str = Field(examples=["2026-11-29T08:00:00Z"])
    address: str = Field(examples=["127.0.0.1"])
    agent: str = Field(description="What the client calls itself.", examples=["Mozilla/5.0"])
    is_this: bool = Field(description="It is the one that asks.", examples=[True])

    @classmethod
    def of(cls, login: Login, present: str) -> LoginAnswer:
        """As it is told to the session `present`."""
        return cls(
            id=login.id, created=iso(login.created), seen=iso(login.seen), expires=iso(login.expires),
            address=login.address, agent=login.agent, is_this=login.id == present,
        )  # fmt: skip


class TokenAnswer(BaseModel):
    """The token of a program, without the token itself."""

    id: str = Field(examples=["0a1b2c3d4e5f"])
    user: str = Field(examples=["mary"])
    label: str = Field(examples=["grafana"])
    scope: str = Field(examples=["viewer"])
    created: str = Field(examples=["2026-11-22T08:00:00Z"])
    expires: str | None = Field(examples=["2027-02-20T08:00:00Z"])
    revoked: str | None = Field(examples=[None])
    used: str | None = Field(description="When it was used last, to within a minute.", examples=[None])

    @classmethod
    def of(cls, token: Token) -> TokenAnswer:
        """As it is told."""
        return cls(
            id=token.id, user=token.user, label=token.label, scope=token.scope.word, created=iso(token.created),
            expires=_when(token.expires), revoked=_when(token.revoked), used=_when(token.used),
        )  # fmt: skip


def role_of(word: RoleWord) -> Role:
    """The role of a word."""
    return Role[word.upper()]


def _when(at: int | None) -> str | None:
    return None if at is None else iso(at)
