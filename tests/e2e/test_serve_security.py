"""The server on a socket: who may come in first, and requests that say two things at once."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

PASSWORD = "correct horse battery"  # noqa: S105 - of people who are made here
API = "/api/v1"
COMMAND = str(Path(sys.executable).with_name("tradewright"))


@pytest.fixture
def served(tmp_path):
    """Runs a server that only answers; gives its port and what it printed first."""

    @contextmanager
    def serve(*options, **environment):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        command = [COMMAND, "serve", "--alone", "--port", str(port), *options]
        given = {**os.environ, "TRADEWRIGHT_DATA_DIR": str(tmp_path / "data"), **environment}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=tmp_path, env=given, stdout=pipe, stderr=pipe, text=True) as process:
            try:
                yield port, process
            finally:
                process.terminate()
                process.wait(20)

    return serve


def _answered(port, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return httpx2.get(f"http://127.0.0.1:{port}{API}/session", timeout=5)
        except httpx2.TransportError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.2)


def _raw(port, text):
    """Send bytes as they are; gives the status lines of what came back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(text.replace("\n", "\r\n").encode())
        line.settimeout(3)
        found = b""
        try:
            while part := line.recv(65_536):
                found += part
        except TimeoutError:
            pass
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", found, re.MULTILINE)]


def test_the_first_admin_comes_by_the_printed_link_and_no_request_is_two(served):
    """The link works once; a body whose end is told in two ways is not taken for another request behind it."""
    with served() as (port, process):
        assert _answered(port).json()["set_up_needed"]
        assert "127.0.0.1" in process.stdout.readline()
        process.stdout.readline()
        token = process.stdout.readline().partition("#token=")[2].strip()
        base = f"http://127.0.0.1:{port}{API}"
        body = {"token": token, "name": "ada", "password": PASSWORD}
        made = httpx2.post(f"{base}/session/setup", json=body)
        assert (201, 401) == (made.status_code, httpx2.post(f"{base}/session/setup", json=body).status_code)
        head = f"POST {API}/session HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
        hidden = f"GET {API}/status/health HTTP/1.1\nHost: localhost\n\n"
        both = f"{head}Content-Length: {len(hidden) + 5}\nTransfer-Encoding: chunked\n\n0\n\n{hidden}"
        assert 200 not in _raw(port, both)
        assert [400] == _raw(port, f"{head}Content-Length: 5\nContent-Length: 50\n\n12345")[:1]
        assert [400] == _raw(port, f"{head}Content-Length: -5\n\n12345")[:1]
        assert [413] == _raw(port, f"{head}Content-Length: 99999999999\n\n{{")[:1]
        assert [400] == _raw(port, f"GET {API}/status/health HTTP/1.1\nHost: evil.example\n\n")[:1]


def test_others_are_let_near_only_after_somebody_has_a_password(served):
    """An address that others reach is refused with the way out in words; with a password it is taken."""
    with served("--host", "0.0.0.0") as (_, process):  # noqa: S104 - it is refused
        _, said = process.communicate(timeout=90)
        assert (2, True) == (process.returncode, "TRADEWRIGHT_ADMIN_PASSWORD" in said)
    with served("--host", "0.0.0.0", TRADEWRIGHT_ADMIN_PASSWORD=PASSWORD) as (port, _):  # noqa: S104 - there is one
        assert not _answered(port).json()["set_up_needed"]
        body = {"name": "admin", "password": PASSWORD}
        assert 200 == httpx2.post(f"http://127.0.0.1:{port}{API}/session", json=body).status_code
