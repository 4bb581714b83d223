"""Which terms a tape can be traded on: what would have no effect there is refused by name, never ignored.

Of `RiskSpec` have effect: leverage and margin_mode, for each instrument; max_exposure, max_positions and max_position,
for the account. Of `CostSpec`: maker_fee, taker_fee, fee_tiers and fee_discount; take_bound; slippage with its sizes,
and spread_bps, where no book is known. `tradewright tape` makes `Terms.funding` of the funding_rate. All of `TapeSpec`
has effect: power with the POWER models, sigma with LOGNORMAL, entry_ms and response_ms without RECORDED.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tradewright.domain.errors import InvalidValue
from tradewright.domain.run import CostSpec, RiskSpec
from tradewright.engine.replay import Terms
from tradewright.market.tape import Tape

__all__ = ["IDLE_OF_COSTS", "IDLE_OF_RISK", "check_terms"]

_OF_SIGNALS = "a tape has orders, no signals"
IDLE_OF_RISK = {
    "position_mode": "a tape nets, it keeps no long and short side by side",
    "mark_price": "the mark is the middle of the book, else the last trade",
    "trigger_by": "each order says it: door.submit_by_mark watches the mark",
    "price_protect": "triggers of a tape are not protected",
    "market_price": "the margin of a market order is asked for at the mark",
    "self_trade": "TapeSpec.self_trade says it",
    **dict.fromkeys(
        (
            "sizing",
            "size",
            "min_reward_risk",
            "require_stop",
            "require_target",
            "on_opposite",
            "take_profit",
            "kelly_trades",
            "kelly_start",
            "kelly_cap",
        ),
        _OF_SIGNALS,
    ),
}
IDLE_OF_COSTS = {"spread": "the book says it; without one spread_bps is paid"}
"""Fields that have no effect on a tape, and why."""
_RISK, _COSTS = RiskSpec(), CostSpec()


def check_terms(tape: Tape, terms: Sequence[Terms]) -> None:
    """Hold terms against the tape, against each other, and against what a tape knows.

    Raises:
        InvalidValue: they do not suit.
    """
    symbols = [own.instrument.symbol for own in terms]
    names = list(tape.names) or symbols[:1]
    if symbols != names or len(symbols) != len(tape.windows):
        raise InvalidValue("terms", symbols, f"one for each instrument of the tape, in its order: {', '.join(names)}")
    for own in terms:
        _check_effect(own)
        _check_funding(own)
        _check_account(own, terms[0])


def _check_effect(own: Terms) -> None:
    for given, usual, reasons in ((own.risk, _RISK, IDLE_OF_RISK), (own.costs, _COSTS, IDLE_OF_COSTS)):
        for name, reason in reasons.items():
            value, allowed = getattr(given, name), getattr(usual, name)
            if value != allowed:
                raise InvalidValue(name, value, f"{allowed}, its default: {reason}")
    if own.costs.slippage == "square_root":
        allowed = "bps, ticks or volume_share: a tape does not tell the volume and volatility of the days before it"
        raise InvalidValue("slippage", own.costs.slippage, allowed)
    if own.funding is None and own.instrument.funding_hours and own.instrument.is_perpetual:
        rate = own.costs.funding_rate
        if rate not in (0.0, _COSTS.funding_rate):
            allowed = "0, or its default: what is paid is said by the times and rates of Terms.funding"
            raise InvalidValue("funding_rate", rate, allowed)


def _check_funding(own: Terms) -> None:
    if own.funding is None:
        return
    name, (ts, rates) = f"funding of {own.instrument.symbol}", own.funding
    if ts.ndim != 1 or ts.shape != rates.shape:
        raise InvalidValue(name, (ts.shape, rates.shape), "a rate for each time, both in one dimension")
    if ts.dtype.kind not in "iu":
        raise InvalidValue(f"times in {name}", str(ts.dtype), "whole ns, UTC")
    if (late := np.flatnonzero(np.diff(ts) <= 0)).size:
        raise InvalidValue(f"times in {name}", int(ts[late[0] + 1]), f"ascending: it comes after {int(ts[late[0]])}")
    if not np.isfinite(rates).all():
        raise InvalidValue(f"rates in {name}", float(rates[~np.isfinite(rates)][0]), "finite fractions of notional")


def _check_account(own: Terms, first: Terms) -> None:
    if own.instrument.quote != first.instrument.quote:
        allowed = f"a market in {first.instrument.quote}, as {first.instrument.symbol} is: one wallet has one currency"
        raise InvalidValue("instrument", own.instrument.symbol, allowed)
    for name, mine, theirs in (
        ("risk", _of_account(own.risk), _of_account(first.risk)),
        ("fee_tiers", own.costs.fee_tiers, first.costs.fee_tiers),
        ("fee_discount", own.costs.fee_discount, first.costs.fee_discount),
    ):
        if mine != theirs:
            allowed = f"the same as that of {first.instrument.symbol}: {theirs}; they are of the account"
            raise InvalidValue(f"{name} of {own.instrument.symbol}", mine, allowed)


def _of_account(risk: RiskSpec) -> RiskSpec:
    # A venue keeps leverage and margin mode by instrument.
    return replace(risk, leverage=1.0, margin_mode="cross")
