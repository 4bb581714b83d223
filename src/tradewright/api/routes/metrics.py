"""`/metrics`, where Prometheus looks for it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tradewright.api.asking import Viewer
from tradewright.api.metrics import CONTENT_TYPE_LATEST, Metrics
from tradewright.api.problems import PROBLEMS

__all__ = ["metrics_of", "router"]

router = APIRouter(tags=["status"], responses=PROBLEMS)


def metrics_of(request: Request) -> Metrics:
    """What the application counts."""
    metrics = request.app.state.metrics
    assert isinstance(metrics, Metrics)
    return metrics


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def scrape_metrics(request: Request, _: Viewer) -> Response:
    """Give every metric in the text format of Prometheus; it sends a token as `Authorization: Bearer`."""
    return Response(metrics_of(request).text(), media_type=CONTENT_TYPE_LATEST)
