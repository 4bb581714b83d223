"""Where leak passports are kept, so that a strategy is tested once for each state of its code."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["PassportStore"]


class PassportStore(Protocol):
    """Verdicts of the leak test by strategy and fingerprint (of code, parameters and timeframes)."""

    def load(self, strategy: str, fingerprint: str) -> dict[str, Any] | None:
        """The verdict, or None where that state of the strategy was not tested or the file is damaged."""
        ...

    def save(self, strategy: str, fingerprint: str, passport: dict[str, Any]) -> None:
        """Keep a verdict."""
        ...
