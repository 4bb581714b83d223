"""Costs as numbers for the kernels."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tradewright.domain.enums import Slippage
from tradewright.domain.errors import InvalidValue
from tradewright.domain.fees import FEE_TABLES
from tradewright.domain.instrument import Instrument
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.execution.venue_terms import fee_rows, venue_terms

PERPETUAL = Instrument("BTC/USDT:USDT", "recorded")
SPOT = Instrument("BTC/USDT", "recorded", maker_fee=0.001, taker_fee=0.001)


def terms(costs: CostSpec, instrument: Instrument = PERPETUAL):
    """The record of one instrument."""
    return venue_terms([instrument], costs, RiskSpec())[0][0]


@pytest.mark.rule("C-2")
@pytest.mark.parametrize(
    ("costs", "rate", "model", "size"),
    [
        (CostSpec(), 0.00015, Slippage.RATE, 0.0),
        (CostSpec(slippage="none"), 0.00005, Slippage.RATE, 0.0),
        (CostSpec(slippage="ticks", slippage_ticks=2.0), 0.00005, Slippage.TICKS, 2.0),
        (CostSpec(slippage="volume_share"), 0.00005, Slippage.VOLUME_SHARE, 0.1),
        (CostSpec(slippage="square_root"), 0.00005, Slippage.SQUARE_ROOT, 1.0),
        (CostSpec(slippage="square_root", slippage_impact=0.7), 0.00005, Slippage.SQUARE_ROOT, 0.7),
    ],
)
def test_c2_half_the_spread_is_always_paid_and_the_model_is_data(
    costs: CostSpec, rate: float, model: Slippage, size: float
) -> None:
    """Basis points join half the spread in one rate; every other model stands beside it."""
    spec = terms(costs)
    assert (pytest.approx(rate), model, size) == (spec["cost_rate"], spec["slippage"], spec["slippage_size"])


@pytest.mark.rule("C-1")
def test_c1_fee_tiers_are_for_perpetuals() -> None:
    """Their first row is what a perpetual foresees; spot keeps the fees of its instrument."""
    costs = CostSpec(fee_tiers="binance_usdm")

    assert (True, 0.0002, 0.0005) == terms(costs)[["has_fee_tiers", "maker_rate", "taker_rate"]].item()
    assert (False, 0.001, 0.001) == terms(costs, SPOT)[["has_fee_tiers", "maker_rate", "taker_rate"]].item()
    assert (10, 3) == fee_rows(costs).shape
    assert (0, 3) == fee_rows(CostSpec()).shape


@pytest.mark.rule("C-1")
def test_c1_discount_takes_its_share_of_every_fee_but_not_of_a_rebate() -> None:
    """A tenth off 0.05 % is 0.045 %, in tables too; a rebate stays whole."""
    spec = terms(CostSpec(fee_discount=0.1, maker_fee=-0.0001))

    assert (-0.0001, pytest.approx(0.00045)) == (spec["maker_rate"], spec["taker_rate"])
    assert pytest.approx(0.00045) == fee_rows(CostSpec(fee_tiers="binance_usdm", fee_discount=0.1))[0, 2]


@pytest.mark.rule("C-1")
@pytest.mark.parametrize("name", [name for name in FEE_TABLES if name != "none"])
def test_c1_tables_begin_at_nothing_and_never_get_dearer(name: str) -> None:
    """Volumes ascend from 0, and neither rate rises with them."""
    tiers = FEE_TABLES[name]

    assert 0.0 == tiers[0].volume
    for low, high in pairwise(tiers):
        assert low.volume < high.volume
        assert low.maker >= high.maker
        assert low.taker >= high.taker


@pytest.mark.rule("C-2")
@pytest.mark.parametrize("field", [{"slippage": "book_walk"}, {"fee_tiers": "vip"}, {"slippage_ticks": -1.0}])
def test_costs_that_make_no_sense_are_refused(field: dict[str, object]) -> None:
    """The error names the field."""
    with pytest.raises(InvalidValue, match=next(iter(field))):
        CostSpec(**field)


@pytest.mark.rule("M-11")
@pytest.mark.parametrize("mode", ["portfolio", "multi_assets", ""])
def test_m11_margin_modes_that_are_not_modelled_are_refused(mode: str) -> None:
    """They are named where the run is described, before anything is read."""
    with pytest.raises(InvalidValue, match=r"margin_mode.*not modelled"):
        RiskSpec(margin_mode=mode)


@pytest.mark.rule("M-6")
def test_m6_isolated_is_for_perpetuals() -> None:
    """Spot has no margin to isolate."""
    risk = RiskSpec(margin_mode="isolated")

    assert [True, False] == [bool(venue_terms([i], CostSpec(), risk)[0]["is_isolated"][0]) for i in (PERPETUAL, SPOT)]


@pytest.mark.rule("S-10")
def test_s10_price_protection_is_for_perpetuals() -> None:
    """Spot has no mark from which the last price could stray; a share of a half is no protection any more."""
    risk = RiskSpec(price_protect=0.05)

    assert [0.05, 0.0] == [
        float(venue_terms([i], CostSpec(), risk)[0]["trigger_protect"][0]) for i in (PERPETUAL, SPOT)
    ]
    with pytest.raises(InvalidValue, match=r"price_protect.*0 \(no protection\) to 0\.5"):
        RiskSpec(price_protect=0.6)


@pytest.mark.rule("S-1")
def test_s1_trigger_price_is_last_or_mark() -> None:
    """Whatever else a run asks for is refused by name."""
    with pytest.raises(InvalidValue, match=r"trigger_by.*one of last, mark"):
        RiskSpec(trigger_by="index")  # type: ignore[arg-type] # what a user may write
