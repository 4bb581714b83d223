"""Finding strategies: good ones are found, bad ones are named and stop nothing."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from tradewright.domain.errors import DataError, InvalidValue, StrategyError, UnknownName
from tradewright.domain.timeframe import Timeframe
from tradewright.services import strategies as service
from tradewright.services.strategies import check_strategy, find_strategies, made_up_bars, strategy_from_file

HEAD = "from tradewright import Param, Signals, Strategy, ta\n"
GOOD = (
    HEAD
    + '''

class Breakout(Strategy):
    """Buy a close above the channel."""

    version = "1.0"
    length: int = Param(48, low=2, high=500, doc="bars of the channel")

    def signals(self, bars):
        return Signals.with_risk(bars, long=ta.crossed_above(bars.close, ta.sma(bars.close, 9)), risk=ta.atr(bars))
'''
)


def a_strategy(body: str, title: str = "class Broken(Strategy):\n") -> str:
    """A plug-in whose class begins on line 2 with a docstring and a version, and has `signals`."""
    return (
        HEAD
        + title
        + '    """Broken on purpose."""\n    version = "1.0"\n'
        + body
        + "    def signals(self, bars):\n        return Signals.none()\n"
    )


BAD = {
    "syntax error": (HEAD + "class X(Strategy)\n    pass\n", 2, "SyntaxError: expected ':'"),
    "not text": ("x = '\x00'\n", 1, "null bytes"),
    "import error": ("import tradewrong\n", 1, "ModuleNotFoundError: No module named 'tradewrong'"),
    "wrong name imported": (
        "from tradewright import Strategie\n",
        1,
        "ImportError: cannot import name 'Strategie' from 'tradewright'",
    ),
    "raises at import": ("x = 1\n\nraise RuntimeError('not today')\n", 3, "RuntimeError: not today"),
    "leaves at import": ("import sys\nsys.exit(3)\n", 2, "SystemExit: 3"),
    "no strategy": ("x = 1\n", 1, "no class here extends tradewright.Strategy"),
    "empty file": ("", 1, "no class here extends tradewright.Strategy"),
    "no docstring": (
        HEAD + "class Mute(Strategy):\n    version = '1'\n    def signals(self, bars): ...\n",
        2,
        "Mute has no docstring",
    ),
    "no version": (
        HEAD + 'class Old(Strategy):\n    """Old."""\n    def signals(self, bars): ...\n',
        2,
        "Old has no version; add a line such as `version = '1.0.0'`",
    ),
    "version is a number": (
        HEAD + 'class Old(Strategy):\n    """Old."""\n    version = 1\n    def signals(self, bars): ...\n',
        2,
        "Old.version is 1; write it as text, '1'",
    ),
    "no path": (
        HEAD + 'class Idle(Strategy):\n    """Idle."""\n    version = "1"\n',
        2,
        "Idle offers neither signals(self, bars) nor on_bar(self, view)",
    ),
    "default outside range": (
        a_strategy("    fast: int = Param(1, low=2)\n"),
        5,
        "Broken.fast: the default 1 is not a whole number of at least 2",
    ),
    "default of another type": (
        a_strategy("    fast: int = Param('20')\n"),
        5,
        "Broken.fast: the default '20' is not a whole number",
    ),
    "default not a choice": (
        a_strategy("    mode: str = Param('x', choices=('a', 'b'))\n"),
        5,
        "Broken.mode: the default 'x' is not one of a, b",
    ),
    "range upside down": (a_strategy("    fast: int = Param(5, low=9, high=2)\n"), 5, "Param: low 9 is above high 2"),
    "parameter without a type": (
        a_strategy("    fast = Param(5)\n"),
        5,
        "Broken.fast has no type; write int, float, bool or str",
    ),
    "parameter of a strange type": (a_strategy("    fast: list = Param(5)\n"), 5, "Broken.fast has the type"),
    "unknown argument of Param": (
        a_strategy("    fast: int = Param(5, least=2)\n"),
        5,
        "TypeError: Param() got an unexpected keyword argument 'least'",
    ),
    "bad timeframe": (a_strategy("    ltf = '7m'\n"), 2, "Broken.ltf: '7m' is not allowed"),
    "timeframe that is no text": (a_strategy("    htf = 4\n"), 2, "Broken.htf: 4 is not a timeframe such as '15m'"),
    "bad risk": (
        a_strategy("    risk = {'min_reward_risk': -1}\n"),
        2,
        "Broken.risk: min_reward_risk: -1 is not allowed",
    ),
    "unknown risk rule": (a_strategy("    risk = {'luck': 1}\n"), 2, "unexpected keyword argument 'luck'"),
    "bad name": (a_strategy("    name = 'My Bot'\n"), 2, "Broken.name: 'My Bot' is not a name of lower-case letters"),
    "name taken by a built-in": (
        a_strategy("    name = 'smc'\n"),
        2,
        "the name 'smc' is taken by",
    ),
    "raises at class creation": (
        a_strategy("    x = 1 / 0\n"),
        5,
        "ZeroDivisionError: division by zero",
    ),
    "refuses its own defaults": (
        a_strategy("    def check(self):\n        raise ValueError('never right')\n"),
        2,
        "Broken cannot be made with its own defaults: ValueError: never right",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_plug_in_is_named_with_file_line_and_reason(tmp_path: Path, case: str) -> None:
    """Whatever is wrong, the good neighbour and the built-ins are there, and the fault has its own words."""
    text, line, reason = BAD[case]
    path = tmp_path / "bad_one.py"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "good_one.py").write_text(GOOD, encoding="utf-8")
    registry = find_strategies(tmp_path)
    assert tuple(sorted({"breakout", *find_strategies().names()})) == registry.names()
    (broken,) = registry.broken
    assert (str(path), line) == (broken.file, broken.line)
    assert reason in broken.reason
    assert "\n" not in str(broken)


def test_every_bad_plug_in_has_words_of_its_own(tmp_path: Path) -> None:
    """No two faults of the table are told in the same words."""
    reasons = []
    for number, (text, _, _) in enumerate(BAD.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "bad.py").write_text(text, encoding="utf-8")
        reasons.append(find_strategies(folder).broken[0].reason)
    same = {reason for reason in reasons if reasons.count(reason) > 1}
    assert {"no class here extends tradewright.Strategy"} == same


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    """Bytes that are no text are a fault of that file alone."""
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    (broken,) = find_strategies(tmp_path).broken
    assert "latin" == broken.name
    assert "UnicodeDecodeError" in broken.reason


def test_a_folder_that_does_not_exist_holds_none(tmp_path: Path) -> None:
    """The user need not make the folder."""
    assert () == find_strategies(tmp_path / "nowhere").broken


def test_files_with_an_underscore_and_imported_classes_are_left_alone(tmp_path: Path) -> None:
    """Private files, private classes and classes of other files are no plug-ins."""
    (tmp_path / "_private.py").write_text("raise RuntimeError\n")
    (tmp_path / "good.py").write_text(
        GOOD + "\n\nfrom tradewright.strategies.smc import Smc\n\nclass _Part(Strategy):\n    pass\n"
    )
    registry = find_strategies(tmp_path)
    assert "breakout" in registry.names()
    assert () == registry.broken


def test_a_plug_in_leaves_no_byte_code_behind(tmp_path: Path) -> None:
    """The user's folder holds what the user put there."""
    (tmp_path / "good.py").write_text(GOOD)
    find_strategies(tmp_path)
    assert ["good.py"] == sorted(path.name for path in tmp_path.iterdir())


def test_an_edited_plug_in_is_read_anew(tmp_path: Path) -> None:
    """The file decides, not what was loaded before."""
    path = tmp_path / "good.py"
    for version in ("1.0", "2.0"):
        path.write_text(GOOD.replace('"1.0"', f'"{version}"'))
        assert version == strategy_from_file(path).describe("breakout").version


def test_the_source_is_the_one_that_was_loaded(tmp_path: Path) -> None:
    """Whatever stands in the file by the time somebody asks; line ends and all. An installed strategy has one, too."""
    file, text = tmp_path / "breakout.py", GOOD.replace("\n", "\r\n")
    file.write_bytes(text.encode())
    known = find_strategies(tmp_path)
    file.write_text(GOOD.replace("1.0", "2.0"))
    assert (text, "1.0") == (known.source("Breakout"), known.describe("breakout").version)
    assert GOOD.replace("1.0", "2.0") == find_strategies(tmp_path).source("breakout")
    card = known.describe("ma_crossover")
    assert Path(card.file).read_text() == known.source("ma_crossover")
    with pytest.raises(UnknownName):
        known.source("nobody")


def test_entry_points_are_found_and_bad_ones_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package gives a class or a module; one that fails is broken."""
    group = service.ENTRY_POINT_GROUP
    points = [
        EntryPoint("a", "tradewright.testing.leaky:Breakout", group),
        EntryPoint("b", "tradewright.nowhere:Thing", group),
        EntryPoint("c", "tradewright.domain.enums:Side", group),
    ]
    monkeypatch.setattr(service, "entry_points", lambda group: points)
    registry = find_strategies()
    assert "breakout" in registry.names()
    assert ["b", "Side"] == [item.name for item in registry.broken]
    assert "ModuleNotFoundError" in registry.broken[0].reason
    assert "Side does not extend tradewright.Strategy" == registry.broken[1].reason


def test_names_are_found_in_any_case_and_near_names_suggested() -> None:
    """`SIMPLE_TEST` is `simple_test`; a slip is answered with the right name."""
    registry = find_strategies()
    assert registry.get("simple_test") is registry.get("SIMPLE_TEST") is registry.get("Simple-Test")
    with pytest.raises(UnknownName, match="did you mean 'smc'"):
        registry.get("smcc")


def test_values_as_text_make_a_strategy() -> None:
    """`create` reads what a command line gives."""
    assert 7 == dict(find_strategies().create("MA_CROSSOVER", {"fast": "7"}).params)["fast"]
    with pytest.raises(
        InvalidValue, match=re.escape("ma_crossover.fast: 60 is not allowed; give fewer bars than slow")
    ):
        find_strategies().create("ma_crossover", {"fast": "60"})


def test_asking_for_a_broken_strategy_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    """A plug-in that is there but broken is not 'unknown'."""
    (tmp_path / "mine.py").write_text("import tradewrong\n")
    with pytest.raises(StrategyError, match=r"mine.py:1: ModuleNotFoundError"):
        find_strategies(tmp_path).get("mine")


@pytest.mark.parametrize(("text", "message"), [(None, "there is no such file"), ("x = (\n", "SyntaxError")])
def test_a_single_file_that_cannot_be_used_is_an_error(tmp_path: Path, text: str | None, message: str) -> None:
    """Checking one file fails in one line that names it."""
    path = tmp_path / "mine.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(StrategyError, match=message) as caught:
        strategy_from_file(path)
    assert str(path) in str(caught.value)


def test_a_card_says_what_the_code_says() -> None:
    """Documentation is read from the code: docstring, range, default, timeframes, paths."""
    card = find_strategies().describe("ma_crossover")
    fast = {param.name: param for param in card.params}["fast"]
    assert ("int", 20, "a whole number from 1 to 400") == (fast.type, fast.default, fast.allowed)
    assert ("signals", "on_bar") == card.paths
    assert card.doc.startswith(card.summary)
    assert Path(card.file).is_file()
    assert card.as_dict()["ltf"] == "5m"


def test_a_broken_strategy_fails_its_check_without_a_passport(tmp_path: Path) -> None:
    """Where there are no signals, nothing can be said of leaks, and the check has failed."""
    (tmp_path / "mine.py").write_text(a_strategy("    kind: int = Param(0)\n").replace("Signals.none()", "None"))
    strategy = strategy_from_file(tmp_path / "mine.py").create("broken")
    report = check_strategy(strategy, *made_up_bars(strategy))
    assert (False, None) == (report.passed, report.passport)
    assert "got NoneType, not Signals" in [verdict.detail for verdict in report.verdicts]


def test_a_timeframe_that_the_higher_one_is_no_multiple_of_is_refused() -> None:
    """A 4h context cannot be made for daily bars."""
    with pytest.raises(InvalidValue, match="--timeframe: '1d' is not allowed"):
        made_up_bars(find_strategies().create("smc"), Timeframe.parse("1d"))


def test_errors_of_stored_bars_pass_through() -> None:
    """Where no candles are stored, the error says so before anything is loaded."""

    class NoCandles:
        def keys(self) -> tuple[object, ...]:
            return ()

        def load(self, *_: object) -> object:
            raise DataError("nothing is stored")

    smc = find_strategies().create("smc")
    with pytest.raises(InvalidValue, match="--venue"):
        service.recorded_bars(NoCandles(), smc, "BTC/USDT", None, None)
    with pytest.raises(DataError, match="nothing is stored"):
        service.recorded_bars(NoCandles(), smc, "BTC/USDT", "kraken", None)
