"""`tradewright run` where orders lie at a venue: the practice exchange, or with `--live` a real one."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tradewright.bootstrap.auditing import Auditor
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.bootstrap.paper import PaperWish
    from tradewright.bootstrap.venue_trading import VenueWish
    from tradewright.cli.live_view import LiveView
    from tradewright.domain.mode import Mode
    from tradewright.services.live.session import LiveSession
    from tradewright.services.live.terms import Watcher

    Follow = Callable[[Mode], AbstractAsyncContextManager[Callable[[str], None]]]

__all__ = ["run_at_venue"]


def run_at_venue(
    configured: Configured,
    paper: PaperWish,
    care: tuple[bool, bool | None, str | None],
    follow: Follow,
    *,
    as_json: bool,
) -> None:
    """Trade until it is over, and keep what came of it.

    Args:
        configured: what is configured.
        paper: what is to be traded.
        care: whether with money; whether a person confirms what opens; the policy about positions. None: as configured.
        follow: lets a session go by the configuration, in a mode.
        as_json: print lines of JSON.

    Raises:
        NotPermitted: with money, and a condition of live trading is not met.
    """
    from tradewright.bootstrap.settings import settings_of
    from tradewright.bootstrap.venue_trading import PRACTICE_KEYS, VenueWish, live_trading
    from tradewright.domain.errors import InvalidValue
    from tradewright.services.pending import Confirming

    is_live, is_on, policy = care
    if not is_live and paper.reach.exchange != "practice":
        raise InvalidValue("--exchange", paper.reach.exchange, "practice with --at-venue; see: tradewright live status")
    tree = configured.tree
    confirming = Confirming(tree.trading.confirm_orders if is_on is None else is_on, tree.trading.confirm_ttl_s)
    key, secret = tree.venue.api_key, tree.venue.api_secret
    keys = (key.get_secret_value(), secret.get_secret_value()) if key and secret else PRACTICE_KEYS
    given: Any = {} if policy is None else {"policy": policy}
    wish = VenueWish(paper, confirming, replace(tree.at_venue, **given), keys)
    live = live_trading(settings_of(configured))
    views: list[LiveView] = []

    def viewed(name: str) -> LiveView:
        from tradewright.cli.live_view import LiveView

        views.append(LiveView(name, as_json=as_json))
        return views[0]

    own = asyncio.run((_with_money if is_live else _in_simulation)(configured, wish, viewed, follow))
    views[0].ended(own, live.keep(own) if own.own.steps else None)


async def _in_simulation(configured: Configured, wish: VenueWish, viewed: Any, follow: Follow) -> LiveSession:
    from tradewright.bootstrap.auditing import auditing
    from tradewright.bootstrap.booking import booking
    from tradewright.bootstrap.database import sim_sessions
    from tradewright.bootstrap.practice_place import practice_place
    from tradewright.bootstrap.settings import settings_of
    from tradewright.bootstrap.venue_trading import live_trading, trade_at_venue

    settings = settings_of(configured)
    async with (
        sim_sessions(settings) as sessions,
        auditing(settings) as auditor,
        booking(settings, "simulation") as booker,
        practice_place(sessions, wish) as place,
        follow("simulation") as follows,
    ):
        told = _told(auditor, follows, lambda name: booker.watching(name, "simulation", viewed(name)))
        return (await trade_at_venue(live_trading(settings), place, wish, told))[1]


async def _with_money(configured: Configured, wish: VenueWish, viewed: Any, follow: Follow) -> LiveSession:
    from tradewright.bootstrap.auditing import auditing
    from tradewright.bootstrap.booking import booking
    from tradewright.bootstrap.database import live_sessions
    from tradewright.bootstrap.live_place import live_place
    from tradewright.bootstrap.permits import led_words, permit_for
    from tradewright.bootstrap.settings import settings_of
    from tradewright.bootstrap.venue_trading import live_trading, trade_at_venue
    from tradewright.bootstrap.venues import led_elsewhere

    permit, settings = permit_for(configured, wish.paper.reach.exchange), settings_of(configured)
    if led := led_elsewhere(wish.paper.reach):
        sys.stderr.write(f"{led_words(led)}\n")
    async with (
        live_sessions(settings) as sessions,
        auditing(settings) as auditor,
        booking(settings, "live") as booker,
        live_place(permit, sessions, wish) as place,
        follow("live") as follows,
    ):
        told = _told(auditor, follows, lambda name: booker.watching(name, "live", viewed(name)))
        return (await trade_at_venue(live_trading(settings), place, wish, told))[1]


def _told(
    auditor: Auditor, follows: Callable[[str], None], viewed: Callable[[str], Watcher]
) -> Callable[[str], Watcher]:
    from tradewright.bootstrap.database_care import user_name

    def told(name: str) -> Watcher:
        auditor.opened(name, user_name())
        follows(name)
        return auditor.watching(name, viewed(name))

    return told
