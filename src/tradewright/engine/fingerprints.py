"""SHA-256 of what went into a run and of what came out: equal runs can be recognised, unequal ones explained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.drilling import Drilled
from tradewright.engine.feed import Feed
from tradewright.kernels.records import World

__all__ = ["columns_digest", "data_fingerprint", "outcome_fingerprint"]


def columns_digest(*columns: NDArray[np.generic]) -> str:
    """Digest of columns, byte for byte, in the order given."""
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _records_digest(records: NDArray[np.void]) -> str:
    # Field by field: the padding between the fields of a record is nobody's business.
    return columns_digest(*(records[name] for name in records.dtype.names or ()))


def data_fingerprint(feeds: Sequence[Feed], drilled: Sequence[Drilled] = ()) -> str:
    """Digest of every bar, mark, spread and funding rate that a run reads."""
    digest = hashlib.sha256()
    for feed in feeds:
        digest.update(columns_digest(*feed.bars).encode())
        if feed.context is not None:
            digest.update(columns_digest(*feed.context).encode())
        digest.update(columns_digest(*(feed.htf or ())).encode())
        digest.update(columns_digest(*(feed.funding or ())).encode())
        if feed.mark is not None:
            digest.update(columns_digest(*feed.mark).encode())
        if feed.spread is not None:
            digest.update(columns_digest(*feed.spread).encode())
    for part in drilled:
        if part.bars:
            digest.update(part.fingerprint.encode())
    return digest.hexdigest()


def outcome_fingerprint(world: World) -> str:
    """Digest of all that a run did: fills, orders, payments, refusals, and equity at every close."""
    logs = (world.fills, world.closed, world.payments, world.refusals)
    parts = [_records_digest(log) for log in logs] + [columns_digest(world.equity)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()
