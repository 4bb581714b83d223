"""The bot answers in the allowed chats alone, and an order goes by its button."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.domain.errors import Absent
from tradewright.ports.chat import Heard
from tradewright.services.notifications.chat_desk import ChatDesk

ORDER = {"session": "trend 1", "order": 7, "side": "buy", "quantity": "0.5", "instrument": "BTC/USDT:USDT",
         "price": 20_000.0, "stop_loss": None, "take_profit": 21_000.0, "until": "12:00"}  # fmt: skip


class Bot:
    """Keeps what it is to say."""

    def __init__(self):
        self.said, self.acknowledged = [], []

    async def say(self, chat, text, buttons=()):
        self.said.append((chat, text, list(buttons)))

    async def acknowledge(self, press, text):
        self.acknowledged.append((press, text))


class Desk:
    """One order waits, until somebody decides."""

    def __init__(self):
        self.waits, self.decided = [ORDER], []

    async def status(self):
        return [{"session": "trend 1", "equity": 10_050.0}]

    async def positions(self):
        return []

    async def pending(self):
        return self.waits

    async def decide(self, session, order, verb, by):
        if not self.waits:
            raise Absent(f"order {order} does not wait any more")
        self.waits = []
        self.decided.append((session, order, verb, by))


@pytest.fixture
def talk():
    """What is said to the bot, and what comes of it."""
    bot, desk = Bot(), Desk()
    own = ChatDesk(bot, desk, ["42"], "en", None)

    def say(*heard):
        for one in heard:
            asyncio.run(own.answer(one))
        return bot, desk

    return say


def test_order_that_waits_goes_by_its_button_once(talk):
    """The button carries session and order; who presses second is told that it is over."""
    bot, _ = talk(Heard("42", "ann", "/pending"))
    ((chat, text, buttons),) = bot.said
    assert "42" == chat
    assert "buy 0.5 BTC/USDT:USDT at 20000.0" in text
    assert "stop -" in text
    confirm, reject = buttons
    assert ("Confirm", "Reject") == (confirm.text, reject.text)
    bot, desk = talk(Heard("42", "ann", confirm.data, "p1"), Heard("42", "bob", reject.data, "p2"))
    assert [("trend 1", 7, "confirm", "telegram ann")] == desk.decided
    assert [("p1", "asked to be sent"), ("p2", "order 7 does not wait any more")] == bot.acknowledged


def test_strangers_are_not_answered(talk):
    """Neither a command nor a button from another chat does anything."""
    bot, desk = talk(Heard("43", "eve", "/pending"), Heard("43", "eve", "confirm trend 1 7", "p"))
    assert ([], [], []) == (bot.said, bot.acknowledged, desk.decided)


def test_commands_tell_how_things_stand(talk):
    """An unknown word is answered with those that are known."""
    bot, _ = talk(Heard("42", "ann", "/status@TradeBot"), Heard("42", "ann", "/positions"), Heard("42", "ann", "hello"))
    first, second, third = (text for _, text, _ in bot.said)
    assert "session trend 1, equity 10050.0" == first
    assert "nothing" == second
    assert third.startswith("/status")


@pytest.mark.parametrize("data", ["", "confirm", "sell trend 7", "confirm trend 1 seven", "confirm  7"])
def test_button_that_is_none_of_ours_does_nothing(talk, data):
    """What comes back is not trusted."""
    bot, desk = talk(Heard("42", "ann", data, "p"))
    assert ([], [("p", "?")]) == (desk.decided, bot.acknowledged)
