"""Recorded markets under several queue models, put side by side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tradewright.domain.enums import QueueModel
from tradewright.services.tapes import TapeRun


def test_what_was_assumed_under_some_models_alone_names_them():
    """What all say is said once and plainly; the files' own notes come first."""
    told = {
        QueueModel.TOUCH: ("the market does not react", "8 orders were large"),
        QueueModel.LOG: ("the market does not react", "5 orders were large"),
        QueueModel.THROUGH: ("the market does not react", "5 orders were large"),
    }
    outcomes: Any = {model: SimpleNamespace(assumptions=notes) for model, notes in told.items()}
    tape: Any = None
    assert TapeRun(tape, 0, ("2 levels were left out",), outcomes, ()).assumptions == (
        "2 levels were left out",
        "the market does not react",
        "8 orders were large (under touch)",
        "5 orders were large (under log, through)",
    )
