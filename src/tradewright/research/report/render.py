"""Data, styles, scripts and plotly become one file that needs nothing else."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass

from plotly.offline import get_plotlyjs

from tradewright.domain.run import RunResult
from tradewright.domain.timeframe import Timeframe
from tradewright.domain.trade import Trade
from tradewright.portfolio.run_log import RunLog
from tradewright.research.report import payload
from tradewright.research.report.wording import figure_rows, page_file, texts

__all__ = ["ReportInput", "render"]

_SCRIPTS = ("format.js", "charts.js", "candles.js", "trades.js", "analysis.js", "main.js")


@dataclass(frozen=True, slots=True)
class ReportInput:
    """What a report is drawn from.

    Args:
        result: head of the result.
        log: what the engine logged.
        trades: of the run.
    """

    result: RunResult
    log: RunLog
    trades: Sequence[Trade]


def render(source: ReportInput) -> str:
    """Draw a run as one HTML page: no network, no other file. The same input gives the same text."""
    length = Timeframe.parse(source.result.spec["timeframe"])
    data = {
        "result": source.result.as_dict(),
        "quote": source.log.instruments[0].quote,
        "barLength": length.ns / payload.MS,
        "curves": payload.curves(source.log),
        "months": payload.months(source.log.ts_close, source.log.equity, source.log.initial_balance),
        "markets": payload.markets(source.log, length),
        "trades": payload.trade_columns(source.log, source.trades),
        "metrics": figure_rows(),
        "text": texts(),
    }
    parts = {
        "title": html.escape(f"{source.result.strategy} · {source.result.symbol} · Tradewright"),
        "kind": _kind(source.result),
        "css": page_file("page.css"),
        "data": _script_safe(data),
        # A closing tag inside the library would end the script.
        "plotly": get_plotlyjs().replace("</script", "<\\/script"),
        "script": "\n".join(page_file(name) for name in _SCRIPTS),
    }
    pieces = page_file("page.html").replace("}}", "{{").split("{{")
    return "".join(parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _kind(result: RunResult) -> str:
    return "paper" if any(warning.code == "paper-session" for warning in result.warnings) else "backtest"


def _script_safe(data: object) -> str:
    # "<" could end the script or open a comment; in JSON it may be written as an escape.
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
