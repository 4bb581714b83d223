"""Whether a column has gaps: rows that are no finite number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel

__all__ = ["is_whole"]


@kernel
def is_whole(x: NDArray[np.float64]) -> bool:
    """True where every value is finite. It looks at all of them, for several at a time take less than one by one."""
    found = True
    for i in range(x.size):
        found &= abs(x[i]) < np.inf
    return found
