"""Make the virtual environments, each from a locked, hash-checked list. Needs only Python with venv and pip.

Usage: python scripts/set_up.py (core | dev | docs | bench | clients | bots) [--browser]

    core     .venv                      what a user needs
    dev      .venv                      the same and what the tests need, PostgreSQL where it may be installed
    docs     .venv-docs                 what builds the site
    bench    benchmarks/.venvs/NAME     one for each peer
    clients  tests/clients/.venvs/NAME  one for each client of the practice exchange
    bots     tests/clients/.bots/NAME   the same for bots, which are larger

A stamp in each environment holds the digest of what it was made from; where that agrees, nothing is done.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
TOOLS = ROOT / ".uv"
HOME = ROOT / ".venv"
OLDEST = (3, 11)
HOMES = {
    "bench": ("bench-", ROOT / "benchmarks/.venvs"),
    "clients": ("client-", ROOT / "tests/clients/.venvs"),
    "bots": ("bot-", ROOT / "tests/clients/.bots"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    print(f"set-up: {what} ...", flush=True)
    begin = time.monotonic()
    yield
    print(f"set-up: {what}: {time.monotonic() - begin:.1f} s", flush=True)


def run(*command: str | Path) -> None:
    """Run a command; end with its exit code where it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"set-up: failed with exit code {done.returncode}: {' '.join(map(str, command))}")


def digest(paths: Iterable[Path]) -> str:
    """A digest of this interpreter's version and of the files' content."""
    content = hashlib.sha256(sys.version.encode())
    for path in sorted(paths):
        content.update(path.read_bytes())
    return content.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """True where the stamp says that this very thing was made already."""
    return stamp.is_file() and stamp.read_text() == wanted


def uv() -> Path:
    """The locked uv, in a small environment of its own, so that syncing another never removes it."""
    stamp, wanted = TOOLS / "stamp", digest([LOCKS / "bootstrap.txt"])
    if not is_current(stamp, wanted):
        with step("uv"):
            run(sys._base_executable, "-m", "venv", "--clear", TOOLS)
            run(
                TOOLS / "bin/python", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
                "--require-hashes", "-r", LOCKS / "bootstrap.txt",
            )  # fmt: skip
        stamp.write_text(wanted)
    return TOOLS / "bin/uv"


def sync(folder: Path, lock: Path) -> None:
    """Make the environment hold exactly what the lock lists, with bytecode."""
    python = folder / "bin/python"
    version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if not python.exists() or subprocess.run([python, "-c", version], check=False).returncode:
        run(sys._base_executable, "-m", "venv", "--clear", "--without-pip", folder)
    run(
        uv(), "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--python", python,
        "--build-constraints", LOCKS / "build.txt", lock,
    )  # fmt: skip


def ensure_tools(folder: Path, lock: Path) -> None:
    """Make an environment of tools: the lock's packages without our own."""
    stamp, wanted = folder / "stamp", digest([lock])
    if not is_current(stamp, wanted):
        with step(f"{folder.relative_to(ROOT)} from {lock.relative_to(ROOT)}"):
            sync(folder, lock)
        stamp.write_text(wanted)


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
        if wish.level == "dev":
            ensure_postgres()
    if wish.browser:
        ensure_browser()


if __name__ == "__main__":
    main()
