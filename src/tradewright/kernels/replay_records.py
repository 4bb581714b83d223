"""Records of a replay of events: the book, what was asked of the venue, what it answered, the two clocks.

Units as in `records`. `ref` is a strategy's own number of an order, a row of the tickets; times are UTC ns, of the
venue's clock where something happens there, of ours where it is known here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market, World

__all__ = [
    "BOOK",
    "CLOCK",
    "LATENCY",
    "REPORT",
    "REQUEST",
    "SAMPLE",
    "TICKER",
    "TICKET",
    "Book",
    "Replay",
    "Surroundings",
]

BOOK = np.dtype(
    [
        ("base", np.int64),  # ticks that would stand at place 0: the window of each instrument has places of its own
        ("low", np.int64),  # ticks of the first place of the window, and of its last
        ("high", np.int64),
        ("best_bid", np.int64),  # ticks; 0 where there is none
        ("best_ask", np.int64),  # ticks; FAR where there is none
        ("bid_floor", np.int64),  # no bid lies below, no ask above: how far a search goes
        ("ask_ceiling", np.int64),
        ("sequence", np.int64),  # last update id of the diffs
        ("quote_sequence", np.int64),  # and of the quotes
        ("quote_bid", np.int64),  # the last quote, ticks and lots
        ("quote_bid_lots", np.int64),
        ("quote_ask", np.int64),
        ("quote_ask_lots", np.int64),
    ],
    align=True,
)

TICKET = np.dtype(
    [
        ("instrument", np.int64),  # its row
        ("side", np.int64),  # +1 buys
        ("type", np.int64),  # OrderType
        ("ticks", np.int64),  # limit price, trigger of what then takes, or activation; what was asked for last
        ("trigger", np.int64),  # of STOP_LIMIT and TAKE_PROFIT_LIMIT, else 0
        ("lots", np.int64),  # what was asked for last
        ("time_in_force", np.int64),  # TimeInForce
        ("until", np.int64),  # of GTD, the venue's time at which it ends, else 0
        ("callback", np.int64),  # of a trailing stop, permille
        ("trigger_by", np.int64),  # TriggerBy
        ("reduce_only", np.bool_),
        ("close_position", np.bool_),  # whatever is held when it acts; its `lots` are 0
        ("shadowed", np.bool_),  # at the venue: it rests where the recorded book still shows what it has taken
        ("ahead", np.float64),  # at the venue: lots of others before it at its price
        ("traded", np.float64),  # at the venue: lots traded at its price since the level last changed
        ("status", np.int64),  # as known here: OrderStatus
        ("code", np.int64),  # as known here: Code
        ("filled", np.int64),  # as known here
        ("ts_sent", np.int64),
    ],
    align=True,
)

REQUEST = np.dtype(
    [
        ("ref", np.int64),
        ("kind", np.int64),  # RequestKind
        ("ticks", np.int64),  # of a MODIFY
        ("lots", np.int64),
        ("ts_sent", np.int64),  # our clock
        ("ts_arrival", np.int64),  # the venue's clock
        ("refused", np.bool_),  # the venue will be busy when it arrives
    ],
    align=True,
)

REPORT = np.dtype(
    [
        ("ts_exchange", np.int64),  # when it happened
        ("ts_local", np.int64),  # when it is known here
        ("instrument", np.int64),
        ("ref", np.int64),  # -1 where the venue has closed a position by force
        ("status", np.int64),  # OrderStatus
        ("code", np.int64),  # Code
        ("filled", np.int64),  # lots so far
        ("ticks", np.int64),  # of the fill that it tells of, 0 for none
        ("position", np.int64),  # signed lots afterwards
    ],
    align=True,
)

LATENCY = np.dtype(
    [
        ("ts", np.int64),  # when a request was sent, our clock
        ("entry", np.int64),  # ns to the venue; below 0: it refused, after as long
        ("response", np.int64),  # ns back
    ],
    align=True,
)

SAMPLE = np.dtype(
    [
        ("ts", np.int64),  # the venue's clock
        ("instrument", np.int64),  # each has a row at each time
        ("mark_ticks", np.int64),  # middle of the book, rounded down; without a book the last trade
        ("lots", np.int64),  # signed position
        ("equity", np.float64),  # of the account, quote
    ],
    align=True,
)

TICKER = np.dtype(
    [
        ("last_trade", np.int64),  # ticks, at the venue
        ("seen_trade", np.int64),  # ticks, as known here
        ("seen_trade_lots", np.int64),  # > 0 where its taker bought, < 0 where he sold
        ("seen_trades", np.int64),  # how many are known here
        ("position", np.int64),  # signed lots, as known here
        ("liquidation_ticks", np.int64),  # of the position held, 0 for none, -1 where others have moved it meanwhile
        ("ends", np.int64),  # when its last event happens, if others go on after it; else FAR
        ("n_late", np.int64),  # orders that came after that
    ],
    align=True,
)

CLOCK = np.dtype(
    [
        ("now", np.int64),  # our clock
        ("venue_now", np.int64),  # time of what last happened at the venue
        ("code", np.int64),  # Code: NEED_ROOM where a log was full
        ("to_match", np.int64),  # cursor of `by_exchange`: the next event to happen
        ("to_show", np.int64),  # cursor of the tape: the next event to be known here
        ("n_tickets", np.int64),
        ("n_requests", np.int64),
        ("n_pending", np.int64),
        ("next_arrival", np.int64),  # of the requests on their way; FAR for none
        ("next_expiry", np.int64),  # no open order ends by itself before it; FAR for none
        ("n_reports", np.int64),
        ("to_tell", np.int64),  # cursor of the reports: the next to be known here
        ("n_samples", np.int64),
        ("next_sample", np.int64),
        ("next_funding", np.int64),  # when it is due; FAR for never
        ("n_large", np.int64),  # orders that asked for more than the set share of the best level
        ("n_crossed", np.int64),  # messages that left the book crossed
    ],
    align=True,
)


class Book(NamedTuple):
    """Lots at each price of a window, the windows of the instruments side by side; each holds all prices of its own."""

    bids: NDArray[np.int64]  # (W,) lots at `base + place`
    asks: NDArray[np.int64]
    top: NDArray[np.void]  # BOOK (K,)


class Surroundings(NamedTuple):
    """What is assumed of the venue and of the way to it.

    Attributes:
        queue: `domain.enums.QueueModel`.
        power: n of the POWER models.
        latency: `domain.enums.LatencyModel`.
        entry: ns to the venue; of LOGNORMAL the median.
        response: ns back, likewise.
        sigma: of the logarithm, for LOGNORMAL.
        refusal: probability that the venue refuses a request.
        seed: of latency and refusals.
        impact: whether what we take is missing from the book until the level's next update.
        large_share: share of the best level above which an order that takes is counted as large for the book.
        self_trade: `domain.enums.SelfTrade`.
        sample: ns between samples of equity.
        soonest_date: ns that the date of a GTD order must lie ahead when it arrives, in whole seconds; 0: any to come.
    """

    queue: int
    power: float
    latency: int
    entry: int
    response: int
    sigma: float
    refusal: float
    seed: int
    impact: bool
    large_share: float
    self_trade: int
    sample: int
    soonest_date: int


class Replay(NamedTuple):
    """The state of a replay: flat arrays, changed in place.

    `market` has one bar of each instrument, which is its present tick: a tick is a bar whose four prices coincide, and
    whose volume is that of the last trade; and one command, which is the request that has just arrived.
    """

    world: World
    market: Market
    rules: Rules
    tape: NDArray[np.void]  # EVENT, in order of receipt
    by_exchange: NDArray[np.int64]  # its rows in the order in which they happened
    book: Book  # at the venue
    seen: Book  # as known here
    tickets: NDArray[np.void]  # TICKET log, one for each order
    requests: NDArray[np.void]  # REQUEST log
    pending: NDArray[np.int64]  # rows of requests on their way
    reports: NDArray[np.void]  # REPORT log
    samples: NDArray[np.void]  # SAMPLE log
    latencies: NDArray[np.void]  # LATENCY, recorded
    tickers: NDArray[np.void]  # TICKER (K,)
    clock: NDArray[np.void]  # CLOCK (1,)
    around: Surroundings
