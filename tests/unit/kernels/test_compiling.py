"""Where compiled kernels are kept."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tradewright.kernels import compiling, indicators
from tradewright.kernels.compiling import cache_folder, kernel


def test_kernels_are_kept_beside_the_package_under_a_name_that_every_change_renews() -> None:
    """The folder's name carries a digest of all kernels, so that no stale code is ever loaded."""
    folder = cache_folder()

    assert folder.parent.name == "__pycache__"
    assert len(folder.name.removeprefix("numba-")) == 16
    assert folder == cache_folder()


def test_kernels_of_a_read_only_package_are_kept_in_the_users_own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system-wide installation still starts quickly the second time."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert cache_folder().is_relative_to(Path.home() / ".cache" / "tradewright")


def test_kernel_computes_what_the_function_says() -> None:
    """The decorator changes how, never what."""

    def twice(number: int) -> int:
        return number * 2

    assert kernel(twice)(21) == 42


def test_kernels_of_indicators_are_kept_apart_so_that_a_change_in_the_engine_leaves_them() -> None:
    """Each package of kernels has its own folder, beside it."""
    engine, apart = cache_folder(), cache_folder(Path(indicators.__file__).parent)

    assert apart.parent.parent.name == "indicators"
    assert engine.name != apart.name


def test_strategy_that_calls_our_kernels_is_compiled_anew_when_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code has ours inside: what was compiled before is never loaded again."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
    monkeypatch.setattr(compiling, "_HERE", ours)
    before = cache_folder(theirs)
    (ours / "fees.py").write_text("rate = 2\n")
    compiling._digest.cache_clear()
    assert before != cache_folder(theirs)
    compiling._digest.cache_clear()


@pytest.mark.parametrize("module", [compiling.enums, compiling.order_terms])
def test_a_change_of_the_domains_numbers_renews_all_kernels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    """Codes, kinds and what a venue grants stand inside compiled kernels as numbers."""
    before = cache_folder()
    other = tmp_path / "numbers.py"
    other.write_text("LONG = 2\n")
    monkeypatch.setattr(module, "__file__", str(other))
    compiling._digest.cache_clear()
    after = cache_folder()
    monkeypatch.undo()
    compiling._digest.cache_clear()

    assert before != after
    assert before == cache_folder()
