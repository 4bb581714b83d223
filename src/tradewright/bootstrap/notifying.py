"""Who is told what happens, by the configuration."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tradewright.domain.errors import InvalidValue

if TYPE_CHECKING:
    from tradewright.adapters.storage.sql.database import Database
    from tradewright.bootstrap.config.tree import Notifications
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.ports.clock import Clock
    from tradewright.ports.notify import Channel, Outbox
    from tradewright.services.desk.desk import Desk
    from tradewright.services.notifications.chat_desk import ChatDesk
    from tradewright.services.notifications.notifier import Notifier

__all__ = ["channels_of", "chat_desk_of", "chats_of", "notifier_of", "outbox_of"]

TELEGRAM = "telegram"
Decided = Callable[[str, str, str], Awaitable[None]]


def outbox_of(database: Database) -> Outbox:
    """Where messages wait."""
    from tradewright.adapters.storage.sql.outbox import SqlOutbox

    return SqlOutbox(database)


def chats_of(wanted: Notifications) -> tuple[str, ...]:
    """The chats that are told, and answered."""
    return tuple(part.strip() for part in (wanted.telegram_chat_id or "").split(",") if part.strip())


def channels_of(wanted: Notifications) -> tuple[Channel, ...]:
    """Every channel of the configuration; Telegram first where it is enabled.

    Raises:
        InvalidValue: an address is none, a name is given twice, or Telegram is enabled without a bot or a chat.
    """
    from tradewright.adapters.notify.apprise_channel import AppriseChannel

    found: list[Channel] = []
    if wanted.telegram_enabled:
        token, chats = wanted.telegram_bot_token, chats_of(wanted)
        if token is None or not chats:
            allowed = "false, or notifications.telegram_bot_token and notifications.telegram_chat_id beside it"
            raise InvalidValue("notifications.telegram_enabled", True, allowed)
        address = f"tgram://{token.get_secret_value()}/{'/'.join(chats)}/?format=text"
        found.append(AppriseChannel(TELEGRAM, address, wanted.telegram_language))
    for one in wanted.channels:
        if any(one.name == other.name for other in found):
            raise InvalidValue("notifications.channels.name", one.name, "each name once")
        found.append(AppriseChannel(one.name, one.url.get_secret_value(), one.language))
    return tuple(found)


def notifier_of(configured: Configured, outbox: Outbox, clock: Clock) -> Notifier:
    """What tells people.

    Raises:
        InvalidValue: see `channels_of`.
    """
    from tradewright.services.notifications.notifier import Notifier

    wanted = configured.tree.notifications
    channels = channels_of(wanted) if wanted.telegram_enabled or wanted.channels else ()
    return Notifier(channels, outbox, clock, lambda: uuid.uuid4().hex, wanted.most_a_minute)


@asynccontextmanager
async def chat_desk_of(configured: Configured, desk: Desk, decided: Decided, clock: Clock) -> AsyncIterator[ChatDesk]:
    """The bot that answers in Telegram.

    Args:
        configured: with Telegram enabled.
        desk: that is asked.
        decided: see `services.desk.chatting`.
        clock: to wait by.
    """
    import httpx2

    from tradewright.adapters.notify.telegram import TelegramBot
    from tradewright.services.desk.chatting import DeskInChat
    from tradewright.services.notifications.chat_desk import ChatDesk

    wanted = configured.tree.notifications
    assert wanted.telegram_bot_token is not None
    async with httpx2.AsyncClient() as client:
        bot = TelegramBot(wanted.telegram_bot_token.get_secret_value(), client)
        seen = DeskInChat(desk, decided, confirms_live=wanted.telegram_confirms_live)
        yield ChatDesk(bot, seen, chats_of(wanted), wanted.telegram_language, clock)
