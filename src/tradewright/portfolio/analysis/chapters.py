"""The chapters of the analysis, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradewright.domain.enums import OrderRole
from tradewright.domain.run import RunSpec
from tradewright.domain.trade import Trade
from tradewright.portfolio.analysis.capacity import SHARE_OF_BAR, capacity
from tradewright.portfolio.analysis.cost_split import cost_split
from tradewright.portfolio.analysis.doubt import doubt
from tradewright.portfolio.analysis.margin_use import margin_use
from tradewright.portfolio.analysis.optimism import optimism
from tradewright.portfolio.analysis.sentences import Speaker, Words
from tradewright.portfolio.run_log import RunLog

__all__ = ["Analysis", "Chapter", "analyse"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One question put to a run.

    Args:
        figures: by name, plain data; None where one is not defined.
        words: the answer.
    """

    figures: dict[str, Any]
    words: Words

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        words = self.words
        return {"figures": self.figures, "code": words.code, "text": words.text, "values": words.values}


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a result hangs on.

    Args:
        optimism: limits that the price only touched.
        costs: where the gross profit went; with `per_instrument`.
        doubt: what the policy decided inside bars.
        margin: how much was bound, and how near a forced close was.
        capacity: fills beside the volume of their bars.
    """

    optimism: Chapter
    costs: Chapter
    doubt: Chapter
    margin: Chapter
    capacity: Chapter

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, in the order in which it is read."""
        return {name: getattr(self, name).as_dict() for name in self.__dataclass_fields__}


def analyse(log: RunLog, trades: Sequence[Trade], spec: RunSpec) -> Analysis:
    """Ask what a run hangs on.

    Args:
        log: what the engine logged.
        trades: of the run.
        spec: of the run.
    """
    spread = spec.costs.spread_bps
    costs = cost_split(log, trades, spread)
    symbols = [instrument.symbol for instrument in log.instruments]
    costs["per_instrument"] = {symbol: cost_split(log, trades, spread, symbol) for symbol in symbols}
    forced = int(np.sum(log.fills["role"] == OrderRole.LIQUIDATION))
    speaker = Speaker(log.instruments[0].quote, spec.fills.ambiguity, forced)
    hope, unsure, bound = optimism(log, trades), doubt(log, trades), margin_use(log)
    room = capacity(log) | {"limit": SHARE_OF_BAR}
    return Analysis(
        optimism=Chapter(hope, speaker.of_optimism(hope)),
        costs=Chapter(costs, speaker.of_costs(costs)),
        doubt=Chapter(unsure, speaker.of_doubt(unsure | {"fills": int(log.fills.size)})),
        margin=Chapter(bound, speaker.of_margin(bound)),
        capacity=Chapter(room, speaker.of_capacity(room)),
    )
