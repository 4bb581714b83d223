"""What a deployment of the configuration trades."""

from __future__ import annotations

import asyncio

import pytest

from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.deployments import run_deployments
from tradewright.bootstrap.trading import configured_terms
from tradewright.domain.errors import InvalidValue

_ONE = "name: a, strategy: smc, instruments: [BTC/USDT:USDT]"


@pytest.mark.parametrize(
    ("said", "matched"), [("", "engine"), (", matched_by: venue", "venue"), (", mode: live", "venue")]
)
def test_where_orders_are_matched_is_said_or_goes_without_saying(tmp_path, said, matched):
    """Here on paper, at the venue with money; on paper the practice exchange may be asked for."""
    configured = read(Sources({}, items=[f"deployments=[{{{_ONE}{said}}}]"], folder=tmp_path))[0]
    (one,) = configured.tree.deployments
    assert matched == configured_terms(configured, one).matched_by


def test_what_goes_to_the_practice_exchange_is_refused_where_none_is(tmp_path):
    """`deployments run` brings no exchange: the error names who does."""
    configured = read(Sources({}, items=[f"deployments=[{{{_ONE}, matched_by: venue}}]"], folder=tmp_path))[0]
    with pytest.raises(InvalidValue, match="tradewright serve"):
        asyncio.run(run_deployments(configured, (), None))
