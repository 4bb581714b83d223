"""What the server counts and measures, as Prometheus scrapes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

__all__ = ["CONTENT_TYPE_LATEST", "Figures", "Metrics"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures(NamedTuple):
    """The most asked-for figures, of this process since it began.

    Attributes:
        uptime_s: seconds.
        requests: that were answered.
        errors: of them, with a status of 500 or more.
        mean_ms: of a request.
        memory_bytes: resident.
        cpu_s: processor time.
    """

    uptime_s: float
    requests: int
    errors: int
    mean_ms: float
    memory_bytes: int
    cpu_s: float


class Metrics:
    """Counts and measures of one application."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._now, self._begun = now, now()
        self._requests = Counter(
            "tradewright_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "tradewright_http_request_seconds", "Time to answer.", ("method", "route"), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._gauges: dict[str, Gauge] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request.

        Args:
            method: of HTTP.
            route: the path with its parameters' names, so that ids do not multiply the series.
            status: of HTTP.
            seconds: that it took.
        """
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def follow(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Tell a figure that is read when it is asked for."""
        gauge = self._gauges.get(name)
        if gauge is None:
            gauge = self._gauges[name] = Gauge(f"tradewright_{name}", meaning, registry=self.registry)
        gauge.set_function(read)

    def text(self) -> bytes:
        """Everything, in the text format."""
        return generate_latest(self.registry)

    def figures(self) -> Figures:
        """See `Figures`."""
        counts = list(self._samples("tradewright_http_requests_total"))
        requests = sum(value for _, value in counts)
        errors = sum(value for status, value in counts if status.startswith("5"))
        seconds = sum(value for _, value in self._samples("tradewright_http_request_seconds_sum"))
        return Figures(
            round(self._now() - self._begun, 3), int(requests), int(errors),
            round(1_000 * seconds / requests, 3) if requests else 0.0,
            int(self._only("process_resident_memory_bytes")), round(self._only("process_cpu_seconds_total"), 3),
        )  # fmt: skip

    def _samples(self, name: str) -> Iterable[tuple[str, float]]:
        for family in self.registry.collect():
            for sample in family.samples:
                if sample.name == name:
                    yield sample.labels.get("status", ""), sample.value

    def _only(self, name: str) -> float:
        return next((value for _, value in self._samples(name)), 0.0)
