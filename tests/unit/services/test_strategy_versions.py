"""Versions of a strategy: what results know of, and what there is now."""

from __future__ import annotations

import pytest

from tradewright.services.result_shelf import Brief
from tradewright.services.strategy_versions import digest_of, joined_source, versions_of


def _ran(day: int, version: str = "1", strategy: str = "mine", **prints: str) -> Brief:
    made = f"2026-01-{day:02}T00:00:00Z"
    return Brief(str(day), {"strategy": strategy, "created_at": made}, fingerprints=prints, strategy_version=version)


def test_each_source_is_a_version_with_its_first_and_last_run():
    """Runs are counted by source, whatever the platform; the newest stands first, other strategies do not count."""
    briefs = [_ran(3, "2", source="b"), _ran(1, source="a", code="x"), _ran(2, source="a", code="y"),
              _ran(4, strategy="other", source="a"), Brief("5", {}, damage="broken")]  # fmt: skip
    found = [(one.digest, one.stated, one.runs, one.first_run, one.last_run) for one in versions_of(briefs, "mine")]
    assert found == [
        ("b", ("2",), 1, "2026-01-03T00:00:00Z", "2026-01-03T00:00:00Z"),
        ("a", ("1",), 2, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
    ]


def test_results_of_before_are_told_apart_by_their_code_and_have_no_source():
    """Nothing of them can be shown."""
    (one,) = versions_of([_ran(1, code="x", spec="y")], "mine")
    assert ("x", False, False) == (one.digest, one.is_kept, one.is_current)


@pytest.mark.parametrize(("source", "runs"), [("a", 1), ("new", 0)])
def test_what_would_run_now_stands_first(source, runs):
    """Also where it never ran, or ran long ago; it has the version that it states now."""
    found = versions_of([_ran(1, source="a"), _ran(2, source="b")], "mine", (source, "9"))
    assert (source, True, runs, "9") == (found[0].digest, found[0].is_current, found[0].runs, found[0].stated[-1])
    assert not any(one.is_current for one in found[1:])


def test_sources_of_several_files_stand_under_their_names():
    """That of one file is its text as it is."""
    assert "x = 1\r\n" == joined_source({"there/a.py": "x = 1\r\n"})
    both = joined_source({"there/a.py": "x = 1\r\n", "there/b.py": "y = 2\n"})
    assert "# ---- a.py\nx = 1\r\n\n# ---- b.py\ny = 2\n" == both
    assert digest_of("x") != digest_of("y")
