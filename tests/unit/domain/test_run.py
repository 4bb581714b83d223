"""What a run's description refuses."""

from __future__ import annotations

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import RunSpec


def _spec(*symbols: str) -> RunSpec:
    return RunSpec("s", "1", (), "binance", symbols, "1h")


@pytest.mark.rule("M-11")
@pytest.mark.parametrize(
    ("symbols", "words"),
    [
        (("BTC/USDT:USDT", "ETH/USDC:USDC"), "multi-assets mode is not modelled"),
        (("BTC/USDT", "BTC/EUR"), "not EUR and USDT"),
        (("BTC/USD:BTC",), "coin-margined contracts are not modelled"),
        (("BTC/USDT:USDC",), "BTC/USDT:USDC"),
    ],
)
def test_currencies_that_cannot_be_added_up_are_refused(symbols, words):
    """One account has one currency, in which its contracts pay."""
    with pytest.raises(InvalidValue, match=words):
        _spec(*symbols)


@pytest.mark.rule("M-11")
@pytest.mark.parametrize("symbols", [("BTC/USDT",), ("BTC/USDT", "BTC/USDT:USDT"), ("BTC/EUR", "ETH/EUR:EUR")])
def test_one_currency_is_enough(symbols):
    """Spot and linear perpetuals of one currency share an account."""
    assert symbols == _spec(*symbols).instruments
