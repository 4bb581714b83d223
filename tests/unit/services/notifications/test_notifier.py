"""What happens reaches the channels that are to tell it, not too often; what is not sent waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tradewright.bootstrap.clock import WallClock
from tradewright.domain.errors import InvalidValue, StoreError, UnknownName, VenueUnavailable
from tradewright.domain.notices import AlertRule, Sending, Wish
from tradewright.ports.happenings import Telling
from tradewright.services.news import Event, News
from tradewright.services.notifications.notifier import Notifier
from tradewright.testing.memory_desk import MemoryHappenings

BOUGHT = {"side": "buy", "quantity": "0.5", "instrument": "BTC/USDT:USDT", "price": "20000", "fee": "5"}
FILL = Event("fill", {"deployment": "trend", **BOUGHT}, 1)
SIGNAL = Event("signal", {"signal": "long", "instrument": "BTC/USDT:USDT"}, 2)


class Memory:
    """An outbox in memory."""

    def __init__(self):
        self.sendings: dict[str, Sending] = {}
        self.own: dict[tuple[str, str], bool] = {}
        self.made: list[AlertRule] = []
        self.last: int | None = None

    async def put(self, sendings):
        self.sendings |= {one.id: one for one in sendings}

    async def waiting(self):
        return [one for one in self.sendings.values() if one.state == "waiting"]

    async def latest(self, most):
        return list(self.sendings.values())[::-1][:most]

    async def wishes(self):
        return self.own

    async def wish(self, wishes):
        self.own |= {(one.kind, one.channel): one.is_on for one in wishes}

    async def rules(self):
        return self.made

    async def heard(self):
        return self.last

    async def mark_heard(self, number):
        self.last = number


class Ear:
    """A channel that keeps what it is told, or is dead."""

    def __init__(self, name, language="en"):
        self.name, self.language, self.told, self.is_dead = name, language, [], False

    async def send(self, title, text):
        if self.is_dead:
            raise VenueUnavailable(f"channel {self.name}: the message was not taken")
        self.told.append((title, text))


class Clock:
    """Time passes when somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def now_ns(self):
        return int(self.now * 1e9)

    def monotonic(self):
        return self.now

    async def sleep(self, seconds):
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def made():
    """A notifier with an English and a Ukrainian channel."""
    outbox, clock, ears = Memory(), Clock(), (Ear("chat"), Ear("mail", "uk"))
    numbers = iter(range(10_000))
    return Notifier(ears, outbox, clock, lambda: str(next(numbers)), most=3), outbox, clock, ears


async def _until(holds):
    while not holds():  # noqa: ASYNC110 - others take their turns; no time passes
        await asyncio.sleep(0)


async def _send(notifier):
    for name in notifier.channels:
        await notifier.send_waiting(name)


def test_event_is_told_in_each_channels_language(made):
    """A fill is told without being asked; facts stand in their places."""
    notifier, _, _, (chat, mail) = made

    async def work():
        await notifier.hear(FILL)
        await _send(notifier)

    asyncio.run(work())
    assert [("Filled: buy 0.5 BTC/USDT:USDT", "trend: buy 0.5 BTC/USDT:USDT at 20000, fee 5")] == chat.told
    assert [("Виконано: buy 0.5 BTC/USDT:USDT", "trend: buy 0.5 BTC/USDT:USDT за ціною 20000, комісія 5")] == mail.told


def test_matrix_says_who_tells_what(made):
    """Signals are told only where somebody asks for them; a fill is not told where somebody does not want it."""
    notifier, outbox, _, (chat, mail) = made

    async def work():
        await outbox.wish([Wish("signal", "chat", is_on=True), Wish("fill", "mail", is_on=False)])
        await notifier.hear(SIGNAL)
        await notifier.hear(FILL)
        await notifier.hear(Event("price", {}, 3))
        await _send(notifier)

    asyncio.run(work())
    assert ["Signal: long BTC/USDT:USDT", "Filled: buy 0.5 BTC/USDT:USDT"] == [title for title, _ in chat.told]
    assert [] == mail.told


def test_only_states_that_matter_are_told(made):
    """A job that has failed, not one that goes on; an order that waits, not one that was decided on."""
    notifier, _, _, (chat, _) = made

    async def work():
        for state in ("running", "failed", "done"):
            await notifier.hear(Event("job.changed", {"title": "smc on BTC", "state": state}, 1))
        for state in ("waiting", "confirmed"):
            await notifier.hear(Event("pending.changed", {"side": "buy", "instrument": "BTC", "state": state}, 1))
        await _send(notifier)

    asyncio.run(work())
    assert ["Job failed: smc on BTC", "An order waits for you: buy BTC"] == [title for title, _ in chat.told]


def test_dead_channel_delays_only_itself_and_its_messages_wait(made):
    """What could not be sent is kept with the reason, is sent when the channel is back, and is given up at last."""
    notifier, outbox, _, (chat, mail) = made

    async def work():
        chat.is_dead = True
        await notifier.hear(FILL)
        await _send(notifier)
        (waits,) = await outbox.waiting()
        assert ("chat", 1, "channel chat: the message was not taken") == (waits.channel, waits.tries, waits.error)
        assert 1 == len(mail.told)
        chat.is_dead = False
        await _send(notifier)
        assert [] == await outbox.waiting()
        assert 1 == len(chat.told)
        chat.is_dead = True
        await notifier.hear(FILL)
        for _ in range(8):
            await _send(notifier)

    asyncio.run(work())
    assert [("given_up", 8)] == [(one.state, one.tries) for one in outbox.sendings.values() if one.state != "sent"]


def test_too_many_messages_are_gathered_and_urgent_ones_are_not(made):
    """Three a minute; the rest is one message a minute later; an order that waits for a person is told at once."""
    notifier, _, clock, (chat, _) = made

    async def work():
        for _ in range(5):
            await notifier.hear(FILL)
        await notifier.hear(Event("pending.changed", {"side": "buy", "state": "waiting"}, 9))
        await notifier.gather()
        await _send(notifier)
        assert 4 == len(chat.told)
        clock.now += 60
        await notifier.gather()
        await notifier.gather()
        await notifier.hear(FILL)
        await _send(notifier)

    asyncio.run(work())
    titles = [title for title, _ in chat.told]
    assert ["2 more messages", "Filled: buy 0.5 BTC/USDT:USDT"] == titles[4:]
    assert 2 == chat.told[4][1].count("Filled")


def test_rule_of_the_user_is_told_when_it_holds_and_not_again_too_soon(made):
    """Whatever the matrix says, a rule is told, once within its cooling-off."""
    notifier, outbox, clock, (chat, _) = made
    outbox.made.append(AlertRule("a", "Deep water", "equity", "risk.drawdown", ">", 0.1, cooldown_s=60.0))

    async def work():
        for drawdown in (0.05, 0.2, 0.3):
            await notifier.hear(Event("equity", {"risk": {"drawdown": drawdown}}, 1))
        await notifier.hear(Event("equity", {"risk": "none"}, 1))
        clock.now += 60
        await notifier.hear(Event("equity", {"risk": {"drawdown": "0.4"}}, 1))
        await _send(notifier)

    asyncio.run(work())
    told = "risk.drawdown of equity is {}: > 0.1"
    assert [("Deep water", told.format(0.2)), ("Deep water", told.format(0.4))] == chat.told


def test_it_tells_while_it_runs_and_sends_first_what_waited(made):
    """A message that was written before the process ended is sent by the next; then what happens."""
    notifier, outbox, _, (chat, mail) = made
    news = News(MemoryHappenings(), WallClock())

    async def work():
        await outbox.put([Sending("old", "chat", "fill", "Before", "the end", 0)])
        running = asyncio.create_task(notifier.run(news))
        await _until(lambda: news.listeners)
        news.tell("fill", FILL.data)
        await news.look()
        await _until(lambda: mail.told and len(chat.told) == 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 10))
    assert ["Before", "Filled: buy 0.5 BTC/USDT:USDT"] == [title for title, _ in chat.told]


def test_what_happened_while_it_was_away_is_told_with_its_time(made):
    """The next process goes on after the last event that was heard: none is lost, and none is told as new."""
    _, outbox, clock, (chat, _) = made
    log, ids = MemoryHappenings(), iter(range(1_000))

    async def life(act):
        news = News(log, clock)
        await news.begin()
        own = Notifier((chat,), outbox, clock, lambda: f"n{next(ids)}", most=3)
        running = asyncio.create_task(own.run(news))
        await act(news, own)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def hears(news, own):
        await _until(lambda: news.listeners)
        await log.add([Telling("fill", {"deployment": "trend", **BOUGHT}, clock.now_ns())])
        await news.look()
        await _until(lambda: chat.told)
        await own.mark()

    async def catches_up(_, own):
        await _until(lambda: len(chat.told) >= 3)
        await own.mark()

    async def work():
        clock.now = 1_700_000_000.0
        await life(hears)
        for n in range(2):
            await log.add([Telling("fill", {"deployment": "trend", **BOUGHT}, clock.now_ns() + n * 10**9)])
        clock.now += 3_600.0
        await life(catches_up)
        assert 3 == outbox.last

    asyncio.run(asyncio.wait_for(work(), 10))
    first, *rest = [title for title, _ in chat.told]
    assert "Filled: buy 0.5 BTC/USDT:USDT" == first
    assert 2 == len(rest)
    assert all(title.startswith("2023-11-14T22:1") and title.endswith(f"Z: {first}") for title in rest)


def test_event_waits_for_a_database_that_is_away(made):
    """It is told when the outbox can be written again; nothing is lost meanwhile."""
    notifier, outbox, clock, (chat, _) = made
    news, put, refused = News(MemoryHappenings(), clock), outbox.put, []

    async def is_away(sendings):
        if len(refused) < 3:
            refused.append(sendings)
            raise StoreError("database x: it is locked by another process for too long; nothing was written")
        await put(sendings)

    async def work():
        outbox.put = is_away
        running = asyncio.create_task(notifier.run(news))
        await _until(lambda: news.listeners)
        news.tell("fill", FILL.data)
        await news.look()
        await _until(lambda: chat.told)
        running.cancel()

    asyncio.run(asyncio.wait_for(work(), 10))
    assert 3 == len(refused)


def test_test_message_is_sent_at_once_or_says_why_not(made):
    """Somebody who tries a channel hears of its failure."""
    notifier, _, _, (chat, _) = made
    asyncio.run(notifier.test("chat"))
    assert [("Tradewright: a test message", "This channel works.")] == chat.told
    chat.is_dead = True
    with pytest.raises(VenueUnavailable):
        asyncio.run(notifier.test("chat"))
    with pytest.raises(UnknownName, match="chta"):
        asyncio.run(notifier.test("chta"))


@pytest.mark.parametrize(("field", "value"), [
    ("name", " "), ("kind", ""), ("figure", "a\x00b"), ("sign", "=>"), ("limit", float("nan")), ("cooldown_s", -1.0),
])  # fmt: skip
def test_rule_that_makes_no_sense_is_refused_by_field(field, value):
    """The field, the value and what is allowed."""
    rule = AlertRule("a", "name", "equity", "drawdown", ">", 0.1)
    with pytest.raises(InvalidValue) as caught:
        replace(rule, **{field: value})
    assert field == caught.value.field
