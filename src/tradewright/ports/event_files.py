"""Files in which a market was recorded as it happened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewright.domain.instrument import Instrument

__all__ = ["EventFiles", "RecordedEvents"]


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """What a file holds.

    Args:
        events: EVENT of `market.events`, with a whole book where the file has one.
        gaps: how often the book was lost.
        left_out: rows that cannot be used, in words, none where all can.
    """

    events: NDArray[np.void]
    gaps: int
    left_out: tuple[str, ...]


class EventFiles(Protocol):
    """Reads recorded markets."""

    def read(self, path: Path, instrument: Instrument) -> RecordedEvents:
        """Read a file.

        Raises:
            DataError: it is absent, of an unknown kind, damaged, or holds what no such market can.
        """
        ...
