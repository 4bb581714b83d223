"""The slow twin of a team: whose row is whose, by which rules each plays, and what each began with."""

from __future__ import annotations

from tradewright.kernels.params import Rules
from tradewright.kernels.records import Market

__all__ = ["Team"]


class Team:
    """Number 0 is the account, to which every row belongs; the members follow."""

    def __init__(self, market: Market, rules: Rules, balance: float) -> None:
        self.rules = [rules, *(Rules(*member.item()[:-1]) for member in market.team)]
        self.capital = [balance, *(float(member["capital"]) for member in market.team)]
        self.of_row = [int(number) for number in market.specs["member"]]
        self.leg = [int(side) for side in market.specs["side"]]
        self.instrument = [int(number) - 1 if number else k for k, number in enumerate(market.specs["underlying"])]
        """The first row of the same instrument."""

    def rows(self, who: int) -> list[int]:
        """Whatever belongs to the account or to a member."""
        return [k for k, owner in enumerate(self.of_row) if who in (0, owner)]

    def mates(self, k: int) -> list[int]:
        """The other rows of the same member."""
        return [j for j in self.rows(self.of_row[k]) if j != k]

    def beside(self, k: int) -> list[int]:
        """The other rows of the same instrument."""
        return [j for j, first in enumerate(self.instrument) if first == self.instrument[k] and j != k]

    def legs(self, k: int) -> list[int]:
        """The long and the short leg of a hedge, of which one is given; else the row itself."""
        return {1: [k, k + 1], -1: [k - 1, k]}.get(self.leg[k], [k])

    def watchers(self, k: int) -> list[int]:
        """Whose limits a row must keep: those of the account, and of its member."""
        return sorted({0, self.of_row[k]})
