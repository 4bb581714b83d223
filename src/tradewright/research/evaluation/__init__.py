"""Strategies side by side: which is better, and whether the sample is large enough to say so."""

from tradewright.research.evaluation.page import render_evaluation
from tradewright.research.evaluation.ranking import Cell, Contender, Evaluation, Standing, rank

__all__ = ["Cell", "Contender", "Evaluation", "Standing", "rank", "render_evaluation"]
