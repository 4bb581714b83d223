"""Parents and their children, put together again from the logs of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Worked", "worked"]


class Worked(NamedTuple):
    """What became of a parent.

    Attributes:
        instrument: row of it.
        parent: tag of the parent.
        orders: ids of its children, ascending.
        lots: that all children asked for.
        filled: of them.
        average_ticks: mean price of the fills, weighed by lots; NaN without any.
    """

    instrument: int
    parent: int
    orders: tuple[int, ...]
    lots: int
    filled: int
    average_ticks: float


def worked(orders: NDArray[np.void], fills: NDArray[np.void]) -> tuple[Worked, ...]:
    """Every parent with its children, by instrument and tag.

    Args:
        orders: ORDER records, open and closed together.
        fills: FILL records.
    """
    children = orders[orders["parent"] > 0]
    keys = sorted({(int(row["instrument"]), int(row["parent"])) for row in children})
    return tuple(_of(key, children, fills) for key in keys)


def _of(key: tuple[int, int], children: NDArray[np.void], fills: NDArray[np.void]) -> Worked:
    own = children[(children["instrument"] == key[0]) & (children["parent"] == key[1])]
    got = fills[np.isin(fills["order_id"], own["id"])]
    filled = int(got["lots"].sum())
    average = float((got["ticks"] * got["lots"]).sum() / filled) if filled else float("nan")
    return Worked(*key, tuple(sorted(own["id"].tolist())), int(own["lots"].sum()), filled, average)
