"""Whom to tell what happens: channels, the matrix of kinds and channels, rules of the user's own, what was sent."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from tradewright.api.asking import Admin, Serving, Trader, Viewer
from tradewright.api.problems import problems
from tradewright.bootstrap.server import Server
from tradewright.domain.errors import Absent, UnknownName
from tradewright.domain.notices import AlertRule, Sign, Wish
from tradewright.domain.times import iso
from tradewright.services.notifications.wording import KINDS

__all__ = ["router"]

router = APIRouter(prefix="/notifications", tags=["notifications"])

_Name = Annotated[str, Field(min_length=1, max_length=120)]
_Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Of the rule.")]


class ChannelAnswer(BaseModel):
    """A way by which people are told. Addresses are in the configuration, and are never shown."""

    name: str = Field(examples=["telegram"])
    language: Literal["en", "uk"]


class ChannelRequest(BaseModel):
    """Which channel to try."""

    model_config = ConfigDict(extra="forbid")
    channel: str = Field(max_length=40, examples=["telegram"])


class SentAnswer(BaseModel):
    """That a message was handed over."""

    channel: str
    sent: Literal[True]


class SendingAnswer(BaseModel):
    """A message to a channel."""

    id: str
    channel: str
    kind: str = Field(examples=["fill"])
    title: str
    text: str
    at: str = Field(description="ISO 8601, UTC.")
    state: Literal["waiting", "sent", "given_up"]
    tries: int
    error: str


class Cell(BaseModel):
    """Whether a channel tells of a kind of event."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(max_length=40, examples=["fill"])
    channel: str = Field(max_length=40, examples=["telegram"])
    is_on: bool


class RuleRequest(BaseModel):
    """A rule of the user's own: when a figure of an event is so, every channel tells it."""

    model_config = ConfigDict(extra="forbid")
    name: _Name = Field(examples=["Deep water"])
    kind: _Name = Field(description="Of the events that are looked at.", examples=["snapshot"])
    figure: _Name = Field(description="Of the event; dots lead inwards.", examples=["portfolio.equity"])
    sign: Sign = Field(examples=["<"])
    limit: Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)] = Field(examples=[9_000])
    cooldown_s: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] = Field(
        300.0, description="Seconds in which it is told once."
    )
    is_on: bool = True


class RuleAnswer(RuleRequest):
    """A rule, with its id."""

    id: str


@router.get("")
async def list_notifications(
    server: Serving, _: Viewer, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[SendingAnswer]:
    """List the newest messages, newest first, with what became of them."""
    found = await server.outbox.latest(limit)
    rows = [{**asdict(one), "at": iso(one.ts)} for one in found]
    return [SendingAnswer.model_validate({name: row[name] for name in SendingAnswer.model_fields}) for row in rows]


@router.get("/channels")
async def list_notification_channels(server: Serving, _: Viewer) -> list[ChannelAnswer]:
    """List the channels that the configuration names."""
    return [ChannelAnswer(name=one.name, language=one.language) for one in server.notifier.channels.values()]


@router.post("/test", responses=problems(404))
async def try_channel(wish: ChannelRequest, server: Serving, _: Trader) -> SentAnswer:
    """Send a test message to a channel, at once."""
    await server.notifier.test(wish.channel)
    return SentAnswer(channel=wish.channel, sent=True)


@router.get("/matrix")
async def read_notification_matrix(server: Serving, _: Viewer) -> list[Cell]:
    """Read which channel tells of which kind of event."""
    return await _cells(server)


@router.put("/matrix", responses=problems(404))
async def change_notification_matrix(
    cells: Annotated[list[Cell], Field(max_length=1_000)], server: Serving, _: Admin
) -> list[Cell]:
    """Set cells of the matrix; those that are not named stay as they are."""
    for cell in cells:
        if cell.kind not in KINDS:
            raise UnknownName("kind", cell.kind, KINDS)
        if cell.channel not in server.notifier.channels:
            raise UnknownName("channel", cell.channel, server.notifier.channels)
    await server.outbox.wish([Wish(cell.kind, cell.channel, cell.is_on) for cell in cells])
    return await _cells(server)


async def _cells(server: Server) -> list[Cell]:
    matrix = await server.notifier.matrix()
    return [Cell(kind=kind, channel=name, is_on=is_on) for kind, row in matrix.items() for name, is_on in row.items()]


@router.get("/rules")
async def list_alert_rules(server: Serving, _: Viewer) -> list[RuleAnswer]:
    """List the rules, by name."""
    return [_told(rule) for rule in await server.outbox.rules()]


@router.post("/rules", status_code=201)
async def create_alert_rule(wish: RuleRequest, server: Serving, _: Trader) -> RuleAnswer:
    """Add a rule."""
    return await _put(server, uuid.uuid4().hex, wish)


@router.put("/rules/{rule_id}", responses=problems(404))
async def change_alert_rule(rule_id: _Id, wish: RuleRequest, server: Serving, _: Trader) -> RuleAnswer:
    """Change a rule."""
    if rule_id not in {rule.id for rule in await server.outbox.rules()}:
        raise Absent(f"alert rule {rule_id}: there is none")
    return await _put(server, rule_id, wish)


@router.delete("/rules/{rule_id}", status_code=204, responses=problems(404))
async def delete_alert_rule(rule_id: _Id, server: Serving, _: Trader) -> Response:
    """Take a rule away."""
    if not await server.outbox.drop_rule(rule_id):
        raise Absent(f"alert rule {rule_id}: there is none")
    return Response(status_code=204)


async def _put(server: Server, own: str, wish: RuleRequest) -> RuleAnswer:
    rule = AlertRule(own, **wish.model_dump())
    await server.outbox.put_rule(rule)
    return _told(rule)


def _told(rule: AlertRule) -> RuleAnswer:
    return RuleAnswer(**asdict(rule))
