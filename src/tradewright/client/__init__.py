"""A client of the API server: `Client`. What its methods take and give is generated from the schema."""

from __future__ import annotations

from tradewright.client.client import Client
from tradewright.client.problem import ProblemError

__all__ = ["Client", "ProblemError"]
