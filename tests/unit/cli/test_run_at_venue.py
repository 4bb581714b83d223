"""How closely a session at a venue is watched: as it is configured, and as an option says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.cli import run_at_venue
from tradewright.cli.main import main
from tradewright.domain.live_terms import LiveTerms

RUN = ("run", "simple_test", "--instrument", "BTC/USDT:USDT", "--timeframe", "1m", "--at-venue")
CONFIG = "at_venue: {bare_s: 20, balance_gap: 0.02, policy: adopt}\n"


class _Begun(Exception):
    """Carries on what terms a session would have begun."""


async def _begin(_configured: Any, wish: Any, _viewed: Any, _follow: Any) -> None:
    raise _Begun(wish.terms)


@pytest.mark.parametrize(("options", "policy"), [((), "adopt"), (("--policy", "close"), "close")])
def test_terms_are_those_of_the_configuration_but_for_what_an_option_says(
    options: tuple[str, ...], policy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(CONFIG, encoding="utf-8")
    monkeypatch.setattr(run_at_venue, "_in_simulation", _begin)

    with pytest.raises(_Begun) as begun:
        main([*RUN, "--config", "own.yaml", *options])

    assert (LiveTerms(policy=policy, bare_s=20.0, balance_gap=0.02),) == begun.value.args


@pytest.mark.parametrize(("options", "told"), [
    (("--policy", "pray"), "policy: 'pray' is not allowed; give one of halt, adopt, close"),
    (("--config", "own.yaml"), "at_venue.bare_s"),
])  # fmt: skip
def test_what_is_no_term_is_refused_by_name(
    options: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("at_venue: {bare_s: -1}\n", encoding="utf-8")

    assert 2 == main([*RUN, *options])
    assert told in capsys.readouterr().err
