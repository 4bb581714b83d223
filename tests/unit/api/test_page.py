"""The page is handed out beside the API, and never in its place."""

from __future__ import annotations

import gzip

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tradewright.api.page.files import add_page
from tradewright.api.problems import add_handlers

INDEX = "<!doctype html><title>Tradewright</title>"
SCRIPT = "export const answer = 42;\n" * 100


@pytest.fixture
def built(tmp_path):
    """A small page as the build leaves it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "assets/index-abc123.js").write_text(SCRIPT)
    return tmp_path


def _client(folder) -> TestClient:
    app = FastAPI(redirect_slashes=False)
    add_handlers(app)

    @app.get("/api/v1/things")
    async def list_things() -> list[int]:
        return [1]

    add_page(app, folder)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/index.html", "/gone.html", "/backtests", "/backtests/a1b2/trades"])
def test_addresses_of_the_page_give_its_index(built, path):
    """Where one is in the page is in its address; the index is asked for anew each time."""
    answer = _client(built).get(path)
    assert (200, INDEX, "no-cache") == (answer.status_code, answer.text, answer.headers["cache-control"])


def test_named_by_content_kept_for_ever(built):
    """A file whose name follows from its content never changes, and comes packed to who can unpack it."""
    client = _client(built)
    answer = client.get("/assets/index-abc123.js")
    assert SCRIPT == answer.text
    assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "gzip" == answer.headers["content-encoding"]
    with client.stream("GET", "/assets/index-abc123.js") as raw:
        assert SCRIPT == gzip.decompress(b"".join(raw.iter_raw())).decode()
    plain = client.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert SCRIPT == plain.text


def test_what_has_not_changed_is_not_sent_again(built):
    """A browser that asks with the tag of what it has is told that this still stands."""
    client = _client(built)
    tag = client.get("/").headers["etag"]
    answer = client.get("/", headers={"if-none-match": tag})
    assert (304, "") == (answer.status_code, answer.text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api", 404),
        ("GET", "/metrics", 404),
        ("GET", "/ws/updates", 404),
        ("POST", "/api/v1/things", 405),
        ("POST", "/backtests", 404),
        ("GET", "/assets/gone-123.js", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/assets/%2e%2e/%2e%2e/secret.txt", 404),
        ("GET", "/%00.js", 404),
    ],
)
def test_what_is_not_of_the_page_is_a_problem(built, method, path, status):
    """Neither the API's absent paths, nor absent files, nor files beside the page are answered with the index."""
    (built.parent / "secret.txt").write_text("secret")
    answer = _client(built).request(method, path)
    assert status == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]


def test_routes_come_first(built):
    """What the API answers, the page does not."""
    assert [1] == _client(built).get("/api/v1/things").json()


def test_head_of_a_page(built):
    """Reading only the head works, as for any file."""
    answer = _client(built).head("/")
    assert (200, str(len(INDEX))) == (answer.status_code, answer.headers["content-length"])


def test_page_that_is_not_built_says_how_to_build_it(tmp_path):
    """Without a build one is told the command, and that the API works."""
    answer = _client(tmp_path).get("/")
    assert 503 == answer.status_code
    assert "scripts/set_up.py" in answer.text
    assert "no-store" == answer.headers["cache-control"]
