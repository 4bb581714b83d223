"""Laws of drilling into bars that leave a doubt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given

from tradewright.domain.enums import Ambiguity, FillFlag, LimitFill, OrderRole
from tradewright.kernels.records import Market, World
from tradewright.testing.finer import finer_bars
from tradewright.testing.markets import Case, cases, examples, plainly, played, untrailed
from tradewright.testing.worlds import FinerBars, digest, marked, trades, written

LAW = examples(60)
PARTS = 3

pytestmark = pytest.mark.rule("A-1", "A-5")


def as_finer_market(market: Market, finer: FinerBars) -> Market:
    """The market with each bar replaced by its finer ones; where there is none, by holes."""
    count, steps = market.open.shape
    columns = np.zeros((5, count, steps * PARTS), np.int64)
    has_bar = np.zeros((count, steps * PARTS), np.bool_)
    for k in range(count):
        for step in range(steps):
            cells = slice(step * PARTS, (step + 1) * PARTS)
            rows = finer.get((k, step), [(int(market.close[k, step]),) * 4 + (0,)] * PARTS)
            columns[:, k, cells] = np.array(rows, np.int64).T
            has_bar[k, cells] = (k, step) in finer
    signals, commands = market.signals.copy(), market.commands.copy()
    for wishes in (signals, commands):
        wishes["step"] = PARTS * wishes["step"] + PARTS - 1
        wishes["valid_steps"] *= PARTS
    ts = np.arange(steps * PARTS, dtype=np.int64)
    first, high, low, last, volume = (np.ascontiguousarray(column) for column in columns)
    prices = {"open": first, "high": high, "low": low, "close": last}
    marks = {f"mark_{name}": column for name, column in prices.items()}
    fields = {"volume": volume, "has_bar": has_bar, "signals": signals, "commands": commands}
    return market._replace(ts_open=ts, ts_close=ts + 1, **prices, **marks, **fields)


def unmarked(market: Market) -> Market:
    """The market with the last price for its mark: a mark of its own has no finer bars."""
    return marked(market, *[None] * len(market.open))


def exits_lie_ahead(world: World) -> bool:
    """Whether every stop and target lies on its side of what its entry was filled at."""
    logs = written(world)
    entries = [fill for fill in logs["fills"] if fill["role"] == OrderRole.ENTRY]
    orders = [
        *logs["closed"],
        *(order for k, row in enumerate(world.orders) for order in row[: world.positions[k]["n_orders"]]),
    ]
    for entry in entries:
        for order in orders:
            ahead = (order["level_ticks"] - entry["ticks"]) * entry["side"]
            if order["group"] == entry["group"] and (
                (order["role"] == OrderRole.STOP_LOSS and ahead > 0)
                or (order["role"] == OrderRole.TAKE_PROFIT and ahead < 0)
            ):
                return False
    return True


@LAW
@given(case=cases(max_instruments=1))
def test_drilling_gives_what_playing_every_finer_bar_gives(case: Case) -> None:
    """Where bars without gaps are split, only those in doubt need to be looked into: the fills are the same.

    Not so with trailing stops: by rule S-9 d one is certain to fire where the close is beyond its last trigger, but in
    finer bars price may turn before it has gone so far. Nor with an exit that its entry has passed already: it takes
    the next open, which comes sooner there.
    """
    plain = untrailed(plainly(case))
    rules = plain.rules._replace(limit_fill=LimitFill.THROUGH.value)
    plain = plain._replace(market=unmarked(plain.market), rules=rules)
    finer = finer_bars(plain.market, 1, parts=PARTS)
    drilled = plain._replace(finer=finer, rules=plain.rules._replace(ambiguity=Ambiguity.SUBBAR.value))
    whole = plain._replace(
        market=as_finer_market(plain.market, finer), rules=plain.rules._replace(ambiguity=Ambiguity.WORST.value)
    )

    assume(exits_lie_ahead(played(whole)))
    assert [row[1:] for row in trades(played(whole))] == [row[1:] for row in trades(played(drilled))]
    assert played(whole).equity[PARTS - 1 :: PARTS].tolist() == played(drilled).equity.tolist()


@LAW
@given(case=cases())
def test_run_without_a_doubt_is_never_drilled_into(case: Case) -> None:
    """Where WORST meets no doubt, finer bars, whatever they hold, change no byte."""
    worst = played(case._replace(rules=case.rules._replace(ambiguity=Ambiguity.WORST.value)))
    assume(worst.account[0]["n_ambiguous"] == 0)

    assert digest(worst) == digest(played(case._replace(rules=case.rules._replace(ambiguity=Ambiguity.SUBBAR.value))))


@LAW
@given(case=cases())
def test_fills_say_whether_finer_bars_decided_them(case: Case) -> None:
    """Drilled fills lie in bars that have finer ones, and there are at most as many such bars as were counted."""
    world = played(case._replace(rules=case.rules._replace(ambiguity=Ambiguity.SUBBAR.value)))
    fills = written(world)["fills"]
    places = {(int(f["instrument"]), int(f["step"])) for f in fills[fills["flags"] & FillFlag.DRILLED != 0]}

    assert places <= set(case.finer)
    assert len(places) <= world.account[0]["n_drilled"]


@pytest.mark.parametrize("policies", [(Ambiguity.WORST, Ambiguity.SUBBAR), (Ambiguity.BEST, Ambiguity.SUBBAR_BEST)])
@LAW
@given(case=cases())
def test_finer_bar_that_is_the_bar_itself_tells_nothing_new(case: Case, policies: tuple[Ambiguity, Ambiguity]) -> None:
    """Fills, money and doubts are those of the policy that decides what finer bars leave open."""
    market = case.market
    columns = (market.open, market.high, market.low, market.close, market.volume)
    same = {place: [tuple(int(column[place]) for column in columns)] for place in case.finer}
    told, again = (
        played(case._replace(rules=case.rules._replace(ambiguity=policy.value), finer=same)) for policy in policies
    )

    assert trades(told) == trades(again)
    assert told.equity.tolist() == again.equity.tolist()
    assert told.account[0]["n_ambiguous"] == again.account[0]["n_ambiguous"]
