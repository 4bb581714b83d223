"""Fee rates, and the turnover that decides them: each UTC day has the tier of the thirty days before it."""

from __future__ import annotations

from tradewright.domain.enums import Liquidity, OrderRole
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.money import round_cash
from tradewright.kernels.records import DAYS_KEPT, Market, World

__all__ = ["count_turnover", "fee_rate", "start_day"]

_DAY = 86_400_000_000_000


@lean_kernel
def start_day(world: World, market: Market, step: int) -> None:
    """Begin the day of a step, if it is a new one; days without fills had no turnover."""
    account = world.account[0]
    day = int(market.ts_open[step] // _DAY)
    if market.fees.shape[0] == 0 or day == account["day"]:
        return
    for past in range(max(account["day"] + 1, day - DAYS_KEPT + 1), day + 1):
        world.turnover[past % DAYS_KEPT] = 0.0
    account["day"] = day
    total = 0.0
    for place in range(DAYS_KEPT):
        total += world.turnover[place]
    row = market.fees.shape[0] - 1
    while row > 0 and market.fees[row, 0] > round_cash(total):
        row -= 1
    account["fee_row"] = row


@lean_kernel
def count_turnover(world: World, market: Market, value: float) -> None:
    """Add what a fill traded, quote, to the turnover of its day."""
    if market.fees.shape[0] > 0:
        place = world.account[0]["day"] % DAYS_KEPT
        world.turnover[place] = round_cash(world.turnover[place] + value)


@lean_kernel
def fee_rate(world: World, market: Market, k: int, liquidity: int, role: int) -> float:
    """Fraction of notional that a fill pays; a liquidation pays the clearance fee on top."""
    spec = market.specs[k]
    is_maker = liquidity == Liquidity.MAKER
    rate = float(spec["maker_rate"] if is_maker else spec["taker_rate"])
    if spec["has_fee_tiers"]:
        rate = float(market.fees[world.account[0]["fee_row"], 1 if is_maker else 2])
    if role == OrderRole.LIQUIDATION:
        rate += spec["liquidation_rate"]
    return rate
