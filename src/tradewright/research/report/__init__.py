"""One run as a page: self-contained, interactive, in English and Ukrainian."""

from tradewright.research.report.render import ReportInput, render

__all__ = ["ReportInput", "render"]
