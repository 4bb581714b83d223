"""The practice exchange, with the world's clock and the stored candles that it may play again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.wiring import market_data, now_ns
from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import FillSpec, LimitFillName
from tradewright.domain.timeframe import SECOND_NS, Timeframe

if TYPE_CHECKING:
    from tradewright.adapters.venues.practice.exchange import House
    from tradewright.adapters.venues.practice.listing import Listing
    from tradewright.adapters.venues.practice.rates import Limits
    from tradewright.adapters.venues.practice.reels import Reel
    from tradewright.adapters.venues.practice.server import Server
    from tradewright.adapters.venues.practice.setup import Account
    from tradewright.adapters.venues.practice.sources import BarSource
    from tradewright.bootstrap.settings import Settings

__all__ = ["PracticeWish", "house_of", "practice_exchange", "run_server", "seats_of"]

_MINUTE_NS = 60 * SECOND_NS
_BOUNDS = (
    ("spread", 0, 10_000),
    ("history", 1, 365),
    ("seed", 0, 2**31),
    ("depth", 0.0, 1e12),
    ("levels", 1, 2_000),
    ("recovery", 0.0, 86_400.0),
    ("correlation", 0.0, 0.99),
    ("basis", 0.0, 100.0),
    ("socket_hours", 0.001, 24.0),
    ("weight_limit", 0, 10**9),
    ("order_limit", 0, 10**9),
)
_LIMIT_FILLS: dict[str, LimitFillName] = {"queue": "through", "through": "through", "touch": "touch"}
_FORM = "KEY:SECRET:BALANCE, such as key:secret:10000"
_MOST = 1e12
_ORDINARY = ("BTCUSDT", "ETHUSDT")
_NO_LIMIT = 10**9
_SPOT_SHARE = 2.5
"""Spot allows so much more weight than futures."""


@dataclass(frozen=True, slots=True)
class PracticeWish:
    """What a user asks of a practice exchange; texts as on the command line.

    Args:
        symbols: `BTCUSDT,ETHUSDT`; None: these two, and of a recording all that it holds.
        accounts: each `KEY:SECRET:BALANCE`.
        seed: of everything that is drawn.
        speed: of its time.
        start: of its time, UTC ns; None: now, or of a replay the first candle.
        end: of the candles that are played again, UTC ns.
        history: days of candles before the start.
        replay: venue whose stored candles are played again, or a file: a recording of raw messages, or a table of
            trades; None draws a market.
        tick_size: price step of every symbol, decimal text; None: the contract's own.
        lot_size: quantity step, likewise.
        timeframe: of those candles.
        course: `path` or `candle`.
        spread: between bid and ask, ticks.
        depth: quote at the best price of each side; 0 shows plenty, and knows no limit.
        limit_fill: as in a backtest; or `queue`: at its price too, once nobody stands before it.
        levels: of a side of the book; 1 shows the best price alone.
        recovery: after so many seconds what orders took from the book is there again.
        correlation: of any two drawn markets.
        basis: how far contracts of drawn markets are from their index at most, basis points.
        socket_hours: life of a WebSocket.
        weight_limit: of an address in a minute; 0 is none.
        order_limit: of an account in ten seconds, and four times that in a minute; 0 is none.
        variants: of what the venue is said to do, see `read_variants`.
        legacy: whether WebSocket paths without a category exist.
        scenario: file of faults.
        log: file for requests.
        folder: in which the exchange is kept from one run to the next.

    Raises:
        InvalidValue: a field has a value that is not allowed.
    """

    symbols: str | None
    accounts: tuple[str, ...]
    seed: int
    speed: float
    start: int | None
    end: int | None
    history: int
    replay: str | None
    tick_size: str | None
    lot_size: str | None
    timeframe: str
    course: str
    spread: int
    depth: float
    limit_fill: str
    levels: int
    recovery: float
    correlation: float
    basis: float
    socket_hours: float
    weight_limit: int
    order_limit: int
    variants: tuple[str, ...]
    legacy: bool
    scenario: Path | None
    log: Path | None
    folder: Path | None

    def __post_init__(self) -> None:
        if self.course not in ("path", "candle"):
            raise InvalidValue("--course", self.course, "path or candle")
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise InvalidValue(f"--{name.replace('_', '-')}", value, f"a number from {low:g} to {high:g}")


def practice_exchange(settings: Settings, wish: PracticeWish) -> Server:
    """Make an exchange; it runs where `run_server` runs it.

    Raises:
        InvalidValue: an option has a value that is not allowed.
        DataError: candles are to be played again that are not stored.
    """
    from tradewright.adapters.venues.practice.keeping import kept_head
    from tradewright.adapters.venues.practice.setup import Setup, build

    accounts = seats_of(wish)
    head = kept_head(wish.folder) if wish.folder else None
    source, listings, start = _market(settings, wish, head["source_start"] if head else None)
    return build(
        Setup(
            listings=listings,
            source=source,
            start=start,
            speed=wish.speed,
            seed=wish.seed,
            accounts=accounts,
            house=house_of(wish),
            socket_life=int(wish.socket_hours * 3_600_000),
            legacy=wish.legacy,
            scenario=wish.scenario,
            log=wish.log,
            folder=wish.folder,
        ),
        time.monotonic_ns,
    )


def seats_of(wish: PracticeWish) -> tuple[Account, ...]:
    """The accounts that are there from the start.

    Raises:
        InvalidValue: one is not `KEY:SECRET:BALANCE`.
    """
    return tuple(map(_account, wish.accounts))


def house_of(wish: PracticeWish) -> House:
    """The rules of the house.

    Raises:
        InvalidValue: an option has a value that is not allowed.
    """
    from tradewright.adapters.venues.practice.course import Course
    from tradewright.adapters.venues.practice.exchange import House
    from tradewright.adapters.venues.practice.variants import read_variants

    if wish.limit_fill not in _LIMIT_FILLS:
        raise InvalidValue("--limit-fill", wish.limit_fill, f"one of {', '.join(_LIMIT_FILLS)}")
    fills = FillSpec(limit_fill=_LIMIT_FILLS[wish.limit_fill])
    return House(
        spread=wish.spread,
        course=Course(wish.course),
        limit_fill=fills.limit_fill,
        limits=_limits(wish),
        levels=wish.levels,
        recovery=wish.recovery,
        queues=wish.limit_fill == "queue",
        seed=wish.seed,
        basis=wish.basis if wish.replay is None else 0.0,
        variants=read_variants(wish.variants),
    )


def _limits(wish: PracticeWish) -> Limits:
    from tradewright.adapters.venues.practice.rates import Limits
    from tradewright.adapters.venues.practice.variants import NO_RETRY_AFTER

    weight, orders = wish.weight_limit or _NO_LIMIT, wish.order_limit or _NO_LIMIT
    spot = _SPOT_SHARE * weight
    tells_wait = NO_RETRY_AFTER not in wish.variants
    return Limits(
        weight=weight, orders_minute=4 * orders, orders_10s=orders, tells_wait=tells_wait, spot_weight=int(spot)
    )


def _account(text: str) -> Account:
    from tradewright.adapters.venues.practice.setup import Account

    try:
        key, secret, balance = text.split(":")
        amount = float(balance)
    except ValueError:
        raise InvalidValue("--account", text, _FORM) from None
    if not key or not secret or not 0.0 <= amount <= _MOST:
        raise InvalidValue("--account", text, _FORM)
    return Account(key, secret, amount)


def _market(settings: Settings, wish: PracticeWish, begun: int | None) -> tuple[BarSource | Reel, list[Listing], int]:
    from tradewright.adapters.venues.practice.sources import Synthetic

    if wish.replay is not None and Path(wish.replay).suffix:
        return _recorded(wish, Path(wish.replay))
    listings = [_listing(wish, symbol) for symbol in _symbols(wish) or _ORDINARY]
    if wish.replay is not None:
        return _replay(settings, wish, listings)
    start = wish.start if wish.start is not None else now_ns()
    if begun is not None and (wish.start is not None or wish.speed != 1.0):
        start = begun  # a time of its own goes on where it stood, which is later
    origin = begun if begun is not None else start // _MINUTE_NS * _MINUTE_NS
    source = Synthetic(listings, origin, wish.seed, wish.history * 1_440, wish.correlation)
    return source, listings, start


def _symbols(wish: PracticeWish) -> list[str]:
    if wish.symbols is None:
        return []
    symbols = [symbol.strip() for symbol in wish.symbols.split(",")]
    if len(set(symbols)) != len(symbols):
        raise InvalidValue("--symbols", wish.symbols, "each symbol once")
    return symbols


def _listing(wish: PracticeWish, symbol: str) -> Listing:
    from tradewright.adapters.venues.practice.listing import listing_of

    listing = listing_of(symbol, depth=wish.depth)
    own = listing.instrument
    lot = wish.lot_size or own.lot_size
    least = float(lot) if wish.lot_size else own.min_quantity
    changed = replace(own, tick_size=wish.tick_size or own.tick_size, lot_size=lot, min_quantity=least)
    return replace(listing, instrument=changed)


def _recorded(wish: PracticeWish, path: Path) -> tuple[Reel, list[Listing], int]:
    from tradewright.adapters.storage.trade_files import read_trades
    from tradewright.adapters.venues.practice.reels import read_reel, reel_of_trades

    symbols = _symbols(wish)
    if ".jsonl" in path.suffixes[-2:]:
        reel = read_reel(path, partial(_listing, wish), symbols or None)
    elif len(symbols) != 1:
        raise InvalidValue("--symbols", wish.symbols or "", "the one symbol of the trades in the file")
    else:
        listing = _listing(wish, symbols[0])
        reel = reel_of_trades(listing, read_trades(path, listing.instrument))
    return reel, list(reel.listings), reel.start


def _replay(settings: Settings, wish: PracticeWish, listings: list[Listing]) -> tuple[BarSource, list[Listing], int]:
    from tradewright.adapters.venues.practice.sources import Candles, priced

    timeframe, data = Timeframe.parse(wish.timeframe, "--timeframe"), market_data(settings)
    if timeframe.ns < _MINUTE_NS:
        raise InvalidValue("--timeframe", wish.timeframe, "a minute or more")
    venue = wish.replay or ""
    loaded = [data.load(venue, f"{one.base}/USDT:USDT", timeframe, wish.start, wish.end) for one in listings]
    traded = [replace(one, instrument=bars.instrument) for one, bars in zip(listings, loaded, strict=True)]
    source = Candles(traded, [one.bars for one in loaded], timeframe)
    return source, priced(traded, source), source.start


def run_server(
    server: Server, port: int, ready: Callable[[list[int]], None], tls: tuple[int, Path, Path] | None = None
) -> None:
    """Serve on loopback until somebody interrupts.

    Args:
        server: made by `practice_exchange`.
        port: of the loopback address; 0 takes one that is free.
        ready: told the ports, when the exchange can be reached.
        tls: a second port, its certificate and the key to that; None for none.

    Raises:
        InvalidValue: a port is taken, or the certificate cannot be used.
    """
    import asyncio

    from tradewright.adapters.venues.practice.server import Tls, serve

    if tls is not None:
        _check_certificate(*tls[1:])
    try:
        asyncio.run(serve(server, port, ready, Tls(*tls) if tls else None))
    except OSError as error:
        taken = port if tls is None else f"{port}, {tls[0]}"
        raise InvalidValue("--port", taken, f"ports that are free ({error.strerror})") from None


def _check_certificate(cert: Path, key: Path) -> None:
    import ssl

    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except OSError as error:
        raise InvalidValue(
            "--tls-cert", f"{cert}, {key}", f"a certificate and its key, PEM ({error.strerror})"
        ) from None
