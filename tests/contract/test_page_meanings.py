"""What settings mean is said in Ukrainian on the page, for every key that there is."""

from __future__ import annotations

import json
from pathlib import Path

from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.reading import presets

MEANINGS = Path(__file__).resolve().parents[2] / "web/src/features/settings/meanings.uk.json"
TEXTS = Path(__file__).resolve().parents[2] / "web/src/i18n"


def test_every_setting_has_its_meaning_in_ukrainian() -> None:
    """No key without a meaning, no meaning without a key; what is said of presets and of missing effects, too."""
    told = json.loads(MEANINGS.read_text(encoding="utf-8"))
    assert list(leaves()) == list(told["keys"])
    english = {leaf.later for leaf in leaves().values() if leaf.later} | set(presets().values())
    assert english == set(told["phrases"])


def test_every_section_has_a_name_on_the_page() -> None:
    """A section that is added gets its name and what it is about."""
    sections = {path.partition(".")[0] for path in leaves()}
    texts = json.loads((TEXTS / "en/settings.json").read_text(encoding="utf-8"))
    assert sections == set(texts["section"]) == set(texts["about"])
