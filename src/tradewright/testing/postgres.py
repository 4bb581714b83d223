"""A PostgreSQL of our own for tests: made in a folder, gone with it, reached over a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

__all__ = ["Cluster", "postgres_cluster", "postgres_programs"]

_WHO = "postgres"
_SETTINGS = "-c fsync=off -c max_connections=60 -c listen_addresses= -c unix_socket_directories="


class Cluster:
    """A server that runs.

    Args:
        programs: folder of initdb, pg_ctl and psql.
        folder: of its data, logs and socket.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs

    def database(self, name: str) -> str:
        """Make an empty database; gives its address."""
        self._run("psql", "-h", str(self.folder), "-U", _WHO, "-d", _WHO, "-qc", f'CREATE DATABASE "{name}"')
        return f"postgresql://{_WHO}@/{name}?host={quote(str(self.folder))}"

    def begin(self) -> None:
        """Make the data, and start."""
        self._run("initdb", "-D", self._data, "-U", _WHO, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-D", self._data, "-l", log, "-w", "-o", f"{_SETTINGS}{self.folder}")

    def stop(self) -> None:
        """Stop it as a crash would."""
        self._run("pg_ctl", "stop", "-D", self._data, "-m", "immediate")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        # The server refuses to be run by root.
        become = partial(_become, pwd.getpwnam(_WHO)) if os.getuid() == 0 else None
        with tempfile.TemporaryFile("w+") as said:
            # No pipe: the server would inherit it, and we would wait for its end.
            done = subprocess.run(  # noqa: S603 - our own programs; nothing of ours runs threads before exec
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, preexec_fn=become,
                cwd=self.folder,
            )  # fmt: skip
            said.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed: {said.read()}")


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine; None where there is none, or root may not hand it over."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        return None
    if os.getuid() == 0 and not any(user.pw_name == _WHO for user in pwd.getpwall()):
        return None
    return Path(initdb).resolve().parent


@contextmanager
def postgres_cluster(programs: Path) -> Iterator[Cluster]:
    """Run a server for as long as the block lasts.

    Args:
        programs: see `postgres_programs`.

    Raises:
        RuntimeError: it does not start; with what it said.
    """
    # The path of a socket may have a hundred letters; a test's own folder is often longer.
    folder = Path(tempfile.mkdtemp(prefix="tw-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, _WHO)
        cluster = Cluster(programs, folder)
        cluster.begin()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _become(who: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(who.pw_gid)
    os.setuid(who.pw_uid)
