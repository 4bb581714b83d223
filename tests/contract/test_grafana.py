"""The dashboard asks for metrics that the server tells."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tradewright.api.metrics import Metrics

DASHBOARD = Path(__file__).resolve().parents[2] / "deploy/grafana/tradewright.json"


def test_every_panel_asks_for_metrics_that_are_told():
    """A name that nobody tells would be an empty picture."""
    metrics = Metrics()
    metrics.answered("GET", "/api/v1/jobs", 200, 0.01)
    told = {line.split("{")[0].split(" ")[0] for line in metrics.text().decode().splitlines() if line[0] != "#"}
    asked = [panel["targets"][0]["expr"] for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]]
    assert len(asked) == 6
    for expression in asked:
        names = re.findall(r"(?:tradewright|process)_\w+", expression)
        assert names
        assert set(names) <= told, expression
