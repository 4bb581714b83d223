"""All of it before an application."""

from __future__ import annotations

from fastapi import FastAPI

from tradewright.api.guard.body_size import BodySize
from tradewright.api.guard.once import Once
from tradewright.api.guard.origins import Origins
from tradewright.api.guard.patience import BodyTime
from tradewright.api.guard.rates import Rates
from tradewright.api.guard.request_ids import RequestIds
from tradewright.api.guard.security_headers import SecurityHeaders
from tradewright.api.guard.terms import GuardTerms
from tradewright.api.metrics import Metrics
from tradewright.api.observing import Observing

__all__ = ["stand_guard"]


def stand_guard(app: FastAPI, terms: GuardTerms, metrics: Metrics) -> None:
    """Let every request pass: its id, the log, headers, name and origin, rate, time, size, its key."""
    # What is added last is passed first.
    app.add_middleware(Once)
    app.add_middleware(BodySize, most=terms.body_bytes)
    app.add_middleware(BodyTime)
    app.add_middleware(Rates, terms=terms)
    app.add_middleware(Origins, names=terms.names)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observing, metrics=metrics)
    app.add_middleware(RequestIds)
