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
from tradewright.kernels.watching import is_watched, look_back

__all__ = ["ALL_KNOWN", "decide_step", "has_log_room", "has_order_room", "room_for", "run_steps"]

ALL_KNOWN = -2
"""In place of the step that a strategy was shown last: it is not asked, all that it wishes is known."""

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
    """Act on every signal given at the close of a step, then on every command; none is given at a negative one."""
    account = world.account[0]
    while account["signal"] < market.signals.size and market.signals[account["signal"]]["step"] == step:
        decide(world, market, rules, account["signal"])
        account["signal"] += 1
    while account["command"] < market.commands.size and market.commands[account["command"]]["step"] == step:
        command(world, market, rules, account["command"])
        account["command"] += 1


@lean_kernel
def stand_at(world: World, market: Market, step: int) -> None:
    """Go back to the close of `step`: the steps since then were quiet, and changed marks and equity alone."""
    world.account[0]["step"] = step + 1
    if step >= 0:
        for k in range(world.positions.size):
            world.positions[k]["mark_ticks"] = market.mark_close[k, step]


@entry_kernel
def run_steps(world: World, market: Market, rules: Rules, stop: int, shown: int) -> int:
    """Run up to `stop` (exclusive) from where the account stands.

    With ALL_KNOWN the rows of `signals` and `commands` are all there, and the run goes on to `stop`. Else a strategy is
    asked at every close: it has been shown that of `shown`, and rows that it has not given yet stand at a step beyond
    the last. What it wished there is decided on, then the world runs on as far as a wish could have changed nothing: at
    most the step after `shown` is played, all others are quiet. Should it wish something at the close of one of them,
    calling again with that step takes the later ones back.

    Args:
        world: changed in place.
        market: with signals and commands by step.
        rules: of the account.
        stop: first step that is not run.
        shown: the last step whose close was shown, -1 before the first; or ALL_KNOWN.

    Returns:
        Code.OK; before a step for which a log or a row of orders might be too short Code.NEED_ROOM or
        Code.NEED_ORDER_ROOM: enlarge it and call again with the same arguments; or Code.NEED_FINER in the middle of
        one, see `playing.play`.
    """
    account = world.account[0]
    is_asked = shown > ALL_KNOWN
    decided = ALL_KNOWN
    if is_asked and account["inside"] == 0:
        stand_at(world, market, shown)
        room = room_for(world, market, shown)
        if room != Code.OK:
            return room
        decided = shown
    played = False
    while True:
        # One place where wishes are decided on, for both ways of calling: it is the longest part to compile.
        decide_step(world, market, rules, decided)
        if account["step"] >= stop:
            break
        step = account["step"] if account["inside"] > 0 else skip(world, market, stop)
        if step >= stop or (is_asked and (played or step > shown + 1)):
            break
        room = room_for(world, market, step)
        if room != Code.OK:
            return room
        code = play(world, market, rules, step)
        if code != Code.OK:
            return int(code)
        account["step"] = step + 1
        played = True
        decided = ALL_KNOWN if is_asked else step
    if not is_asked and is_watched(market, rules):
        look_back(world, market, rules, account["step"] - 1)
    return Code.OK.value
