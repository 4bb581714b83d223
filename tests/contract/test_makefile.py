"""One door to every chore: the targets exist, say what they do, and the locks are what they claim."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = {
    "help",
    "setup",
    "demo",
    "test",
    "test-clients",
    "test-bots",
    "chaos",
    "fuzz",
    "check",
    "bench",
    "docs",
    "lock",
    "clean",
}
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Put together here so that this file does not hold what it looks for.
HOMES = re.compile(
    "|".join("/" + name + "/" for name in ("home", "root", "Users", "work")).replace("work/", "work/(?:main|shared)")
)


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_help_lists_every_target() -> None:
    """`make help` names each target once and says what it does."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    described = dict(re.findall(r"^  ([\w-]+) +(\S.*)$", shown, re.MULTILINE))
    assert set(described) == TARGETS


def test_every_target_says_what_it_does_when_it_runs() -> None:
    """The first thing that a target prints is its name and its purpose."""
    recipes = re.findall(r"^([a-z-]+):.*\n\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    silent = {target for target, first in recipes if target != "help" and not first.startswith(f'$(SAY) "{target}: ')}
    assert set() == silent


def test_every_test_is_run_once() -> None:
    """Each folder that holds tests is run either with its lines counted or without."""
    lists = re.findall(r"^(?:MEASURED|PLAYED) = (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert 2 == len(lists)
    named = [folder for line in lists for folder in line.split()]
    held = {f"tests/{path.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").rglob("test_*.py")}
    assert sorted(held) == sorted(named)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_pins_every_package_by_hash_and_names_no_address(lock: Path) -> None:
    """Each requirement is one version with at least one hash, from wherever the machine finds packages."""
    text = lock.read_text()
    wanted = [block for block in re.split(r"\n(?=[A-Za-z0-9])", text) if not block.startswith("#")]
    assert [] == [
        block.splitlines()[0] for block in wanted if "==" not in block.splitlines()[0] or "--hash=sha256:" not in block
    ]
    assert [] == re.findall(r"https?://\S+|--(?:extra-)?index-url.*|--find-links.*|file:\S+", text)


def test_no_tracked_file_names_a_folder_of_one_machine() -> None:
    """Nothing that is shared points into somebody's home folder."""
    found = []
    for path in _tracked():
        if path.is_file() and path != Path(__file__):
            found += [f"{path.relative_to(ROOT)}: {hit}" for hit in HOMES.findall(path.read_text(errors="ignore"))]
    assert [] == found
