"""Answers to requests with an idempotency key, in both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tradewright.adapters.storage.sql.address import address_of
from tradewright.adapters.storage.sql.answers import SqlAnswers
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.schema import ready
from tradewright.ports.answers import Asked, KeptAnswer

ASKED = Asked("ada", "key", "digest", "run", 100)


def test_a_request_is_put_down_once_and_for_a_while(database_address):
    """The first may go on; the next is told what is known, until it is too old; others have their own keys."""

    async def act(answers):
        assert await answers.begin(ASKED, 50) is None
        assert KeptAnswer(ASKED, None, {}, None) == await answers.begin(replace(ASKED, request="other", ts=110), 50)
        await answers.end(ASKED, 201, {"etag": "1"}, "{}")
        assert KeptAnswer(ASKED, 201, {"etag": "1"}, "{}") == await answers.begin(replace(ASKED, ts=120), 50)
        assert await answers.begin(replace(ASKED, caller="eve"), 50) is None
        assert await answers.begin(replace(ASKED, ts=200), 50) is None
        await answers.forget(ASKED)
        assert await answers.begin(replace(ASKED, ts=201), 50) is None

    async def whole():
        async with Database(address_of(database_address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            await act(SqlAnswers(database))

    asyncio.run(whole())


def test_of_many_at_once_one_goes_on(database_address):
    """Requests that come together with one key are done once."""

    async def whole():
        async with Database(address_of(database_address, "TRADEWRIGHT_DATABASE_URL")) as database:
            await ready(database)
            answers = SqlAnswers(database)
            found = await asyncio.gather(*(answers.begin(ASKED, 50) for _ in range(8)))
            assert 1 == found.count(None)

    asyncio.run(whole())
