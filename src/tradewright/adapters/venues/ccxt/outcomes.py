"""What errors of CCXT mean for a request that changes something: refused, unknown, or an accident."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from tradewright.adapters.venues.binance.house_rules import NOT_DONE, NOT_KNOWN
from tradewright.domain.enums import Code
from tradewright.domain.errors import VenueError, VenueRefusal, VenueUnavailable
from tradewright.domain.orders import NewOrder, Outcome, Rejected, Unknown
from tradewright.domain.venue_codes import code_of

__all__ = ["outcome_of", "raise_read", "words_of"]

_QUERY = re.compile(r"\?\S*")
_STATUS = re.compile(r" (\d{3}) ")
_NUMBER = re.compile(r'"code"\s*:\s*"?(-\d{4})"?')
_SHUT_OUT = (401, 403, 451)
_LONGEST = 300


def words_of(error: Exception) -> str:
    """What an error says, in one line, without queries: they hold keys and signatures.

    Example:
        >>> words_of(ValueError("kraken GET https://x/0/Orders?key=abc&sig=d failed"))
        'ValueError: kraken GET https://x/0/Orders failed'
    """
    text = " ".join(_QUERY.sub("", str(error)).split())
    return f"{type(error).__name__}: {text}"[:_LONGEST]


async def outcome_of(
    ask: Callable[[], Awaitable[Outcome]], order: NewOrder | None = None, final_at: Callable[[], int] = lambda: 0
) -> Outcome:
    """What became of a request.

    A refusal is what the library names as one. What it has no name for is unknown, not refused: the venue may have
    done it and said so in words that nobody has read yet.

    Args:
        ask: sends it, and reads the answer.
        order: that is placed, for the names of refusals.
        final_at: see `Unknown`.

    Raises:
        VenueRefusal: the venue does not take our key, or shuts us out.
    """
    import ccxt  # noqa: PLC0415 - heavy

    try:
        return await ask()
    except (ccxt.AuthenticationError, ccxt.NetworkError) as error:
        _raise_if_shut_out(error)
        return _refused(error, order) or Unknown(words_of(error), final_at())
    except ccxt.BaseError as error:
        return _refused(error, order) or Unknown(words_of(error), final_at())
    except (VenueError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return Unknown(f"it was answered, and the answer cannot be read: {words_of(error)}", final_at())


def _refused(error: Exception, order: NewOrder | None) -> Rejected | None:
    import ccxt  # noqa: PLC0415 - heavy

    own = _binance_number(error)
    busy = isinstance(error, ccxt.RateLimitExceeded | ccxt.DDoSProtection | ccxt.InvalidNonce) or own in NOT_DONE
    if busy:
        return Rejected(words_of(error), Code.VENUE_BUSY, _number(error))
    if isinstance(error, ccxt.NotSupported):
        return Rejected(words_of(error), was_sent=False)
    # Binance's own number is a refusal even where the library has no name for it.
    is_named = type(error) is not ccxt.ExchangeError or (own is not None and own not in NOT_KNOWN)
    if isinstance(error, ccxt.ExchangeError) and is_named:
        return Rejected(words_of(error), _code(error, order), _number(error))
    return None


def _binance_number(error: Exception) -> int | None:
    found = _NUMBER.search(str(error)) if str(error).startswith("binance") else None
    return int(found.group(1)) if found else None


def raise_read(venue: str, error: Exception) -> NoReturn:
    """An error of the library while something was read, as one of ours.

    Raises:
        VenueRefusal: the venue refused.
        VenueUnavailable: it could not be asked, or answered something else.
    """
    import ccxt  # noqa: PLC0415 - heavy

    text = f"{venue}: {words_of(error)}"
    if isinstance(error, ccxt.AuthenticationError):
        raise VenueRefusal(text, 401) from None
    if isinstance(error, ccxt.ExchangeError) and type(error) is not ccxt.ExchangeError:
        raise VenueRefusal(text) from None
    raise VenueUnavailable(text) from None


def _raise_if_shut_out(error: Exception) -> None:
    import ccxt  # noqa: PLC0415 - heavy

    found = _STATUS.search(_QUERY.sub("", str(error)))
    status = int(found.group(1)) if found else 0
    if isinstance(error, ccxt.AuthenticationError):
        raise VenueRefusal(words_of(error), status or 401) from None
    # Forbidden, and "not from your country", look as if they passed; they do not.
    if status in _SHUT_OUT:
        raise VenueRefusal(words_of(error), status) from None


def _number(error: Exception) -> str:
    found = _NUMBER.search(str(error))
    return found.group(1) if found else type(error).__name__


def _code(error: Any, order: NewOrder | None) -> Code | None:
    import ccxt  # noqa: PLC0415 - heavy

    own = _binance_number(error)
    if own is not None and (code := code_of(own)):
        return code
    if isinstance(error, ccxt.OrderImmediatelyFillable | ccxt.OrderNotFillable) and order is not None:
        by_force = {"gtx": Code.POST_ONLY_WOULD_TAKE, "fok": Code.FOK_NOT_WHOLE, "ioc": Code.IOC_EXPIRED}
        return by_force.get(order.time_in_force, Code.WOULD_TRIGGER_AT_ONCE if order.is_conditional else None)
    named = {
        ccxt.InsufficientFunds: Code.MARGIN_INSUFFICIENT, ccxt.OrderNotFound: Code.ORDER_UNKNOWN,
        ccxt.DuplicateOrderId: Code.TAG_IN_USE,
    }  # fmt: skip
    return next((code for kind, code in named.items() if isinstance(error, kind)), None)
