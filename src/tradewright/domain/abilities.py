"""What a venue can do, as data: what it cannot is refused in words, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tradewright.domain.orders import NewOrder, Rejected
from tradewright.domain.signal import EntryKind, ForceName

__all__ = ["ABILITIES", "FORCES", "KINDS", "Ability", "MarketKind", "VenueAbilities"]

MarketKind = Literal["spot", "linear"]
Ability = Literal[
    "client_ids",
    "reduce_only",
    "close_position",
    "mark_trigger",
    "price_protect",
    "modify",
    "cancel_all",
    "batch",
    "find_by_client_id",
    "open_conditionals",
    "fills_since",
    "positions",
    "leverage",
    "margin_mode",
    "hedge",
    "countdown",
    "order_events",
    "fill_events",
    "balance_events",
    "position_events",
    "margin_tiers",
]

ABILITIES: dict[Ability, tuple[str, str]] = {
    "client_ids": ("orders carry a name of ours", "an order whose answer is lost can only be looked for by its terms"),
    "reduce_only": ("an order can be bound to close only", "what should only close may open"),
    "close_position": ("an order can close whatever is held when it acts", "stops must follow the position's size"),
    "mark_trigger": ("triggers can watch the mark price", "triggers watch the last price"),
    "price_protect": ("triggers are held back while last and mark lie apart", "trade with --price-protect 0"),
    "modify": ("an open order can be changed in place", "cancel it and place another"),
    "cancel_all": ("all orders of an instrument go by one request", "they are cancelled one by one"),
    "batch": ("several orders go by one request", "they are placed one after the other"),
    "find_by_client_id": ("an order is found by our name for it", "an unknown outcome is told from the list of orders"),
    "open_conditionals": ("orders that wait for a trigger are listed", "keep their ids: they cannot be found again"),
    "fills_since": ("executions are listed from a time on", "fills that were not heard cannot be made up"),
    "positions": ("what is held is told", "it is summed up from the fills"),
    "leverage": ("leverage is set here", "set it at the venue"),
    "margin_mode": ("cross or isolated margin is set here", "set it at the venue"),
    "hedge": ("long and short of one instrument can be held side by side", "one position for each instrument"),
    "countdown": ("orders are cancelled if we fall silent", "orders stay when this process dies"),
    "order_events": ("changes of orders are told at once", "orders are asked for again and again"),
    "fill_events": ("executions are told at once", "fills are asked for again and again"),
    "balance_events": ("changes of balances are told at once", "balances are asked for again and again"),
    "position_events": ("changes of positions are told at once", "positions are asked for again and again"),
    "margin_tiers": ("the margin table is told", "a plain table of ours is assumed"),
}
"""What each ability means, and what is done without it."""

KINDS: tuple[EntryKind, ...] = (
    "market", "limit", "stop", "stop_limit", "take_profit", "take_profit_limit", "trailing_stop",
)  # fmt: skip
FORCES: tuple[ForceName, ...] = ("gtc", "ioc", "fok", "gtx", "gtd")


@dataclass(frozen=True, slots=True)
class VenueAbilities:
    """The abilities of one venue.

    Args:
        venue: its name.
        title: its name for people.
        markets: kinds of instruments that can be traded here.
        kinds: of orders that it takes.
        forces: times in force that it takes.
        can: everything else.
        longest_client_id: letters that a name of ours may have; 0 where orders carry none.
        batch: orders in one request, at most; 1 without the ability.
        request_life_s: seconds after which a request that was on its way is not carried out any more.
    """

    venue: str
    title: str
    markets: tuple[MarketKind, ...]
    kinds: frozenset[EntryKind]
    forces: frozenset[ForceName]
    can: frozenset[Ability]
    longest_client_id: int = 36
    batch: int = 1
    request_life_s: float = 60.0

    def lacks(self, *wanted: Ability) -> Rejected | None:
        """The refusal of a request that needs what is not there; None where all is."""
        for ability in wanted:
            if ability not in self.can:
                meaning, instead = ABILITIES[ability]
                return self._refusal(f"{meaning}: not at {self.venue}; {instead}")
        return None

    def refusal(self, order: NewOrder) -> Rejected | None:
        """The refusal of an order that the venue cannot take; None for one that it can."""
        if order.kind not in self.kinds:
            known = ", ".join(kind for kind in KINDS if kind in self.kinds)
            return self._refusal(f"{self.venue} has no orders of kind {order.kind}; it has {known}")
        if order.time_in_force not in self.forces:
            known = ", ".join(force for force in FORCES if force in self.forces)
            return self._refusal(f"{self.venue} has no time in force {order.time_in_force}; it has {known}")
        market: MarketKind = "linear" if ":" in order.instrument else "spot"
        if market not in self.markets:
            return self._refusal(f"{self.venue} trades {' and '.join(self.markets)} here, not {order.instrument}")
        if 0 < self.longest_client_id < len(order.client_id):
            return self._refusal(f"{self.venue} takes client ids of {self.longest_client_id} letters at most")
        return self.lacks(*_needed(order))

    @staticmethod
    def _refusal(text: str) -> Rejected:
        return Rejected(text, was_sent=False)


def _needed(order: NewOrder) -> list[Ability]:
    wishes: tuple[tuple[bool, Ability], ...] = (
        (order.reduce_only, "reduce_only"),
        (order.close_position, "close_position"),
        (order.leg != "", "hedge"),
        (order.is_conditional and order.trigger_by == "mark", "mark_trigger"),
        (order.price_protect, "price_protect"),
    )
    return [ability for wished, ability in wishes if wished]
