"""Environments out of locked, hash-checked lists, each with a stamp that says what it was made from."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
TOOLS = ROOT / ".uv"


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
