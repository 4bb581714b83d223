"""How much of a result to believe: what it hangs on, in figures and in sentences."""

from tradewright.portfolio.analysis.chapters import Analysis, Chapter, analyse
from tradewright.portfolio.analysis.optimism import touched_only
from tradewright.portfolio.analysis.sentences import SENTENCES

__all__ = ["SENTENCES", "Analysis", "Chapter", "analyse", "touched_only"]
