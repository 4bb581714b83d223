"""Telegram's Bot API, as far as two-way talk needs it: updates by long polling, messages with buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from tradewright.domain.errors import VenueUnavailable
from tradewright.ports.chat import Button, Heard

__all__ = ["TelegramBot"]

_ADDRESS = "https://api.telegram.org"
_POLL_S, _MORE_S = 25, 10.0
_LONGEST = 4_000


class TelegramBot:
    """See `ports.chat.Bot`. The token is part of every address: no error tells one.

    Args:
        token: of the bot.
        client: that sends requests.
        address: of the Bot API.
        poll_s: how long the service holds a request for updates open.
    """

    def __init__(
        self, token: str, client: httpx2.AsyncClient, address: str = _ADDRESS, poll_s: float = _POLL_S
    ) -> None:
        self._base, self._client, self._poll = f"{address.rstrip('/')}/bot{token}", client, poll_s
        self._next = 0

    async def heard(self) -> Sequence[Heard]:
        """Wait for what people say; each is told once."""
        wish = {"offset": self._next, "timeout": self._poll, "allowed_updates": ["message", "callback_query"]}
        found = await self._call("getUpdates", wish)
        updates = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
        if updates:
            self._next = max(int(one.get("update_id", 0)) for one in updates) + 1
        return [heard for one in updates if (heard := _heard(one)) is not None]

    async def say(self, chat: str, text: str, buttons: Sequence[Button] = ()) -> None:
        """Send a message, with buttons below it."""
        body: dict[str, Any] = {"chat_id": chat, "text": text[:_LONGEST], "disable_web_page_preview": True}
        if buttons:
            row = [{"text": one.text, "callback_data": one.data} for one in buttons]
            body["reply_markup"] = {"inline_keyboard": [row]}
        await self._call("sendMessage", body)

    async def acknowledge(self, press: str, text: str) -> None:
        """Answer who pressed a button."""
        await self._call("answerCallbackQuery", {"callback_query_id": press, "text": text[:200]})

    async def _call(self, method: str, body: Mapping[str, Any]) -> Any:
        try:
            answer = await self._client.post(f"{self._base}/{method}", json=body, timeout=self._poll + _MORE_S)
            told = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            # The error's own text has the address, and with it the token.
            raise VenueUnavailable(f"telegram {method}: {type(error).__name__}") from None
        if not isinstance(told, Mapping) or told.get("ok") is not True:
            said = told.get("description", "") if isinstance(told, Mapping) else ""
            raise VenueUnavailable(f"telegram {method}: {answer.status_code} {str(said)[:200]}")
        return told.get("result")


def _heard(update: Mapping[str, Any]) -> Heard | None:
    press = update.get("callback_query")
    message = press.get("message") if isinstance(press, Mapping) else update.get("message")
    if not isinstance(message, Mapping) or not isinstance(message.get("chat"), Mapping):
        return None
    said = press if isinstance(press, Mapping) else message
    person = said.get("from") if isinstance(said.get("from"), Mapping) else {}
    name = str((person or {}).get("username") or (person or {}).get("id") or "somebody")
    chat = str(message["chat"].get("id", ""))
    if isinstance(press, Mapping):
        return Heard(chat, name, str(press.get("data", "")), str(press.get("id", "")))
    return Heard(chat, name, str(message.get("text", "")))
