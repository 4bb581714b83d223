"""Records that leave the engine: what two runs gave is compared to the byte, so every byte of them is a value."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.kernels.records import FILL, ORDER, PAYMENT, POSITION, REFUSAL
from tradewright.kernels.replay_records import REPORT, SAMPLE


@pytest.mark.parametrize("kind", [FILL, ORDER, PAYMENT, POSITION, REFUSAL, REPORT, SAMPLE])
def test_record_has_no_byte_that_nobody_writes(kind: np.dtype[np.void]) -> None:
    """A gap for alignment keeps what lay in memory: rows that are taken by a mask would differ where nothing does."""
    assert kind.fields is not None
    assert sum(field[0].itemsize for field in kind.fields.values()) == kind.itemsize
    assert kind.isalignedstruct
