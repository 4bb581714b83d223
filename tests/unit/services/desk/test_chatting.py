"""What somebody in a chat is told of deployments, and what they may decide."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.domain.errors import Conflict
from tradewright.services.desk.chatting import DeskInChat


class One:
    """A deployment, as far as a chat sees it."""

    def __init__(self, name, mode):
        self.name, self.mode = name, mode


class Desk:
    """Two deployments with an order each, and one of which nothing was told yet."""

    def __init__(self):
        self.known = [One("paper", "simulation"), One("money", "live"), One("new", "simulation")]
        self.asked = []

    async def chosen(self, mode=None, name=None):
        return [one for one in self.known if name in (None, one.name)]

    async def told(self, one):
        if one.name == "new":
            return {}
        return {
            "status": {"session": one.name, "strategy": "smc", "equity": 100.0, "notes": ["long"]},
            "positions": [{"instrument": "BTC", "quantity": 1}], "pending": [{"order": 7, "side": "buy"}],
        }  # fmt: skip

    async def ask(self, name, record):
        self.asked.append((name, record))


@pytest.fixture
def made():
    """A desk, what is decided at it, and how it is made."""
    desk, decided = Desk(), []

    async def keep(*deed):
        decided.append(deed)

    return desk, decided, lambda **how: DeskInChat(desk, keep, **how)


def test_it_tells_in_few_words_of_all_that_have_told(made):
    """Of each what fits a chat; each row with its deployment's name."""
    _, _, chat = made
    status = asyncio.run(chat().status())
    assert {"session": "paper", "strategy": "smc", "equity": 100.0} == status[0]
    assert ["paper", "money"] == [row["session"] for row in asyncio.run(chat().positions())]
    assert [("paper", 7), ("money", 7)] == [(row["session"], row["order"]) for row in asyncio.run(chat().pending())]


def test_decision_is_a_wish_and_a_deed(made):
    """It is left for the session, and entered in the audit log with who."""
    desk, decided, chat = made
    asyncio.run(chat().decide("paper", 7, "confirm", "telegram ann"))
    assert [("paper", {"kind": "confirm", "order_id": 7, "by": "telegram ann"})] == desk.asked
    assert [("telegram ann", "order.confirm", "paper 7")] == decided


@pytest.mark.parametrize(("verb", "how", "is_done"), [
    ("confirm", {}, False), ("reject", {}, True), ("confirm", {"confirms_live": True}, True),
])  # fmt: skip
def test_order_with_money_is_confirmed_at_the_page_unless_somebody_says_otherwise(made, verb, how, is_done):
    """A chat asks for no one-time code; to drop an order is always allowed."""
    desk, _, chat = made
    if is_done:
        asyncio.run(chat(**how).decide("money", 7, verb, "telegram ann"))
    else:
        with pytest.raises(Conflict, match="confirmed at the page"):
            asyncio.run(chat(**how).decide("money", 7, verb, "telegram ann"))
    assert is_done == bool(desk.asked)


def test_order_that_does_not_wait_is_refused(made):
    """It was decided elsewhere, or never was."""
    desk, _, chat = made
    with pytest.raises(Conflict, match="does not wait any more"):
        asyncio.run(chat().decide("paper", 8, "confirm", "telegram ann"))
    assert [] == desk.asked
