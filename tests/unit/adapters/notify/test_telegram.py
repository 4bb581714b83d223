"""The bot against a stand-in of the Bot API: what it asks, what it hears, and that no error tells its token."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from tradewright.adapters.notify.telegram import TelegramBot
from tradewright.domain.errors import VenueUnavailable
from tradewright.ports.chat import Button, Heard

GIVEN = "123:canary-Zx9"


def _bot(answer):
    asked = []

    def handle(request):
        asked.append((request.url.path.rsplit("/", 1)[1], json.loads(request.content)))
        return answer(request)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(handle))
    return TelegramBot(GIVEN, client, "http://stand-in"), asked


def _ok(result):
    return lambda _: httpx2.Response(200, json={"ok": True, "result": result})


def test_it_hears_each_message_and_press_once():
    """The next question begins after the last update; what is neither message nor press is passed over."""
    updates = [
        {"update_id": 5, "message": {"chat": {"id": -42}, "from": {"username": "ann", "id": 1}, "text": "/status"}},
        {"update_id": 6, "callback_query": {"id": "p", "from": {"id": 2}, "data": "confirm a 7",
                                            "message": {"chat": {"id": -42}}}},
        {"update_id": 7, "poll": {}},
    ]  # fmt: skip
    bot, asked = _bot(_ok(updates))
    assert [Heard("-42", "ann", "/status"), Heard("-42", "2", "confirm a 7", "p")] == asyncio.run(bot.heard())
    asyncio.run(bot.heard())
    assert [0, 8] == [body["offset"] for _, body in asked]


def test_it_says_with_buttons():
    """As the service wants them."""
    bot, asked = _bot(_ok({}))
    asyncio.run(bot.say("-42", "an order", [Button("Confirm", "confirm a 7")]))
    asyncio.run(bot.acknowledge("p", "done"))
    assert ("sendMessage", "-42", [[{"text": "Confirm", "callback_data": "confirm a 7"}]]) == (
        asked[0][0], asked[0][1]["chat_id"], asked[0][1]["reply_markup"]["inline_keyboard"],
    )  # fmt: skip
    assert ("answerCallbackQuery", {"callback_query_id": "p", "text": "done"}) == asked[1]


def _lost(request):
    raise httpx2.ConnectError(f"no way to {request.url}")


@pytest.mark.parametrize("answer", [
    _lost,
    lambda _: httpx2.Response(502, text="<html>"),
    lambda _: httpx2.Response(200, json=[1]),
    lambda _: httpx2.Response(401, json={"ok": False, "description": "Unauthorized"}),
])  # fmt: skip
def test_no_failure_tells_the_token(answer):
    """It is a part of every address."""
    bot, _ = _bot(answer)
    with pytest.raises(VenueUnavailable) as caught:
        asyncio.run(bot.heard())
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
