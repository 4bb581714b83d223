"""An evaluation as one HTML page that needs nothing else: the ranking, and a heat map of where each one earned."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

__all__ = ["render_evaluation"]


def render_evaluation(data: Mapping[str, Any]) -> str:
    """Draw an evaluation. The same data gives the same text."""
    words = {key: {"en": pair[0], "uk": pair[1]} for key, pair in sorted(tomllib.loads(_part("words.toml")).items())}
    parts = {"css": _part("page.css"), "data": _script_safe({**data, "text": words}), "script": _part("page.js")}
    pieces = _part("page.html").replace("}}", "{{").split("{{")
    return "".join(parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _part(name: str) -> str:
    return (files("tradewright.research.evaluation") / "files" / name).read_text(encoding="utf-8")


def _script_safe(data: object) -> str:
    # "<" could end the script or open a comment; in JSON it may be written as an escape.
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
