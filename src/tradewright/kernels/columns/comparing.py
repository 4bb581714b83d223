"""Where one column crosses another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewright.kernels.compiling import kernel

__all__ = ["mark_crosses"]


@kernel
def mark_crosses(over: NDArray[np.float64], under: NDArray[np.float64], crossed: NDArray[np.bool_]) -> None:
    """Write where `over` is greater than `under` and was not, one row before; never where one of the four is NaN.

    Args:
        over: what has come to lie above.
        under: what lies below it then.
        crossed: where it goes.
    """
    if over.size:
        crossed[0] = False
    for i in range(1, over.size):
        crossed[i] = (over[i] > under[i]) & (over[i - 1] <= under[i - 1])
