"""The loop over steps: skip, play, decide; nothing else."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code
from tradewright.kernels.compiling import lean_kernel
from tradewright.kernels.deciding import decide
from tradewright.kernels.params import Rules
from tradewright.kernels.playing import play
from tradewright.kernels.records import Market, World
from tradewright.kernels.skipping import skip

__all__ = ["decide_step", "has_log_room", "run_steps"]

_LINES_PER_ORDER = 4


@lean_kernel
def due(steps: Any, cursor: int, step: int) -> int:
    """How many rows from the cursor on belong to a step."""
    end = cursor
    while end < steps.size and steps[end] == step:
        end += 1
    return int(end - cursor)


@lean_kernel
def has_log_room(world: World, market: Market, step: int) -> bool:
    """Whether every log has room for the fullest that this step can be."""
    account = world.account[0]
    signals = due(market.signals["step"], account["signal"], step)
    lines = _LINES_PER_ORDER * world.orders.size + signals
    return bool(
        account["n_fills"] + lines <= world.fills.size
        and account["n_closed"] + lines <= world.closed.size
        and account["n_payments"] + due(market.funding["step"], account["payment"], step) <= world.payments.size
        and account["n_refusals"] + signals <= world.refusals.size
    )


@lean_kernel
def decide_step(world: World, market: Market, rules: Rules, step: int) -> None:
    """Act on every signal given at the close of a step."""
    account = world.account[0]
    while account["signal"] < market.signals.size and market.signals[account["signal"]]["step"] == step:
        decide(world, market, rules, account["signal"])
        account["signal"] += 1


@lean_kernel
def run_steps(world: World, market: Market, rules: Rules, stop: int) -> int:
    """Run up to `stop` (exclusive) from where the account stands.

    Returns Code.OK, or Code.NEED_ROOM before a step for which a log might be too short: enlarge it and call again.
    """
    account = world.account[0]
    while account["step"] < stop:
        step = skip(world, market, stop)
        if step >= stop:
            break
        if not has_log_room(world, market, step):
            return Code.NEED_ROOM.value
        play(world, market, rules, step)
        decide_step(world, market, rules, step)
        account["step"] = step + 1
    return Code.OK.value
