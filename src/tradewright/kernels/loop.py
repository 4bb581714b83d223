"""The loop over steps: skip, play, decide; nothing else."""

from __future__ import annotations

from typing import Any

from tradewright.domain.enums import Code
from tradewright.kernels.commanding import command
from tradewright.kernels.compiling import entry_kernel, lean_kernel, part_kernel
from tradewright.kernels.deciding import decide
from tradewright.kernels.params import Rules
from tradewright.kernels.playing import play
from tradewright.kernels.records import Market, World
from tradewright.kernels.skipping import skip
from tradewright.kernels.watching import look_back, watches

__all__ = ["decide_step", "has_log_room", "has_order_room", "room_for", "run_steps"]

_LINES_PER_ORDER = 4
_BRACKET = 7  # an entry, its stop, its trailing stop and four targets
_MOST_ORDERS = 1_024


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
    travelling = account["command"] - account["arrived"] + due(market.commands["step"], account["command"], step)
    lines = _LINES_PER_ORDER * world.orders.size + signals + travelling
    return bool(
        account["n_fills"] + lines <= world.fills.size
        and account["n_closed"] + lines <= world.closed.size
        and account["n_payments"] + due(market.funding["step"], account["payment"], step) <= world.payments.size
        and account["n_refusals"] + signals + travelling <= world.refusals.size
    )


@lean_kernel
def has_order_room(world: World, market: Market, step: int) -> bool:
    """Whether the rows of open orders have room for all that may be sent at the close of a step.

    Where no command was ever given, rows need no more than they have. From 1,024 places on the gate refuses in words.
    """
    if market.commands.size == 0 or world.orders.shape[1] >= _MOST_ORDERS:
        return True
    account = world.account[0]
    sent = due(market.commands["step"], account["command"], step)
    sent += _BRACKET * due(market.signals["step"], account["signal"], step)
    if sent == 0:
        return True
    fullest = 0
    for k in range(world.positions.size):
        fullest = max(fullest, world.positions[k]["n_orders"])
    return bool(fullest + sent + _BRACKET <= world.orders.shape[1])


@part_kernel
def room_for(world: World, market: Market, step: int) -> int:
    """Code.OK where a step has room for all that it can bring, else what must grow first."""
    if not has_log_room(world, market, step):
        return Code.NEED_ROOM.value
    if not has_order_room(world, market, step):
        return Code.NEED_ORDER_ROOM.value
    return Code.OK.value


@lean_kernel
def decide_step(world: World, market: Market, rules: Rules, step: int) -> None:
    """Act on every signal given at the close of a step, then on every command."""
    account = world.account[0]
    while account["signal"] < market.signals.size and market.signals[account["signal"]]["step"] == step:
        decide(world, market, rules, account["signal"])
        account["signal"] += 1
    while account["command"] < market.commands.size and market.commands[account["command"]]["step"] == step:
        command(world, market, rules, account["command"])
        account["command"] += 1


@entry_kernel
def run_steps(world: World, market: Market, rules: Rules, stop: int) -> int:
    """Run up to `stop` (exclusive) from where the account stands.

    Returns Code.OK; before a step for which a log or a row of orders might be too short Code.NEED_ROOM or
    Code.NEED_ORDER_ROOM: enlarge it and call again; or Code.NEED_FINER in the middle of one, see `playing.play`.
    """
    account = world.account[0]
    while account["step"] < stop:
        step = account["step"] if account["inside"] > 0 else skip(world, market, stop)
        if step >= stop:
            break
        room = room_for(world, market, step)
        if room != Code.OK:
            return room
        code = play(world, market, rules, step)
        if code != Code.OK:
            return int(code)
        decide_step(world, market, rules, step)
        account["step"] = step + 1
    if watches(rules):
        look_back(world, market, rules, account["step"] - 1)
    return Code.OK.value
