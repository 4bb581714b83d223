"""Messages, wishes and rules on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.outbox import SqlOutbox
from tradewright.adapters.storage.sql.schema import ready
from tradewright.domain.notices import AlertRule, Sending, Wish


def test_what_is_put_comes_back(database_address):
    """A message is replaced by its id; what waits is told oldest first, what is newest first; rules by name."""
    one = Sending("b", "chat", "fill", "Filled", "buy", 20)
    two = Sending("a", "mail", "fill", "Filled", "sell", 10)
    rule = AlertRule("1", "Deep", "equity", "drawdown", ">", 0.1)

    async def work():
        async with Database(address_of(database_address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            own = SqlOutbox(database)
            await own.put([])
            await own.put([one, two])
            assert [two, one] == await own.waiting()
            sent = replace(two, state="sent", tries=1)
            await own.put([sent])
            assert [one] == await own.waiting()
            assert [one, sent] == await own.latest(5)
            assert [one] == await own.latest(1)
            await own.wish([Wish("fill", "chat", is_on=True)])
            await own.wish([Wish("fill", "chat", is_on=False), Wish("signal", "chat", is_on=True)])
            assert {("fill", "chat"): False, ("signal", "chat"): True} == await own.wishes()
            await own.put_rule(rule)
            await own.put_rule(replace(rule, id="2", name="Deeper", limit=0.2))
            await own.put_rule(replace(rule, limit=0.15))
            assert [("Deep", 0.15), ("Deeper", 0.2)] == [(each.name, each.limit) for each in await own.rules()]
            assert [True, False] == [await own.drop_rule("1"), await own.drop_rule("1")]

    asyncio.run(work())
