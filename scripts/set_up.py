"""Make the virtual environments, each from a locked, hash-checked list. Needs only Python with venv and pip.

Usage: python scripts/set_up.py (core | dev | docs | bench | clients | bots) [--browser]

    core     .venv                      what a user needs
    dev      .venv                      the same and what the tests need, PostgreSQL where it may be installed
    docs     .venv-docs                 what builds the site
    bench    benchmarks/.venvs/NAME     one for each peer
    clients  tests/clients/.venvs/NAME  one for each client of the practice exchange
    bots     tests/clients/.bots/NAME   the same for bots, which are larger

A stamp in each environment holds the digest of what it was made from; where that agrees, nothing is done.
`core` and `dev` also build the web page (scripts/page.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from environments import LOCKS, ROOT, digest, ensure_tools, is_current, run, step, sync, uv
from page import ensure_page

HOME = ROOT / ".venv"
OLDEST = (3, 11)
HOMES = {
    "bench": ("bench-", ROOT / "benchmarks/.venvs"),
    "clients": ("client-", ROOT / "tests/clients/.venvs"),
    "bots": ("bot-", ROOT / "tests/clients/.bots"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def ensure_home(level: str) -> None:
    """Make `.venv`: the locked packages and, editable, our own. What has the tests' packages serves a user too."""
    locks = {name: LOCKS / f"{name}.txt" for name in ("core", "dev")}
    stamp = HOME / "stamp"
    wanted = {name: f"{name} {digest([lock, ROOT / 'pyproject.toml'])}" for name, lock in locks.items()}
    if stamp.is_file() and stamp.read_text().startswith("dev"):
        level = "dev"  # a developer's environment stays one
    if is_current(stamp, wanted[level]):
        return
    stamp.unlink(missing_ok=True)
    with step(f".venv from {locks[level].relative_to(ROOT)}"):
        sync(HOME, locks[level])
        run(
            uv(), "pip", "install", "--quiet", "--no-deps", "--python", HOME / "bin/python",
            "--build-constraints", LOCKS / "build.txt", "--editable", ROOT,
        )  # fmt: skip
    stamp.write_text(wanted[level])


def ensure_warm() -> None:
    """Compile our own bytecode and the kernels, so that no user waits for a compiler."""
    source = ROOT / "src"
    python = HOME / "bin/python"
    stamp, wanted = HOME / "bytecode", digest(source.rglob("*.py"))
    if not is_current(stamp, wanted):
        # The interpreter may be told not to write bytecode; without it the command line starts four times slower.
        run(python, "-m", "compileall", "-q", source)
        stamp.write_text(wanted)
    package = source / "tradewright"
    stamp, wanted = HOME / "kernels", digest([*(package / "kernels").rglob("*.py"), package / "domain/enums.py"])
    if not is_current(stamp, wanted):
        with step("compile the kernels"):
            run(python, "-m", "tradewright.bootstrap.warm")
        stamp.write_text(wanted)


def ensure_browser() -> None:
    """Install Chromium where that is allowed and it is missing."""
    ensure_system_package("Chromium", "chromium", lambda: any(map(shutil.which, BROWSERS)), "browser tests")


def ensure_postgres() -> None:
    """Install PostgreSQL where that is allowed and it is missing. Tests start a server of their own."""

    def is_there() -> bool:
        return shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))

    ensure_system_package("PostgreSQL", "postgresql", is_there, "tests on PostgreSQL")


def ensure_system_package(what: str, package: str, is_there: Callable[[], bool], tests: str) -> None:
    """Install one of the system's packages where that is allowed and it is missing; say what is skipped without it."""
    if is_there():
        return
    rights = [] if os.getuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not shutil.which("sudo")):
        print(f"set-up: no {what} and no apt-get: the {tests} will be skipped", flush=True)
        return
    with step(what):
        for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
            subprocess.run(
                [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False,
            )  # fmt: skip
    if not is_there():
        print(f"set-up: {what} could not be installed: the {tests} will be skipped", flush=True)


def main() -> None:
    """Read the level that is wanted and make it."""
    if tuple(sys.version_info) < OLDEST:
        sys.exit(f"set-up: this is Python {sys.version.split()[0]}, too old; try make PYTHON=python3.12")
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("level", choices=("core", "dev", "docs", *HOMES))
    parser.add_argument("--browser", action="store_true", help="also Chromium, for the browser tests")
    wish = parser.parse_args()
    if wish.level == "docs":
        ensure_tools(ROOT / ".venv-docs", LOCKS / "docs.txt")
    elif wish.level in HOMES:
        prefix, home = HOMES[wish.level]
        for lock in sorted(LOCKS.glob(f"{prefix}*.txt")):
            ensure_tools(home / lock.stem.removeprefix(prefix), lock)
    else:
        ensure_home(wish.level)
        ensure_warm()
        ensure_page(is_developer=wish.level == "dev")
        if wish.level == "dev":
            ensure_postgres()
    if wish.browser:
        ensure_browser()


if __name__ == "__main__":
    main()
