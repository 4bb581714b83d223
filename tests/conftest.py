"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

_REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of recorded market data that is kept beside the project; skipped where it is absent."""
    if not _REAL_DATA.is_dir():
        pytest.skip(f"recorded market data is not at {_REAL_DATA}")
    return _REAL_DATA
