"""What every test may ask for, and the rule about skipping."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tradewright.testing.postgres import Cluster, postgres_cluster, postgres_programs

_REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_MAY_BE_ABSENT = "recorded market data"

# A kernel's first call may compile it; that is no fault of the example at hand. The same examples every time.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of recorded market data that is kept beside the project; skipped where it is absent."""
    if not _REAL_DATA.is_dir():
        pytest.skip(f"{_MAY_BE_ABSENT} is not at {_REAL_DATA}")
    return _REAL_DATA


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The system's Chromium; skipped where there is none."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine; make test installs it where it may")
    return Path(found)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL of our own, one for each process of tests; skipped where it is not installed."""
    if (programs := postgres_programs()) is None:
        pytest.skip("no PostgreSQL on this machine; make setup installs it where it may")
    with postgres_cluster(programs) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgres"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: the same test on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tradewright.db"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.database(uuid.uuid4().hex)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test may be skipped for want of the recorded market data, and for nothing else."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI", "").lower() not in {"true", "1"}:
        return
    skipped = [report for report in reporter.stats.get("skipped", []) if _MAY_BE_ABSENT not in str(report.longrepr)]
    for report in skipped:
        reporter.write_line(f"skipped in CI: {report.nodeid}: {report.longrepr[-1]}", red=True)
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
