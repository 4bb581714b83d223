"""The adapter of CCXT against the practice exchange, over sockets, faults and all."""

from __future__ import annotations

import pytest

from tradewright.testing.venue_contract import OpenRig, VenueSuite
from tradewright.testing.venue_stream_contract import VenueStreamSuite
from tradewright.testing.venue_terms_contract import VenueTermsSuite
from tradewright.testing.venues import ccxt_on_practice, practice_rig


class TestCcxtOnPractice(VenueSuite, VenueTermsSuite, VenueStreamSuite):
    """The contract of venues, held by the adapter of CCXT."""

    @pytest.fixture
    def open_rig(self) -> OpenRig:
        """An account at an exchange of its own."""
        return lambda **changes: practice_rig(ccxt_on_practice, **changes)
