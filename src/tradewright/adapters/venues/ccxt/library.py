"""CCXT itself: imported when it is needed, made as we need it, and asked through a connection that sends once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession

from tradewright.adapters.venues.transport.sender import Once
from tradewright.domain.errors import UnknownName

__all__ = ["SentOnce", "bare", "elsewhere", "known_exchanges", "make"]

_VERBS = frozenset({"get", "post", "put", "delete", "patch", "head"})
_SETTINGS: dict[str, Any] = {
    "enableRateLimit": True,
    "streaming": {"keepAlive": 10_000},
    "options": {
        "maxRetriesOnFailure": 0,  # it would send orders again too
        "adjustForTimeDifference": True,
        "warnOnFetchOpenOrdersWithoutSymbol": False,
        "fetchCurrencies": False,
        "fetchMargins": False,
    },
}


class SentOnce:
    """A session whose requests go out once; see `transport.sender.Once`.

    Args:
        session: behind it.
    """

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        """What the session has; verbs of HTTP with the guard."""
        found = getattr(self._session, name)
        if name not in _VERBS:
            return found
        return lambda *args, **kwargs: found(*args, middlewares=(Once(),), **kwargs)


def known_exchanges() -> tuple[str, ...]:
    """The names of all exchanges that the library knows."""
    import ccxt  # noqa: PLC0415 - heavy

    return tuple(ccxt.exchanges)


def bare(name: str) -> Any:
    """An exchange to look at: it is never asked anything.

    Raises:
        UnknownName: the library has none of that name.
    """
    return _class(name)()


def elsewhere(name: str, rest: str | None, streams: str | None) -> dict[str, Any]:
    """Changes by which an exchange is asked at other addresses: scheme, host and port are replaced, paths stay.

    Args:
        name: of the library.
        rest: address of its requests; None leaves its own.
        streams: address of its streams; None leaves its own.

    Raises:
        UnknownName: the library has none of that name.
    """
    if rest is None and streams is None:
        return {}
    return {"urls": {"api": _moved(bare(name).urls.get("api", {}), rest, streams)}}


def _moved(urls: Any, rest: str | None, streams: str | None) -> Any:
    if isinstance(urls, dict):
        return {name: _moved(one, rest, streams) for name, one in urls.items()}
    if not isinstance(urls, str):
        return urls
    scheme, _, place = urls.partition("://")
    to = streams if scheme in ("ws", "wss") else rest
    _, slash, path = place.partition("/")
    return urls if to is None else f"{to.rstrip('/')}{slash}{path}"


def make(name: str, keys: Mapping[str, str], changes: Mapping[str, Any]) -> Any:
    """An exchange to trade on.

    Args:
        name: of the library.
        keys: `apiKey`, `secret`, and what else the venue asks for.
        changes: to what the library knows of it, such as its addresses.

    Raises:
        UnknownName: the library has none of that name.
    """
    kind = _class(name)
    options = _SETTINGS["options"] | dict(changes.get("options", {}))
    exchange = kind({**_SETTINGS, **keys, **changes, "options": options})
    # The library looks up Binance's errors by the address that it asks: at another one `InsufficientFunds` and two
    # dozen more would be plain errors.
    linear = exchange.exceptions.get("linear", {}).get("exact")
    if linear and "linear" in _markets(exchange):
        exchange.exceptions["exact"].update(linear)
    return exchange


def _markets(exchange: Any) -> set[str]:
    types = exchange.options.get("fetchMarkets", {})
    return set(types.get("types", ("linear",)) if isinstance(types, dict) else ("linear",))


def _class(name: str) -> Any:
    import ccxt.pro  # noqa: PLC0415 - heavy
    from ccxt import async_support  # noqa: PLC0415 - heavy

    if name not in ccxt.exchanges:
        raise UnknownName("exchange", name, ccxt.exchanges)
    return getattr(ccxt.pro, name) if name in ccxt.pro.exchanges else getattr(async_support, name)
