"""What deployments hold and have made, over several of them; as they told it last, and as the books have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tradewright.domain.books import Find
from tradewright.domain.deployment import Deployment
from tradewright.domain.mode import Mode
from tradewright.domain.times import parse_time
from tradewright.ports.books import Books, Shelf
from tradewright.services.desk.desk import Desk
from tradewright.services.desk.venue_time import VenueTime
from tradewright.services.moment import Moment

__all__ = ["Book", "Overview", "PageOfBook", "Portfolio", "Wish"]

Plain = Mapping[str, Any]
Book = Literal["trades", "orders", "fills", "signals", "equity"]
_SUMS = ("balance_at_start", "wallet", "equity", "open_profit", "realised", "fees", "funding", "exposure", "day_profit")
_TIMES: dict[Book, str] = {"trades": "ts_entry", "orders": "updated", "fills": "ts", "signals": "ts", "equity": "ts"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Of which deployments something is wanted.

    Args:
        mode: of them.
        name: of one; None is all.
    """

    mode: Mode
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Money over several deployments, quote currency.

    Args:
        sums: of every figure of theirs.
        parts: each with its figures.
    """

    sums: Plain
    parts: Sequence[Plain]


@dataclass(frozen=True, slots=True)
class PageOfBook:
    """Entries, newest first.

    Args:
        entries: as many as were asked for.
        next: where the next page begins: a time, and how many of that time were shown; None at the end.
    """

    entries: Sequence[Any]
    next: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Overview:
    """See the module.

    Args:
        desk: the deployments.
        books: by mode.
        pages: of them, that were read a moment ago.
    """

    desk: Desk
    books: Mapping[Mode, Books[Any]]
    pages: Moment[Sequence[Any]]

    async def told(self, wish: Wish) -> list[tuple[Deployment, Plain]]:
        """Each deployment with the facts that it told last; those that told none are left out.

        Raises:
            Absent: there is none of the name.
        """
        found = [(one, await self.desk.told(one)) for one in await self.desk.chosen(wish.mode, wish.name)]
        return [(one, told) for one, told in found if told]

    async def rows(self, wish: Wish, part: str) -> list[dict[str, Any]]:
        """Rows of a part of the facts, each with its deployment."""
        return [{"deployment": one.name, **row} for one, told in await self.told(wish) for row in told.get(part, ())]

    async def pending(self, wish: Wish, wall: int) -> list[dict[str, Any]]:
        """Orders that wait: each with the seconds that are left at `wall` (UTC ns), and what has become of its price.

        An order is told with `left_s` and `whole_s`, which are seconds of our time however fast the venue's passes;
        `price_now`, None where there is none; and `share_at_risk`, of equity.
        """
        rows = []
        for one, told in await self.told(wish):
            time, equity = VenueTime.of(told), float(told["portfolio"]["equity"])
            for row in told.get("pending", ()):
                since, until = parse_time(row["since"]), parse_time(row["until"])
                share = row["at_risk"] / equity if row["at_risk"] is not None and equity > 0 else None
                rows.append({
                    "deployment": one.name, **row, "left_s": time.left_s(until, wall),
                    "whole_s": time.span_s(since, until), "price_now": told.get("prices", {}).get(row["instrument"]),
                    "share_at_risk": share,
                })  # fmt: skip
        return rows

    async def portfolio(self, wish: Wish) -> Portfolio:
        """Money, in sum and of each."""
        parts = [
            {"deployment": one.name, "session": one.session, "state": one.state, "as_of": told["status"]["last_close"],
             **{name: told["portfolio"].get(name, 0.0) for name in _SUMS}}
            for one, told in await self.told(wish)
        ]  # fmt: skip
        return Portfolio({name: sum(part[name] for part in parts) for name in _SUMS}, parts)

    async def page(self, book: Book, wish: Wish, symbol: str | None, place: tuple[int, int] | None, most: int) -> Any:
        """A page of a book.

        Args:
            book: which.
            wish: whose.
            symbol: of the instrument; None is any.
            place: `next` of the page before.
            most: entries of the page.
        """
        shelf: Shelf[Any, Any] = getattr(self.books[wish.mode], book)
        session = None
        if wish.name is not None:
            session = (await self.desk.chosen(wish.mode, wish.name))[0].session
        until, shown = (None, 0) if place is None else (place[0] + 1, place[1])
        find = Find(session, symbol, until=until, limit=most + shown + 1)
        found = list(await self.pages.of(f"{wish.mode} {book} {find}", lambda: shelf.find(find)))[shown:]
        entries = found[:most]
        if len(found) <= most:
            return PageOfBook(entries, None)
        last = getattr(entries[-1], _TIMES[book])
        same = sum(getattr(one, _TIMES[book]) == last for one in entries)
        return PageOfBook(entries, (last, same + (shown if place is not None and place[0] == last else 0)))
