"""Terms of instruments made by Hypothesis: leverage, costs, and what a venue filters. Needs `hypothesis`."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tradewright.domain.enums import SelfTrade, Slippage
from tradewright.testing.worlds import a_spec

__all__ = ["specs"]


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """What a venue filters; often nothing."""
    if draw(st.booleans()):
        return {}
    return {
        "min_ticks": draw(st.sampled_from((0, 300))),
        "max_ticks": draw(st.sampled_from((0, 1_500))),
        "max_lots": draw(st.sampled_from((0, 300))),
        "market_min_lots": draw(st.sampled_from((0, 3))),
        "market_max_lots": draw(st.sampled_from((0, 100))),
        "market_step_lots": draw(st.sampled_from((0, 2))),
        "price_up": draw(st.sampled_from((0.0, 1.05))),
        "price_down": draw(st.sampled_from((0.0, 0.95))),
        "max_orders": draw(st.sampled_from((0, 3))),
        "max_conditionals": draw(st.sampled_from((0, 2))),
        "trigger_protect": draw(st.sampled_from((0.0, 0.004, 0.05))),
    }


@st.composite
def slippages(draw: st.DrawFn) -> dict[str, Any]:
    """A model of slippage, most often the plain one, and how much."""
    model = draw(st.sampled_from((*[Slippage.RATE] * 3, *Slippage)))
    sizes = {Slippage.TICKS: (0.5, 3.0), Slippage.VOLUME_SHARE: (0.1, 1.0), Slippage.SQUARE_ROOT: (0.7,)}
    return {"slippage": model.value, "slippage_size": draw(st.sampled_from(sizes.get(model, (0.0,))))}


@st.composite
def specs(draw: st.DrawFn, *, wild: bool) -> dict[str, Any]:
    """A perpetual at some leverage, or spot; free or costly."""
    perpetual = wild or draw(st.sampled_from((True, True, True, False)))
    leverages = (10.0, 25.0, 50.0) if wild else (1.0, 3.0, 10.0)
    return a_spec(
        tick_value=draw(st.sampled_from((0.01, 1e-5, 0.125))),
        lots_per_unit=draw(st.sampled_from((1.0, 100.0, 1_000.0))),
        is_perpetual=perpetual,
        leverage=draw(st.sampled_from(leverages)) if perpetual else 1.0,
        maker_rate=draw(st.sampled_from((0.0, 0.0002, -0.0001))),
        taker_rate=draw(st.sampled_from((0.0, 0.0005))),
        liquidation_rate=draw(st.sampled_from((0.0, 0.0125))),
        cost_rate=draw(st.sampled_from((0.0, 0.0001, 0.01))),
        min_notional=draw(st.sampled_from((0.0, 5.0))),
        is_isolated=perpetual and draw(st.sampled_from((False, False, True))),
        has_fee_tiers=draw(st.booleans()),
        spread_rate=draw(st.sampled_from((0.0, 0.00005))),
        by_book=draw(st.booleans()),
        take_bound=draw(st.sampled_from((0.0, 0.0, 0.001, 0.02))),
        self_trade=draw(st.sampled_from(SelfTrade)).value,
        **draw(slippages()),
        **draw(limits()),
    )
