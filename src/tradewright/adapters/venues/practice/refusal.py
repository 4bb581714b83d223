"""What the venue says when it refuses, by number, in its own words."""

from __future__ import annotations

from tradewright.domain.enums import Code

__all__ = ["VenueError", "refusal_of", "refuse"]

_TEXTS = {
    -1000: "An unknown error occurred while processing the request.",
    -1001: "Internal error; unable to process your request. Please try again.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    -1008: "Server is currently overloaded with other requests. Please try again in a few minutes.",
    -1016: "This service is no longer available.",
    -1020: "This operation is not supported.",
    -1022: "Signature for this request is not valid.",
    -1111: "Precision is over the maximum defined for this asset.",
    -1112: "No orders on book for symbol.",
    -1115: "Invalid timeInForce.",
    -1116: "Invalid orderType.",
    -1117: "Invalid side.",
    -1120: "Invalid interval.",
    -1121: "Invalid symbol.",
    -1125: "This listenKey does not exist.",
    -1127: "More than 24 hours between startTime and endTime.",
    -1128: "Combination of optional parameters invalid.",
    -2011: "Unknown order sent.",
    -2013: "Order does not exist.",
    -2014: "API-key format invalid.",
    -2015: "Invalid API-key, IP, or permissions for action.",
    -2019: "Margin is insufficient.",
    -2021: "Order would immediately trigger.",
    -2022: "ReduceOnly Order is rejected.",
    -2023: "User in liquidation mode now.",
    -2025: "Reach max open order limit.",
    -2027: "Exceeded the maximum allowable position at current leverage.",
    -2028: "Leverage is smaller than permitted: insufficient margin balance.",
    -4001: "Price less than 0.",
    -4002: "Price greater than max price.",
    -4003: "Quantity less than or equal to zero.",
    -4004: "Quantity less than min quantity.",
    -4005: "Quantity greater than max quantity.",
    -4013: "Price less than min price.",
    -4014: "Price not increased by tick size.",
    -4015: "Client order id is not valid.",
    -4023: "Qty not increased by step size.",
    -4028: "Leverage {} is not valid",
    -4045: "Reach max stop order limit.",
    -4046: "No need to change margin type.",
    -4047: "Margin type cannot be changed if there exists open orders.",
    -4048: "Margin type cannot be changed if there exists position.",
    -4049: "Add margin only support for isolated position.",
    -4050: "Cross balance insufficient.",
    -4051: "Isolated balance insufficient.",
    -4054: "Cannot add position margin: position is 0.",
    -4055: "Amount must be positive.",
    -4059: "No need to change position side.",
    -4060: "Invalid position side.",
    -4061: "Order's position side does not match user's setting.",
    -4067: "Position side cannot be changed if there exists open orders.",
    -4068: "Position side cannot be changed if there exists position.",
    -4116: "ClientOrderId is duplicated.",
    -4120: "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    -4135: "Invalid activation price",
    -4136: "Target strategy invalid for orderType {},closePosition true",
    -4137: "Quantity must be zero with closePosition equals true.",
    -4161: "Leverage reduction is not supported in Isolated Margin Mode with open positions.",
    -4164: "Order's notional must be no smaller than {} (unless you choose reduce only)",
    -4167: "Unable to adjust to Multi-Assets mode with symbols of USDⓈ-M Futures under isolated-margin mode.",
    -4168: "Unable to adjust to isolated-margin mode under the Multi-Assets mode.",
    -4170: "Unable to adjust Multi-Assets Mode with open orders in USDⓈ-M Futures.",
    -4171: "Adjusted asset mode is currently set and does not need to be adjusted repeatedly",
    -4192: "Trade forbidden due to Cooling-off Period.",
    -4400: "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later.",
    -5021: "Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be"
    " recorded in the order history",
    -5022: "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not"
    " be recorded in the order history",
    -5026: "Exceed maximum modify order limit.",
    -5027: "No need to modify the order.",
}

_OF_KERNEL = {
    Code.MARGIN_INSUFFICIENT: -2019,
    Code.EQUITY_EXHAUSTED: -2019,
    Code.LEVERAGE_ABOVE_TIER: -2027,
    Code.NOTHING_TO_REDUCE: -2022,
    Code.NOTHING_TO_EXIT: -2022,
    Code.LEG_SAYS_WHAT_REDUCES: -2022,
    Code.WOULD_TRIGGER_AT_ONCE: -2021,
    Code.POST_ONLY_WOULD_TAKE: -5022,
    Code.FOK_NOT_WHOLE: -5021,
    Code.QUANTITY_BELOW_MINIMUM: -4004,
    Code.QUANTITY_ABOVE_MAXIMUM: -4005,
    Code.QUANTITY_OFF_STEP: -4023,
    Code.PRICE_BELOW_MINIMUM: -4013,
    Code.PRICE_ABOVE_MAXIMUM: -4002,
    Code.NOTIONAL_BELOW_MINIMUM: -4164,
    Code.TOO_MANY_ORDERS: -2025,
    Code.NO_ROOM_FOR_ORDERS: -2025,
    Code.TOO_MANY_CONDITIONALS: -4045,
    Code.ORDER_UNKNOWN: -2011,
    Code.NOT_MODIFIABLE: -1020,
    Code.CHANGED_TOO_OFTEN: -5026,
}


class VenueError(Exception):
    """The venue refuses a request.

    Args:
        code: the venue's number, below 0.
        message: its words.
        status: of HTTP.
    """

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status

    @property
    def body(self) -> dict[str, object]:
        """What is sent."""
        return {"code": self.code, "msg": self.message}


def refuse(code: int, *parts: object, status: int = 400) -> VenueError:
    """A refusal in the venue's words; `parts` go into their gaps."""
    return VenueError(code, _TEXTS[code].format(*parts), status)


def refusal_of(code: int, limit: str) -> VenueError:
    """The words for what a kernel has refused.

    Args:
        code: `domain.enums.Code`.
        limit: the number that was compared with, as the venue would write it.
    """
    kernel = Code(code)
    if kernel == Code.PRICE_ABOVE_BAND:
        return VenueError(-4016, f"Limit price can't be higher than {limit}.")
    if kernel == Code.PRICE_BELOW_BAND:
        return VenueError(-4024, f"Limit price can't be lower than {limit}.")
    return refuse(_OF_KERNEL.get(kernel, -1000), limit)
