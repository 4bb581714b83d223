"""The documentation is true: its commands run, its links lead somewhere, its generated pages follow from the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
DECISIONS = sorted(DOCS.glob("adr/[0-9]*.md"))
SECTIONS = ["Status", "Facts", "Decision", "Rejected, and why", "Consequences", "Revisit when"]
ONE_SCREEN = 60


def _label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"^\$ (.*)$", "\n".join(blocks), re.MULTILINE)


def _run(commands: list[str], folder: Path, **settings: str) -> str:
    """Run a page's commands in one shell, as a reader would; give everything they print, in single spaces.

    The examples stand beside the reader, and the rest of the repository does not.
    """
    (folder / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "200", "TERM": "dumb", **settings}
    script = "\n".join(["set -e", *commands])
    done = subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("page", [page for page in PAGES if DOCS in page.parents and _commands(page)], ids=_label)
def test_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    """Whoever types the commands of a page, one after the other, meets no error."""
    assert _run(_commands(page), tmp_path)


def test_readme_shows_what_the_example_really_gives(tmp_path: Path) -> None:
    """The result in the README is the one that its commands print."""
    block = (ROOT / "README.md").read_text().split("```console")[-1].split("```")[0]
    commands = re.findall(r"^\$ (tradewright .*)$", block, re.MULTILINE)
    printed = _run(commands, tmp_path, TRADEWRIGHT_STRATEGIES_DIR=str(ROOT / "examples"))
    shown = [" ".join(line.split()) for line in block.splitlines() if line and not line.startswith("$")]
    assert shown
    assert [] == [line for line in shown if line not in printed]


def test_readme_shows_the_example_as_it_is() -> None:
    """The strategy in the README is `examples/cross.py`, to the letter."""
    assert f"```python\n{(ROOT / 'examples/cross.py').read_text()}```" in (ROOT / "README.md").read_text()


def test_generated_pages_are_current() -> None:
    """Commands, metrics and errors are documented as they are in the code; `make docs` writes the pages."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/write_reference.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("page", PAGES, ids=_label)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file of ours names a file that is there."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [] == [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=_label)
def test_page_can_be_found(page: Path) -> None:
    """Each page stands in the navigation, and each decision in the index of decisions."""
    if page in DECISIONS:
        assert page.name in (DOCS / "adr/index.md").read_text()
        return
    assert str(page.relative_to(DOCS)) in (ROOT / "mkdocs.yml").read_text()


@pytest.mark.parametrize("decision", DECISIONS, ids=_label)
def test_decision_has_its_six_parts_on_one_screen(decision: Path) -> None:
    """A decision says what was known, what was chosen, what was not, and when to look again."""
    text = decision.read_text()
    assert SECTIONS == re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert len(text.splitlines()) <= ONE_SCREEN
