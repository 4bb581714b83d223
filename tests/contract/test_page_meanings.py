"""What settings mean is said in Ukrainian on the page, for every key that there is."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import re
from pathlib import Path

from tradewright.api.codes import CODES
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.reading import Sources, presets, read
from tradewright.bootstrap.config.uses import missing_for_live
from tradewright.domain.errors import TradewrightError
from tradewright.domain.job import KINDS
from tradewright.services import health
from tradewright.services.jobs.queue import Standing
from tradewright.services.strategies import find_strategies

MEANINGS = Path(__file__).resolve().parents[2] / "web/src/lib/serverWords.uk.json"
STRATEGIES = MEANINGS.with_name("strategyWords.uk.json")
TEXTS = Path(__file__).resolve().parents[2] / "web/src/i18n"


def test_every_setting_has_its_meaning_in_ukrainian() -> None:
    """No key without a meaning, no meaning without a key; what is said of presets, too."""
    told = json.loads(MEANINGS.read_text(encoding="utf-8"))
    assert list(leaves()) == list(told["keys"])
    assert set() == set(presets().values()) - set(told["phrases"])


def test_what_health_says_is_known_in_ukrainian(tmp_path: Path) -> None:
    """Every reason that a check gives, its numbers left out, has its sentence; so has what live trading lacks."""
    told = json.loads(MEANINGS.read_text(encoding="utf-8"))["phrases"]
    server = _server(
        Standing(waiting=2, running=0, workers=0, places=2, oldest_s=700.0),
        Standing(waiting=2, running=1, workers=1, places=2, oldest_s=700.0),
        Standing(waiting=0, running=0, workers=1, places=2, oldest_s=0.0),
    )
    said = {re.sub(r"\d[\d,]*(\.\d+)?", "#", reason) for reason in server}
    written = set(re.findall(r'"((?:it|there|little|the clock|no sign) [^"]+)"', inspect.getsource(health)))
    lacks = missing_for_live(read(Sources(environment={}, folder=tmp_path))[0])
    lacking = {words for words in lacks if not words.startswith("TRADING_")}
    assert set() == (said | written | lacking | {"no answer within # s"}) - set(told)


def _server(*standings: Standing) -> list[str]:
    return [asyncio.run(health.queue_check(lambda now=now: now)())[0].reason for now in standings]


def test_every_built_in_strategy_is_told_in_ukrainian() -> None:
    """What it does, from the English as it stands now, and each of its parameters; no text without a strategy."""
    told = json.loads(STRATEGIES.read_text(encoding="utf-8"))
    registry = find_strategies()
    cards = [registry.describe(name) for name in registry.names()]
    digests = {card.name: hashlib.sha256(card.doc.encode()).hexdigest()[:12] for card in cards}
    assert digests == {name: one["of"] for name, one in told["strategies"].items()}
    assert {param.doc for card in cards for param in card.params} == set(told["params"])
    for card in cards:
        whole = told["strategies"][card.name]["doc"]
        assert set(re.findall(r"`\w+`", card.doc)) == set(re.findall(r"`\w+`", whole)), card.name
        assert card.doc.count("\n\n") == whole.count("\n\n"), card.name


def test_every_kind_of_job_has_a_name_on_the_page() -> None:
    """In both languages."""
    for language in ("en", "uk"):
        texts = json.loads((TEXTS / language / "jobs.json").read_text(encoding="utf-8"))
        assert set(KINDS) == set(texts["kind"])


def test_every_section_has_a_name_on_the_page() -> None:
    """A section that is added gets its name and what it is about."""
    sections = {path.partition(".")[0] for path in leaves()}
    texts = json.loads((TEXTS / "en/settings.json").read_text(encoding="utf-8"))
    assert sections == set(texts["section"]) == set(texts["about"])


def test_every_code_of_a_problem_is_told_in_both_languages() -> None:
    """By a text of its own, or in short before what the server said; and none that nobody sends."""
    codes = {one.code for one in _errors(TradewrightError)} | set(CODES)
    for language in ("en", "uk"):
        texts = json.loads((TEXTS / language / "problem.json").read_text(encoding="utf-8"))
        whole = {name for name, text in texts.items() if isinstance(text, str)}
        assert codes == (whole - {"unreachable"}) | set(texts["gist"])
        assert set() == whole & set(texts["gist"])


def _errors(kind: type[TradewrightError]) -> set[type[TradewrightError]]:
    return {kind}.union(*(_errors(one) for one in kind.__subclasses__() if one.__module__.endswith("domain.errors")))
