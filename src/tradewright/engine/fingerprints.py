"""SHA-256 of what went into a run and of what came out: equal runs can be recognised, unequal ones explained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewright.engine.drilling import Drilled
from tradewright.engine.feed import Feed
from tradewright.kernels.records import World

__all__ = ["columns_digest", "data_fingerprint", "feed_fingerprint", "outcome_fingerprint"]


def columns_digest(*columns: NDArray[np.generic]) -> str:
    """Digest of columns, byte for byte, in the order given."""
    digest = hashlib.sha256()
    for column in columns:
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _records_digest(records: NDArray[np.void]) -> str:
    # Field by field: the padding between the fields of a record is nobody's business.
    return columns_digest(*(records[name] for name in records.dtype.names or ()))


def feed_fingerprint(feed: Feed) -> str:
    """Digests of all that a run reads of one feed, one after the other: bars, funding, marks and spreads."""
    parts = [columns_digest(*feed.bars)]
    if feed.context is not None:
        parts.append(columns_digest(*feed.context))
    parts += [columns_digest(*(feed.htf or ())), columns_digest(*(feed.funding or ()))]
    parts += [columns_digest(*beside) for beside in (feed.mark, feed.spread) if beside is not None]
    return "".join(parts)


def data_fingerprint(feeds: Sequence[str], drilled: Sequence[Drilled] = ()) -> str:
    """Digest of every bar, mark, spread and funding rate that a run reads, by the `feed_fingerprint` of each feed."""
    digest = hashlib.sha256("".join(feeds).encode())
    for part in drilled:
        if part.bars:
            digest.update(part.fingerprint.encode())
    return digest.hexdigest()


def outcome_fingerprint(world: World) -> str:
    """Digest of all that a run did: fills, orders, payments, refusals, and equity at every close."""
    logs = (world.fills, world.closed, world.payments, world.refusals)
    parts = [_records_digest(log) for log in logs] + [columns_digest(world.equity)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()
