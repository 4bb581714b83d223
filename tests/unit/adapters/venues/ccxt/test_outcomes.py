"""Which errors of the library mean refused, which unknown, and which are accidents."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import ccxt
import pytest

from tradewright.adapters.venues.ccxt.outcomes import outcome_of, raise_read, words_of
from tradewright.domain.enums import Code
from tradewright.domain.errors import VenueError, VenueRefusal, VenueUnavailable
from tradewright.domain.orders import NewOrder, Outcome, Rejected, Unknown

LIMIT = NewOrder("a", "BTC/USDT", "buy", Decimal(1), "limit", Decimal(5))
POST_ONLY = NewOrder("a", "BTC/USDT", "buy", Decimal(1), "limit", Decimal(5), time_in_force="gtx")
STOP = NewOrder("a", "BTC/USDT", "buy", Decimal(1), "stop", trigger=Decimal(5))


def _outcome(error: Exception, order: NewOrder | None = LIMIT) -> Outcome:
    async def ask() -> Outcome:
        raise error

    return asyncio.run(outcome_of(ask, order, lambda: 7))


@pytest.mark.parametrize(
    ("error", "order", "code"),
    [
        (ccxt.InsufficientFunds("kraken no"), LIMIT, Code.MARGIN_INSUFFICIENT),
        (ccxt.OrderNotFound("kraken no"), None, Code.ORDER_UNKNOWN),
        (ccxt.DuplicateOrderId("kraken no"), LIMIT, Code.TAG_IN_USE),
        (ccxt.OrderImmediatelyFillable("kraken no"), POST_ONLY, Code.POST_ONLY_WOULD_TAKE),
        (ccxt.OrderImmediatelyFillable("kraken no"), STOP, Code.WOULD_TRIGGER_AT_ONCE),
        (ccxt.InvalidOrder('binanceusdm {"code":-4164,"msg":"too small"}'), LIMIT, Code.NOTIONAL_BELOW_MINIMUM),
        (ccxt.ExchangeError('binanceusdm {"code":-4161,"msg":"isolated"}'), LIMIT, None),
        (ccxt.BadRequest("kraken no"), LIMIT, None),
        (ccxt.RateLimitExceeded("kraken 429"), LIMIT, Code.VENUE_BUSY),
        (ccxt.DDoSProtection("binance 418"), LIMIT, Code.VENUE_BUSY),
        (ccxt.InvalidNonce("kraken nonce"), LIMIT, Code.VENUE_BUSY),
        (ccxt.OperationFailed('binance {"code":-1008,"msg":"busy"}'), LIMIT, Code.VENUE_BUSY),
    ],
)
def test_what_was_surely_not_done_is_a_refusal(error: Exception, order: NewOrder | None, code: Code | None) -> None:
    """Refusals that the library names, and those whose number Binance vouches for."""
    outcome = _outcome(error, order)
    assert isinstance(outcome, Rejected)
    assert code == outcome.code


@pytest.mark.parametrize(
    "error",
    [
        ccxt.RequestTimeout("kraken POST https://x"), ccxt.ExchangeNotAvailable("kraken POST https://x"),
        ccxt.ExchangeNotAvailable("kraken POST https://x 502 Bad Gateway"), ccxt.OnMaintenance("kraken"),
        ccxt.NetworkError("kraken"), ccxt.BadResponse("kraken"), ccxt.NullResponse("kraken"), ccxt.OperationFailed("x"),
        ccxt.ExchangeError("kraken EGeneral:Something new"),
        ccxt.ExchangeError('binance {"code":-1007,"msg":"timeout"}'),
        KeyError("id"), TypeError("none"), VenueError("no id"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_what_may_have_been_done_is_unknown(error: Exception) -> None:
    """No answer, an answer that the library has no name for, or one that it stumbles over: ask, do not send again."""
    outcome = _outcome(error)
    assert isinstance(outcome, Unknown)
    assert 7 == outcome.final_at


@pytest.mark.parametrize(
    "error",
    [
        ccxt.AuthenticationError("kraken EAPI:Invalid key"), ccxt.PermissionDenied("kraken"),
        ccxt.ExchangeNotAvailable("binance POST https://api.binance.com/x 451 Unavailable For Legal Reasons"),
        ccxt.ExchangeNotAvailable("binance POST https://api.binance.com/x 403 Forbidden"),
    ],
)  # fmt: skip
def test_a_closed_door_is_an_accident(error: Exception) -> None:
    """A refused key, 403 and 451 raise; the library calls the latter two passing, and they are not."""
    with pytest.raises(VenueRefusal):
        _outcome(error)


def test_what_the_library_cannot_send_was_not_sent() -> None:
    """A method that an exchange lacks is a refusal before sending."""
    outcome = _outcome(ccxt.NotSupported("kraken editOrder() is not supported yet"))
    assert isinstance(outcome, Rejected)
    assert not outcome.was_sent


def test_reads_raise_ours() -> None:
    """A read that fails says where, and whether it was refused or could not be asked."""
    refusals, others = (ccxt.BadSymbol, ccxt.AuthenticationError), (ccxt.RequestTimeout, ccxt.BadResponse)
    kinds = dict.fromkeys(refusals, VenueRefusal) | dict.fromkeys(others, VenueUnavailable)
    for error, kind in kinds.items():
        with pytest.raises(kind, match="okx"):
            raise_read("okx", error("no"))


def test_words_hold_no_query() -> None:
    """Keys and signatures travel in queries: words never show one."""
    error: Any = ccxt.RequestTimeout("binance GET https://x/y?apiKey=abc&signature=d0d0 503 Unavailable")
    assert "RequestTimeout: binance GET https://x/y 503 Unavailable" == words_of(error)
