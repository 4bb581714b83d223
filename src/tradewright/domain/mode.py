"""Whether what is done is make-believe or real: a type, so that the one is never handed to what does the other."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["LIVE", "SIMULATION", "Live", "Mode", "Simulation"]

Simulation = Literal["simulation"]
"""Paper: nothing leaves this machine."""
Live = Literal["live"]
"""Orders go to a venue, with money."""
Mode = Literal["simulation", "live"]

SIMULATION: Final[Simulation] = "simulation"
LIVE: Final[Live] = "live"
