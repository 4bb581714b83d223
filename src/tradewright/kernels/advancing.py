"""Advance bar by bar for a strategy that must be asked at every close, with one call for many quiet bars."""

from __future__ import annotations

from tradewright.domain.enums import Code
from tradewright.kernels.commanding import command
from tradewright.kernels.compiling import entry_kernel, lean_kernel
from tradewright.kernels.deciding import decide
from tradewright.kernels.loop import room_for
from tradewright.kernels.params import Rules
from tradewright.kernels.playing import play
from tradewright.kernels.records import Market, World
from tradewright.kernels.skipping import skip

__all__ = ["advance"]

_FARTHEST = 1_024


@lean_kernel
def stand_at(world: World, market: Market, step: int) -> None:
    """Go back to the close of `step`: the steps since then were quiet, and changed marks and equity alone."""
    world.account[0]["step"] = step + 1
    if step >= 0:
        for k in range(world.positions.size):
            world.positions[k]["mark_ticks"] = market.mark_close[k, step]


@entry_kernel
def advance(world: World, market: Market, rules: Rules, at: int, given: int, ordered: int) -> int:
    """Decide on what was wished at the close of `at`, then run on, as far as a wish could have changed nothing.

    Afterwards the account's step is the first that has not been run; the equity of every step before it is known. At
    most the first step after `at` was played, all others were quiet: should a strategy wish something at the close of
    one of them, calling again with that step takes the later ones back.

    Args:
        world: changed in place.
        market: whose `signals` and `commands` have room; rows that are not yet given stand at a step beyond the last.
        rules: of the account.
        at: the last step whose close has been shown; -1 before the first.
        given: how many rows of `signals` hold wishes.
        ordered: how many rows of `commands` do.

    Returns:
        Code.OK; Code.NEED_ROOM or Code.NEED_ORDER_ROOM: enlarge the logs, or the rows of orders, and call again with
        the same arguments; or Code.NEED_FINER, see `playing.play`, and call again with the same arguments.
    """
    account = world.account[0]
    last = market.ts_open.size
    begin = at + 1
    if account["inside"] == 0:
        stand_at(world, market, at)
        room = room_for(world, market, at)
        if room != Code.OK:
            return room
        while account["signal"] < given:
            decide(world, market, rules, account["signal"])
            account["signal"] += 1
        while account["command"] < ordered:
            command(world, market, rules, account["command"])
            account["command"] += 1
        if begin >= last or skip(world, market, min(begin + _FARTHEST, last)) > begin:
            return Code.OK.value
    room = room_for(world, market, begin)
    if room != Code.OK:
        return room
    code = play(world, market, rules, begin)
    if code != Code.OK:
        return int(code)
    account["step"] = begin + 1
    if begin + 1 < last:
        skip(world, market, min(begin + 1 + _FARTHEST, last))
    return Code.OK.value
