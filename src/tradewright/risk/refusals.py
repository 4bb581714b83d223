"""Why a signal was refused or an order rejected, in words with the numbers compared."""

from __future__ import annotations

from tradewright.domain.enums import Code

__all__ = ["reason_name", "reason_text"]

_WORDS = {
    Code.REWARD_RISK_TOO_LOW: "reward:risk {observed:.2f} is below the {limit:.2f} asked for",
    Code.STOP_MISSING: "no stop-loss, and the risk policy asks for one",
    Code.TARGET_MISSING: "no take-profit, and the risk policy asks for one",
    Code.STOP_WRONG_SIDE: "the stop-loss (tick {observed:.0f}) is not on the losing side of the entry"
    " (tick {limit:.0f})",
    Code.TARGET_WRONG_SIDE: "the take-profit (tick {observed:.0f}) is not on the winning side of the entry"
    " (tick {limit:.0f})",
    Code.QUANTITY_BELOW_MINIMUM: "the size {observed:.8g} is below the venue's minimum {limit:.8g}",
    Code.NOTIONAL_BELOW_MINIMUM: "the order's value {observed:.2f} is below the venue's minimum {limit:.2f}",
    Code.MARGIN_INSUFFICIENT: "the smallest order needs {observed:.2f} of margin; equity is {limit:.2f} and in use",
    Code.LEVERAGE_ABOVE_TIER: "leverage {observed:.0f} is above the {limit:.0f} that the tier of this size grants",
    Code.POSITION_OPEN: "a position is open already",
    Code.TOO_MANY_POSITIONS: "{observed:.0f} positions are open or on their way; the limit is {limit:.0f}",
    Code.NOTHING_TO_EXIT: "there is no position to leave",
    Code.EQUITY_EXHAUSTED: "equity is {observed:.2f}: nothing is left to trade with",
    Code.ENTRY_INVALID: "the entry price (tick {observed:.0f}) is not above zero",
    Code.NO_ROOM_FOR_ORDERS: "{observed:.0f} orders wait already; there is room for {limit:.0f}",
    Code.SHORT_NOT_ALLOWED: "spot markets cannot be sold short",
    Code.WOULD_TRIGGER_AT_ONCE: "the price was beyond the trigger when the order arrived",
    Code.POST_ONLY_WOULD_TAKE: "the order was post-only and would have taken",
    Code.IOC_EXPIRED: "immediate or cancel: what could not be filled at once was cancelled",
    Code.FOK_NOT_WHOLE: "fill or kill: it could not be filled whole at once",
}


def reason_name(code: int) -> str:
    """Stable kebab-case name of a refusal.

    Example:
        >>> reason_name(10)
        'reward-risk-too-low'
    """
    return Code(code).name.lower().replace("_", "-")


def reason_text(code: int, observed: float, limit: float) -> str:
    """A sentence with the numbers compared.

    Example:
        >>> reason_text(10, 1.5, 3.0)
        'reward:risk 1.50 is below the 3.00 asked for'
    """
    return _WORDS[Code(code)].format(observed=observed, limit=limit)
