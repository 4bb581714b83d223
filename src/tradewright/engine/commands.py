"""Commands of a strategy as the rows that the kernels read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.records import COMMAND

__all__ = ["no_commands"]


def no_commands(room: int = 0, beyond: int = 0) -> NDArray[np.void]:
    """Rows that hold no command yet; they stand at a step beyond the last."""
    rows = np.zeros(room, COMMAND)
    rows["step"] = beyond
    return rows
