"""Codes shared by the object floor and the kernels. The numbers are stored in results: never renumber."""

from __future__ import annotations

from enum import IntEnum, unique

__all__ = [
    "Ambiguity",
    "Arrival",
    "Code",
    "CommandKind",
    "EventKind",
    "FillFlag",
    "LatencyModel",
    "LimitFill",
    "Liquidity",
    "OnOpposite",
    "OrderRole",
    "OrderStatus",
    "OrderType",
    "QueueModel",
    "RequestKind",
    "SelfTrade",
    "Side",
    "SignalKind",
    "Sizing",
    "Slippage",
    "TimeInForce",
    "TriggerBy",
]


@unique
class Side(IntEnum):
    """Direction of a position or an order."""

    SHORT = -1
    FLAT = 0
    LONG = 1


@unique
class SignalKind(IntEnum):
    """What a strategy wishes at a bar's close."""

    SHORT = -1
    NONE = 0
    LONG = 1
    EXIT = 2
    """Leave the open position at the next open."""


@unique
class CommandKind(IntEnum):
    """What a command does; all but PLACE speak of an order that is there."""

    PLACE = 0
    MODIFY = 1
    CANCEL = 2
    CANCEL_ALL = 3
    """Every open order of the instrument."""


@unique
class OrderType(IntEnum):
    """How an order meets the market."""

    MARKET = 0
    LIMIT = 1
    STOP_MARKET = 2
    TAKE_PROFIT_MARKET = 3
    STOP_LIMIT = 4
    """A plain limit from its trigger on."""
    TAKE_PROFIT_LIMIT = 5
    TRAILING_STOP = 6


@unique
class TimeInForce(IntEnum):
    """How long an order works."""

    GTC = 0
    """Until cancelled."""
    IOC = 1
    """Fill at once what can be filled, and cancel the rest."""
    FOK = 2
    """Fill whole at once, or not at all."""
    GTX = 3
    """Post-only: reject it if it would take."""
    GTD = 4
    """For a number of bars; on a tape until a time."""


@unique
class TriggerBy(IntEnum):
    """Which price triggers a conditional order."""

    LAST = 0
    MARK = 1


@unique
class LimitFill(IntEnum):
    """When a resting limit fills."""

    THROUGH = 0
    """The price goes beyond it by a tick."""
    TOUCH = 1
    """The price reaches it."""
    PROB = 2
    """The price goes beyond it, or reaches it and a coin says yes."""


@unique
class OrderRole(IntEnum):
    """Why an order exists."""

    ENTRY = 0
    STOP_LOSS = 1
    TAKE_PROFIT = 2
    EXIT = 3
    LIQUIDATION = 4
    PLACED = 5
    """An order as such, which the strategy placed by a command."""


@unique
class OrderStatus(IntEnum):
    """Where an order stands in its life."""

    PENDING = 0
    """Created, arrives at the venue at the next bar's open."""
    OPEN = 1
    FILLED = 2
    CANCELED = 3
    REJECTED = 4
    PARTIALLY_FILLED = 5
    """Open still: the bar had less volume than it asked for."""


@unique
class Arrival(IntEnum):
    """How an order came to rest in the bar in which it was created."""

    AT_OPEN = 0
    """It was there from the bar's open, or came at its close."""
    ON_STOP = 1
    """Inside the bar, when a stop entry filled: price was moving with the new position."""
    ON_LIMIT = 2
    """Inside the bar, when a limit entry filled: price was moving against the new position."""
    IN_DOUBT = 3
    """Inside the bar, and how price was moving is not known: the mark reached a trigger, or a trailing stop fired where
    this very bar had moved it."""


@unique
class Liquidity(IntEnum):
    """Which side of the book a fill was."""

    MAKER = 0
    TAKER = 1


@unique
class FillFlag(IntEnum):
    """What is known of how a fill came about; bits, added up."""

    AMBIGUOUS = 1
    """The bar allowed another outcome; the policy decided."""
    GAP = 2
    """The bar opened beyond the level: a trigger fills at the open, a resting limit at its own price."""
    TOUCHED = 8
    """The price reached a resting limit and did not go through it."""
    DRILLED = 32
    """The bar left a doubt, and finer bars decided."""


@unique
class Ambiguity(IntEnum):
    """What is taken for true where a bar does not tell what came first. From OHLC on, the bar has one assumed path."""

    WORST = 0
    """The adverse side of the open position first; what is not proven goes against it."""
    BEST = 1
    """The favourable side first; what is not proven goes for it."""
    OHLC = 2
    """Open, high, low, close."""
    OLHC = 3
    """Open, low, high, close."""
    ADAPTIVE = 4
    """The extreme nearer to the open first; at equal distance the low."""
    RANDOM = 5
    """High or low first by the toss of a coin, which depends on the seed, the instrument's row and the bar's time."""
    SUBBAR = 6
    """WORST; but a bar that leaves a doubt is played again on finer bars, each of them as WORST."""
    SUBBAR_BEST = 7
    """The same, but what the finer bars still leave open goes for the position."""


@unique
class Sizing(IntEnum):
    """How much to trade."""

    RISK_FRACTION = 0
    """Lose a fraction of equity if the stop is hit."""
    EQUITY_FRACTION = 1
    """Hold a fraction of equity as notional."""
    FIXED_NOTIONAL = 2
    FIXED_QUANTITY = 3
    KELLY = 4
    """As RISK_FRACTION, with the fraction that the run's own closed trades give."""
    OPTIMAL_F = 5
    """The same by Vince's optimal f."""


@unique
class Slippage(IntEnum):
    """By what a taker's price gets worse, beyond half the spread."""

    RATE = 0
    """A share of the price; none is a share of nothing."""
    TICKS = 1
    VOLUME_SHARE = 2
    """The square of the order's share in the bar's volume."""
    SQUARE_ROOT = 3
    """The root of the order's share in a day's volume, times the day's volatility."""


@unique
class OnOpposite(IntEnum):
    """What a signal against the open position does."""

    IGNORE = 0
    CLOSE = 1
    REVERSE = 2


@unique
class Code(IntEnum):
    """What a kernel answers. The object floor owns the words (`risk.refusals`)."""

    OK = 0
    NEED_ROOM = 1
    """A log is full: give it room and call again; nothing is lost."""
    NEED_FINER = 2
    """A bar leaves a doubt: drill into it (`kernels.drilling`), or say that there are no finer bars; call again."""
    REWARD_RISK_TOO_LOW = 10
    STOP_MISSING = 11
    STOP_WRONG_SIDE = 12
    TARGET_WRONG_SIDE = 13
    QUANTITY_BELOW_MINIMUM = 14
    NOTIONAL_BELOW_MINIMUM = 15
    MARGIN_INSUFFICIENT = 16
    LEVERAGE_ABOVE_TIER = 17
    POSITION_OPEN = 18
    TOO_MANY_POSITIONS = 19
    NOTHING_TO_EXIT = 20
    EQUITY_EXHAUSTED = 21
    TARGET_MISSING = 22
    ENTRY_INVALID = 23
    NO_ROOM_FOR_ORDERS = 24
    SHORT_NOT_ALLOWED = 25
    WOULD_TRIGGER_AT_ONCE = 26
    POST_ONLY_WOULD_TAKE = 40
    IOC_EXPIRED = 41
    FOK_NOT_WHOLE = 42
    GTC_EXPIRED = 43
    """A venue keeps an order without a date for a year."""
    NEED_ORDER_ROOM = 60
    """Rows of open orders are too short for what comes: widen them and call again; nothing is lost."""
    ORDER_UNKNOWN = 61
    NOT_MODIFIABLE = 62
    NOTHING_TO_REDUCE = 63
    EXPOSURE_EXCEEDED = 64
    TAG_IN_USE = 65
    PRICE_OFF_TICK = 66
    PRICE_BELOW_MINIMUM = 67
    PRICE_ABOVE_MAXIMUM = 68
    QUANTITY_OFF_STEP = 69
    QUANTITY_ABOVE_MAXIMUM = 70
    PRICE_ABOVE_BAND = 71
    PRICE_BELOW_BAND = 72
    TOO_MANY_ORDERS = 73
    TOO_MANY_CONDITIONALS = 74
    QUANTITY_DONE = 75
    """A modified quantity is no more than what has been filled: the order is cancelled."""
    CHANGED_TOO_OFTEN = 76
    DAY_LOSS_REACHED = 120
    WEEK_LOSS_REACHED = 121
    DRAWDOWN_REACHED = 122
    LOSSES_IN_A_ROW = 123
    COOLING_DOWN = 124
    DAY_TARGET_MET = 125
    HEAT_EXCEEDED = 126
    NO_EDGE = 127
    TRIGGER_MISSING = 140
    CALLBACK_OUT_OF_RANGE = 141
    POST_ONLY_NEEDS_LIMIT = 142
    EXPIRY_MISSING = 143
    CLOSE_NEEDS_MARKET = 144
    NO_VOLUME_PROFILE = 145
    POSITION_TOO_LARGE = 146
    CORRELATION_EXCEEDED = 147
    LEG_SAYS_WHAT_REDUCES = 148
    NO_PRICE_YET = 149
    """Nothing has traded and nobody quotes: what an order without a price would cost is not known."""
    EXPIRY_TOO_SOON = 150
    BEYOND_TAKE_BOUND = 155
    """The market's price was further from the mark than a taker is let go."""
    BOOK_EXHAUSTED = 160
    """A market order was larger than everything that the book showed: the rest expired."""
    SELF_TRADE = 161
    VENUE_BUSY = 162
    """The venue refused a request by chance, as venues under load do."""


@unique
class EventKind(IntEnum):
    """What a row of a recorded stream tells."""

    TRADE = 0
    """A public print; its side is the taker's."""
    DEPTH = 1
    """The quantity at a price is now this; 0 lots remove it."""
    QUOTE = 2
    """As DEPTH, and nothing on its side is better."""
    CLEAR = 3
    """The book is empty: a snapshot follows in the same message."""


@unique
class RequestKind(IntEnum):
    """What a strategy asks a venue for."""

    PLACE = 0
    MODIFY = 1
    CANCEL = 2


@unique
class QueueModel(IntEnum):
    """When a resting limit order fills, and what is assumed of the queue ahead of it."""

    THROUGH = 0
    """No queue: a trade or the other side of the book goes beyond its price."""
    TOUCH = 1
    """No queue: a trade at its price is enough."""
    RISK_AVERSE = 2
    """All who leave the level stood behind: only trades shorten the queue ahead, and the level itself bounds it."""
    POWER = 3
    """Leavers are split by b^n : f^n, the lots behind and ahead."""
    POWER2 = 4
    """By b^n out of (b + f)^n."""
    POWER3 = 5
    """By 1 - (f / (b + f))^n."""
    LOG = 6
    """By log(1 + b) : log(1 + f)."""
    LOG2 = 7
    """By log(1 + b) out of log(1 + b + f)."""


@unique
class LatencyModel(IntEnum):
    """How long a request takes to the venue, and its answer back."""

    CONSTANT = 0
    LOGNORMAL = 1
    """The constant is the median; the seed and the number of the message decide."""
    RECORDED = 2
    """Interpolated between recorded round trips; a recorded refusal refuses what follows it."""


@unique
class SelfTrade(IntEnum):
    """What happens where an order of ours would trade with another of ours."""

    EXPIRE_MAKER = 0
    EXPIRE_TAKER = 1
    EXPIRE_BOTH = 2
    NONE = 3
    """Nobody looks: on bars, where our orders fill against the market, both may do so."""
