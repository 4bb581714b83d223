"""Where the API lies."""

from __future__ import annotations

__all__ = ["PREFIX"]

PREFIX = "/api/v1"
