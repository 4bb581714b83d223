"""What every exchange of the library can do, told without asking anybody."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.adapters.venues.ccxt.abilities import abilities_of, library_abilities, markets_of
from tradewright.adapters.venues.ccxt.library import bare, known_exchanges, make
from tradewright.domain.abilities import KINDS
from tradewright.domain.errors import UnknownName
from tradewright.domain.orders import NewOrder

BTC = {"linear": "BTC/USDT:USDT", "spot": "BTC/USDT"}
PRICES: dict[str, dict[str, Any]] = {
    "market": {}, "limit": {"price": Decimal(1)}, "stop": {"trigger": Decimal(1)},
    "take_profit": {"trigger": Decimal(1)}, "stop_limit": {"price": Decimal(1), "trigger": Decimal(1)},
    "trailing_stop": {"callback": Decimal("0.01")}, "take_profit_limit": {"price": Decimal(1), "trigger": Decimal(1)},
}  # fmt: skip


@pytest.mark.parametrize("name", known_exchanges())
def test_every_exchange_is_described_and_refuses_the_rest_in_words(name: str) -> None:
    """Of each market that is traded a description stands, and an order of a kind that it lacks is refused by name."""
    exchange = bare(name)
    for market in markets_of(exchange):
        told = abilities_of(exchange, market)
        assert told.kinds
        assert "gtc" in told.forces
        assert (told.longest_client_id > 0) == ("client_ids" in told.can)
        for kind in KINDS:
            refused = told.refusal(NewOrder("a", BTC[market], "buy", Decimal(1), kind, **PRICES[kind]))
            assert (refused is None) == (kind in told.kinds)
            assert refused is None or (name in refused.text and not refused.was_sent)
    assert exchange.session is None


def test_what_the_library_leaves_open_is_read_from_its_code() -> None:
    """Whether orders carry our names is told nowhere but in the code: most do, Paymium's do not."""
    with_ids = {
        name for name in known_exchanges() if any("client_ids" in one.can for one in library_abilities(name, name))
    }
    assert 65 <= len(with_ids) <= 100
    assert {"binanceusdm", "okx", "bybit", "gate", "kraken"} <= with_ids
    assert "paymium" not in with_ids


def test_first_class_features_are_there() -> None:
    """Binance USDT-M through the library takes every kind of order; what the library hides is not claimed."""
    (told,) = library_abilities("binanceusdm", "binanceusdm")
    assert set(KINDS) == told.kinds
    assert {"client_ids", "find_by_client_id", "modify", "batch", "open_conditionals"} <= told.can
    assert not {"countdown", "close_position", "mark_trigger"} & told.can


def test_an_exchange_is_made_so_that_it_never_sends_twice_and_knows_its_errors() -> None:
    """No retries of its own, a clock of its own, and Binance's errors whatever its address."""
    made = make("binanceusdm", {"apiKey": "k", "secret": "s"}, {"options": {"mine": 1}})
    assert (0, True, 1) == tuple(
        made.options[name] for name in ("maxRetriesOnFailure", "adjustForTimeDifference", "mine")
    )
    assert "InsufficientFunds" == made.exceptions["exact"]["-2019"].__name__
    with pytest.raises(UnknownName, match="did you mean 'kraken'"):
        make("kraken2", {}, {})
