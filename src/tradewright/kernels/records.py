"""Every record dtype, once, with the unit of each field, and the two tuples that a kernel is given.

Units: `ts` UTC ns; `ticks` and `lots` int64 steps of the instrument; money in quote currency; `step` a position on the
run's time grid. Enum fields hold the numbers of `domain.enums`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ACCOUNT",
    "COMMAND",
    "DAYS_KEPT",
    "FILL",
    "FUNDING",
    "ORDER",
    "PAYMENT",
    "PLAN",
    "POSITION",
    "REFUSAL",
    "RESULTS_KEPT",
    "SIGNAL",
    "SPEC",
    "Market",
    "World",
]

DAYS_KEPT = 31
"""Of turnover: today and the thirty days before."""
RESULTS_KEPT = 256
"""Of closed positions: the last so many."""

SIGNAL = np.dtype(
    [
        ("step", np.int64),  # the bar at whose close it was given
        ("instrument", np.int64),
        ("kind", np.int64),  # SignalKind
        ("order_type", np.int64),  # OrderType of the entry
        ("has_stop", np.bool_),
        ("has_target", np.bool_),
        ("time_in_force", np.int8),  # TimeInForce of the entry
        ("trigger_by", np.int8),  # of its entry and exits: 0 as the rules say; else 1 + TriggerBy
        ("plan", np.int32),  # 0: it says all; else 1 + its row of PLAN
        (
            "entry_ticks",
            np.int64,
        ),  # of a stop-limit or take-profit-limit: the limit; of a trailing stop: its activation
        ("stop_ticks", np.int64),
        ("target_ticks", np.int64),
        ("valid_steps", np.int64),  # 0: until replaced
        ("confidence", np.float64),  # 0 to 1
    ],
    align=True,
)

PLAN = np.dtype(
    [
        ("trigger_ticks", np.int64),  # of a stop-limit or take-profit-limit entry
        ("entry_callback", np.int64),  # of a trailing entry, permille
        ("callback", np.int64),  # of the bracket's trailing stop, permille; 0: none
        ("activation_ticks", np.int64),  # of the bracket's trailing stop; 0: at once
        ("more_targets", np.int64),  # beyond the first, at most 3
        ("target2_ticks", np.int64),
        ("target3_ticks", np.int64),
        ("target4_ticks", np.int64),
        ("share1", np.float64),  # fraction of the position that a target takes; 0: what is left
        ("share2", np.float64),
        ("share3", np.float64),
        ("share4", np.float64),
        ("break_even", np.bool_),  # the first target moves the stop-loss to the entry price
    ],
    align=True,
)

COMMAND = np.dtype(
    [
        ("step", np.int64),  # the bar at whose close it was given
        ("instrument", np.int64),
        ("kind", np.int64),  # CommandKind
        ("tag", np.int64),  # of the order, unique among the open ones of the instrument; 0: none
        ("order_id", np.int64),  # which order a MODIFY or CANCEL means; 0: the one with the tag
        ("type", np.int64),  # OrderType
        ("side", np.int64),  # Side
        ("lots", np.int64),  # of a MODIFY: the new quantity, what is filled included; 0 leaves it
        ("level_ticks", np.int64),  # limit price or trigger; of a MODIFY: the new one, 0 leaves it; as in ORDER
        ("trigger_ticks", np.int64),  # of a stop-limit or take-profit-limit; of a MODIFY: the new one, 0 leaves it
        ("callback", np.int64),  # of a trailing stop, permille; its `level_ticks` is the activation, 0: at once
        ("time_in_force", np.int64),  # TimeInForce; GTD needs `valid_steps`
        ("trigger_by", np.int64),  # TriggerBy
        ("valid_steps", np.int64),  # 0: no end
        ("parent", np.int64),  # of an execution algorithm's child: its parent's tag; 0: none
        ("oco", np.int64),  # open orders of the instrument with one number: one cancels the other; 0: none
        ("reduce_only", np.bool_),
        ("close_position", np.bool_),  # no lots: the whole position at the trigger
        ("protected", np.bool_),  # its trigger is held back while last and mark lie too far apart
        ("code", np.int64),  # Code: what is wrong with it already …
        ("observed", np.float64),  # … and the numbers compared
        ("limit", np.float64),
    ],
    align=True,
)

ORDER = np.dtype(
    [
        ("id", np.int64),  # 1, 2, 3 … in order of creation: the tie-breaker everywhere
        ("instrument", np.int64),
        ("group", np.int64),  # id of the entry order of its bracket, or of the first that it is linked with: one
        # cancels the other inside a group
        ("signal", np.int64),  # row of the signal that caused it, -1 for a liquidation or a command
        ("command", np.int64),  # row of the command that placed it, -1 otherwise
        ("tag", np.int64),  # of the command
        ("parent", np.int64),  # tag of the execution algorithm's parent, 0: none
        ("type", np.int64),  # OrderType
        ("role", np.int64),  # OrderRole
        ("side", np.int64),  # Side: +1 buys, -1 sells
        ("status", np.int64),  # OrderStatus
        ("code", np.int64),  # Code: why it was rejected
        ("arrival", np.int64),  # Arrival
        ("reduce_only", np.bool_),
        ("close_position", np.bool_),  # closes whatever is held when it acts; goes when the position does
        ("reverses", np.bool_),  # also closes an opposite position, beyond its own lots
        ("has_stop", np.bool_),
        ("has_target", np.bool_),
        ("triggered", np.bool_),  # what is left of it acts at the next open, as a market order
        ("armed", np.bool_),  # of TRAILING_STOP: it follows the price
        ("touch", np.bool_),  # of LIMIT: a price that only reaches it fills it
        ("protected", np.bool_),  # not triggered while last and mark lie too far apart
        ("trigger_by", np.int8),  # TriggerBy
        ("time_in_force", np.int8),  # TimeInForce
        ("origin", np.int8),  # OrderType as it was placed; a triggered stop-limit has become a LIMIT
        ("leg", np.int16),  # its number in its bracket: `bracket`
        ("callback", np.int16),  # of TRAILING_STOP, permille
        ("lots", np.int64),  # > 0; of an entry: to hold after its fills
        ("filled", np.int64),  # how many of them are done; closing an opposite position does not count
        ("changed", np.int64),  # how many MODIFYs it has taken
        ("level_ticks", np.int64),  # limit price, or trigger of what then takes; 0 for MARKET; see `trailing`
        ("trigger_ticks", np.int64),  # of a stop-limit or take-profit-limit, else 0
        ("stop_ticks", np.int64),  # of the bracket to attach when an entry fills
        ("target_ticks", np.int64),
        ("valid_until", np.int64),  # step at whose close it ends, on a tape UTC ns; 0: no end
        ("step", np.int64),  # when it was created, last grew, or became a LIMIT
        ("ts_created", np.int64),
        ("ts_closed", np.int64),
    ],
    align=True,
)

FILL = np.dtype(
    [
        ("ts", np.int64),  # the bar's open for a fill at the open, else its close: a bar does not tell the instant
        ("step", np.int64),
        ("instrument", np.int64),
        ("order_id", np.int64),
        ("group", np.int64),
        ("signal", np.int64),
        ("side", np.int64),  # +1 bought, -1 sold
        ("role", np.int64),  # OrderRole
        ("liquidity", np.int64),  # Liquidity
        ("flags", np.int64),  # FillFlag bits
        ("ticks", np.int64),
        ("lots", np.int64),  # > 0
        ("closed_lots", np.int64),  # how many of them reduced a position
        ("fee", np.float64),  # quote, > 0 is paid
        ("slippage", np.float64),  # quote, cost against the price without spread and slippage, >= 0
        ("realised", np.float64),  # quote, profit of the closed part before fees
    ],
    align=True,
)

PAYMENT = np.dtype(
    [
        ("ts", np.int64),
        ("instrument", np.int64),
        ("lots", np.int64),  # signed position that paid or was paid
        ("ticks", np.int64),  # mark
        ("rate", np.float64),  # fraction per payment; > 0: longs pay
        ("amount", np.float64),  # quote, > 0 is received
    ],
    align=True,
)

REFUSAL = np.dtype(
    [
        ("ts", np.int64),  # close of the bar
        ("step", np.int64),
        ("instrument", np.int64),
        ("signal", np.int64),  # row of the signal refused, -1 for a command
        ("command", np.int64),  # row of the command refused, -1 for a signal
        ("order_id", np.int64),  # of the order, where it has come into being, else 0
        ("code", np.int64),  # Code
        ("observed", np.float64),  # the number compared …
        ("limit", np.float64),  # … with this one
    ],
    align=True,
)

POSITION = np.dtype(
    [
        ("lots", np.int64),  # signed
        ("mark_ticks", np.int64),
        ("n_orders", np.int64),  # open orders, in the first places of the instrument's row
        ("entry_ticks", np.float64),  # average entry
        ("buyable", np.int64),  # lots of the present bar's volume that are left for our orders; 0 between bars
        ("sellable", np.int64),
        ("margin", np.float64),  # isolated wallet, part of the account's, quote; 0 in cross margin
        ("earned", np.float64),  # cash that it has brought in since the start, quote: won, lost, paid and received
        ("followed", np.int64),  # of `watching`: lots held, without sign, after the fills that were looked at …
        ("result", np.float64),  # … what the position has earned by then, fees paid, quote …
        ("staked", np.float64),  # … and what its stops stood to lose as it was opened, quote
    ],
    align=True,
)

ACCOUNT = np.dtype(
    [
        ("wallet", np.float64),  # cash without open profit, quote
        ("realised", np.float64),
        ("fees", np.float64),
        ("funding", np.float64),  # > 0 was received
        ("slippage", np.float64),
        ("insurance", np.float64),  # what the venue's fund paid so that the wallet is not below zero
        ("next_order_id", np.int64),
        ("step", np.int64),  # the next step to run
        ("signal", np.int64),  # cursor: the next signal
        ("command", np.int64),  # cursor: the next command
        ("arrived", np.int64),  # cursor: the next command that has not reached the venue
        ("payment", np.int64),  # cursor: the next funding time
        ("day", np.int64),  # the last in which something was filled, days since 1970; counted with fee tiers alone
        ("fee_row", np.int64),  # row of the fee table that holds on that day
        ("n_fills", np.int64),
        ("n_closed", np.int64),
        ("n_payments", np.int64),
        ("n_refusals", np.int64),
        ("n_liquidations", np.int64),
        ("n_ambiguous", np.int64),  # bars in which the policy, not the data, decided
        ("inside", np.int64),  # 0 between steps; in a step, 1 + row of the instrument whose bar is played next
        ("no_finer", np.bool_),  # there are no finer bars of that bar: the policy decides
        ("n_drilled", np.int64),  # bars that were played again on finer bars
        ("watched", np.int64),  # of `watching`: the next step to look at; this and all below stand still without limits
        ("watched_fills", np.int64),  # the next fill to look at
        ("watched_day", np.int64),  # days since 1970, 1 added; 0: none yet
        ("watched_week", np.int64),  # the same of weeks, which begin on Mondays
        ("last_equity", np.float64),  # at the last close that was looked at; at the start the balance
        ("day_equity", np.float64),  # with which the day began; and its lowest and highest at closes since, itself too
        ("day_low", np.float64),
        ("day_high", np.float64),
        ("week_equity", np.float64),
        ("week_low", np.float64),
        ("peak", np.float64),  # highest equity at a close; at the start the balance
        ("deepest", np.float64),  # greatest fall from a peak, fraction of it
        ("losses", np.int64),  # positions in a row that were closed at a loss
        ("loss_ts", np.int64),  # when the last of them was; 0: none yet
        ("n_won", np.int64),  # closed positions that had a stop, and what they won and lost, multiples of their stake
        ("n_lost", np.int64),
        ("won", np.float64),
        ("lost", np.float64),  # > 0
    ],
    align=True,
)

FUNDING = np.dtype(
    [
        ("ts", np.int64),
        ("step", np.int64),  # the bar that holds ts
        ("instrument", np.int64),
        ("at_open", np.bool_),  # ts is the bar's open: settled before anything else in it
        ("rate", np.float64),
    ],
    align=True,
)

SPEC = np.dtype(
    [
        ("tick_value", np.float64),  # quote per tick and lot
        ("maker_rate", np.float64),
        ("taker_rate", np.float64),
        ("has_fee_tiers", np.bool_),  # the fee table holds; what is foreseen still counts with the two rates
        ("liquidation_rate", np.float64),
        ("cost_rate", np.float64),  # half spread, and slippage of RATE, fraction of price, takers only
        ("spread_rate", np.float64),  # the half spread in it; where the spread is recorded, the record holds instead
        ("has_spread", np.bool_),  # `Market.spread` holds
        (
            "by_book",
            np.bool_,
        ),  # a market order's margin is asked for at the other side of the book, not at the last price
        ("take_bound", np.float64),  # how far from the mark a taker may go, fraction of it; 0: any
        ("slippage", np.int64),  # Slippage
        ("slippage_size", np.float64),  # ticks, or the factor of its formula
        ("min_notional", np.float64),
        ("min_lots", np.int64),
        ("lots_per_unit", np.float64),  # lots in one unit of base currency
        ("min_ticks", np.int64),  # least price; this and the limits below: 0 is none
        ("max_ticks", np.int64),
        ("max_lots", np.int64),  # of orders with a limit price
        ("market_min_lots", np.int64),  # of orders that fill at the market
        ("market_max_lots", np.int64),
        ("market_step_lots", np.int64),  # their quantities are multiples of it
        ("price_up", np.float64),  # a buyer's price is at most mark * price_up
        ("price_down", np.float64),  # a seller's price is at least mark * price_down
        ("max_orders", np.int64),  # open orders without trigger
        ("max_conditionals", np.int64),  # open orders with a trigger
        ("trigger_protect", np.float64),  # how far last and mark may be apart at a protected trigger, fraction of mark
        ("leverage", np.float64),  # set at the venue; 1 for spot
        ("is_perpetual", np.bool_),
        ("is_isolated", np.bool_),  # its positions stand for themselves, with the margin set aside for them
        ("has_mark", np.bool_),  # its marks are a series of their own
        ("tier_start", np.int64),  # rows of the tier table
        ("tier_stop", np.int64),
        ("member", np.int64),  # whose row it is: 1 + row of TEAM; 0: there is no team
        ("underlying", np.int64),  # 1 + the first row of its instrument, where several rows are of one; else 0
        ("side", np.int64),  # Side: of a leg of a hedge, which holds no other; 0: it may hold either
        ("self_trade", np.int64),  # SelfTrade: what expires where two orders of ours would trade with each other
    ],
    align=True,
)


class Market(NamedTuple):
    """What a run reads and never writes.

    Shapes: K rows, S steps, M members of a team. A row is a position book: of one instrument, and in a team of one
    member, so that several rows may be of one instrument. Where an instrument has no bar, its row repeats the last
    close and `has_bar` is False. Matching is by the prices of trades; margin, liquidation, funding and equity are by
    the mark. Without recorded marks the mark columns are the very same arrays as those of trades.
    """

    ts_open: NDArray[np.int64]  # (S,)
    ts_close: NDArray[np.int64]  # (S,)
    open: NDArray[np.int64]  # (K, S) ticks
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.int64]  # (K, S) lots; 0 where there is no bar
    has_bar: NDArray[np.bool_]  # (K, S)
    mark_open: NDArray[np.int64]  # (K, S) ticks
    mark_high: NDArray[np.int64]
    mark_low: NDArray[np.int64]
    mark_close: NDArray[np.int64]
    impact: NDArray[np.float64]  # (K, S) slippage of SQUARE_ROOT per root of lots, fraction of price; (K, 0): unused
    spread: NDArray[np.float64]  # (K, S) half of the bid-ask spread, ticks; (K, 0): not recorded
    signals: NDArray[np.void]  # SIGNAL, by (step, instrument)
    plans: NDArray[np.void]  # PLAN of the signals that need one, in their order
    commands: NDArray[np.void]  # COMMAND, by step; those of one step in the order given
    funding: NDArray[np.void]  # FUNDING, by (ts, instrument)
    specs: NDArray[np.void]  # SPEC (K,)
    tiers: NDArray[np.float64]  # (T, 4): floor, maintenance rate, cum, max leverage
    fees: NDArray[np.float64]  # (F, 3): least turnover of thirty days, maker rate, taker rate; (0, 3): no tiers
    team: NDArray[
        np.void
    ]  # TEAM (M,), `kernels.params`: the account's members, each with rules of its own; mostly none


class World(NamedTuple):
    """The state of a run: flat arrays, changed in place. A copy of them is a snapshot."""

    account: NDArray[np.void]  # ACCOUNT (1 + M,): of the members behind it only what `watching` has seen is kept
    positions: NDArray[np.void]  # POSITION (K,)
    orders: NDArray[np.void]  # ORDER (K, room)
    fills: NDArray[np.void]  # FILL log
    closed: NDArray[np.void]  # ORDER log: orders that are no longer open
    payments: NDArray[np.void]  # PAYMENT log
    refusals: NDArray[np.void]  # REFUSAL log
    equity: NDArray[np.float64]  # (S,) wallet plus open profit at each close, quote
    kept_account: NDArray[np.void]  # ACCOUNT (1,): as it was before the inside of a bar, see `kernels.keeping`
    kept_positions: NDArray[np.void]  # POSITION (K,)
    kept_orders: NDArray[np.void]  # ORDER (K, room)
    turnover: NDArray[np.float64]  # (DAYS_KEPT,) quote traded, of each day at its number modulo DAYS_KEPT
    kept_turnover: NDArray[np.float64]  # (DAYS_KEPT,)
    shares: NDArray[np.float64]  # (M, S) equity of each member at each close, quote
    results: NDArray[np.float64]  # (1 + M, RESULTS_KEPT) the last closed positions, multiples of their stake, a ring
