"""No secret comes out: every output of the configuration, with a canary in every place where a secret can stand."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest

from tradewright.bootstrap.config.comparing import changes
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.reading import Sources, read
from tradewright.bootstrap.config.source import FileSource, file_text
from tradewright.bootstrap.config.typed import configured
from tradewright.bootstrap.settings import settings_of
from tradewright.cli.main import main
from tradewright.domain.configured import ConfigVersion
from tradewright.domain.errors import InvalidValue, TradewrightError

CANARY = "canary-Zx9"
HIDDEN = {leaf.path: leaf for leaf in leaves().values() if leaf.masked}
DATABASE = f"postgresql://anna:{CANARY}@localhost/db?sslpassword={CANARY}"


CHANNEL = f"[{{name: chat, url: 'discord://{CANARY}/x'}}]"
GIVEN = {"storage.database_url": DATABASE, "notifications.channels": CHANNEL}


def _environment() -> dict[str, str]:
    return {leaf.variable: GIVEN.get(path, CANARY) for path, leaf in HIDDEN.items()}


def test_every_key_that_may_hold_a_secret_is_known() -> None:
    """Keys, secrets, passwords, tokens and the database's address are all typed as what must not be shown."""
    suspects = {
        path for path in leaves() if any(word in path for word in ("key", "secret", "password", "token", "url"))
    }
    open_ = {"venue.rest_url", "venue.ws_url", "scanner.coingecko_url"}
    assert set(HIDDEN) == suspects - open_ | {"notifications.channels"}


def test_the_tree_shows_no_secret_in_any_form(tmp_path: Path) -> None:
    """As text, as repr, as plain data, in its origins, its differences, its settings and its versions."""
    sources = Sources(environment=_environment(), folder=tmp_path)
    found, place = read(sources)
    reading = FileSource(sources).read()
    outputs = [
        repr(found), str(found), f"{found.tree}", repr(found.given), repr(place), repr(sources), repr(reading),
        json.dumps({path: found.shown(path) for path in leaves()}), json.dumps(found.changed),
        repr([found.origin(path) for path in leaves()]), repr(changes(configured({}), found)),
        repr(settings_of(found)), json.dumps([dict(reading.values), dict(reading.file)]),
        *(f"{found.value(path)} {found.value(path)!r}" for path in HIDDEN),
    ]  # fmt: skip
    assert [] == [text for text in outputs if CANARY in text]
    single = [path for path in HIDDEN if path != "notifications.channels"]
    assert {CANARY, DATABASE} == {found.value(path).get_secret_value() for path in single}
    assert f"discord://{CANARY}/x" == found.tree.notifications.channels[0].url.get_secret_value()
    assert "anna" in found.shown("storage.database_url")


def test_commands_show_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Secrets in .env and in the environment; every command that prints the configuration, as words and as JSON."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in _environment().items()))
    for path, leaf in HIDDEN.items():
        monkeypatch.setenv(leaf.variable, GIVEN.get(path, CANARY))
    for words in (("show",), ("show", "--origin"), ("check",), ("diff",), ("presets",), ("example",)):
        assert 0 == main(["config", *words])
        if words not in {("example",), ("show", "--origin")}:
            assert 0 == main(["config", *words, "--json"])
    told = capsys.readouterr()
    assert CANARY not in told.out + told.err


@pytest.mark.parametrize(
    ("yaml", "dotenv"),
    [
        (f"venue: {{api_key: {CANARY}}}\n", ""),
        (f"venue:\n  api_kee: {CANARY}\n", ""),
        (f"database: {{connection_string: 'mysql://a:{CANARY}@h/d'}}\n", ""),
        (f"database: {{connection_string: ['{CANARY}']}}\n", ""),
        (f"storage: {{database_url: 'sqlite:///a'}}\ndatabase: {{connection_string: '{DATABASE}'}}\n", ""),
        (f"venue: {{rest_url: 'https://a:{CANARY}@h'}}\n", ""),
        (f"risk: [\n{CANARY}: ]: }}\n", ""),
        ("", f"EXCHANGE_API_KEE={CANARY}\n"),
        ("", f"EXCHANGE_API_KEY={CANARY}\nTRADEWRIGHT_VENUE_API_KEY={CANARY}2\n"),
        ("", f"DATABASE_URL=oracle://a:{CANARY}@h/d\n"),
        ("", f"{CANARY} is no line\n"),
    ],
)
def test_errors_show_no_secret(yaml: str, dotenv: str, tmp_path: Path) -> None:
    """Where a secret stands in the wrong place or is none, neither the message nor what is below it has it."""
    for name, text in (("tradewright.yaml", yaml), (".env", dotenv)):
        if text:
            (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TradewrightError) as caught:
        read(Sources(environment={}, folder=tmp_path))
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_a_version_is_written_back_with_the_secrets_of_the_present_file(tmp_path: Path) -> None:
    """No version holds the password of a database: it is taken from the file that is there, or asked for."""
    file = tmp_path / "tradewright.yaml"
    file.write_text(f"preset: balanced\nrisk: {{size: 0.004}}\nstorage: {{database_url: '{DATABASE}'}}\n")
    reading = FileSource(Sources(environment={}, folder=tmp_path)).read()
    version = ConfigVersion(7, 0, "anna", "run", "start", reading.preset, reading.values, reading.file)
    assert CANARY not in repr(version)
    file.write_text(file_text(version, reading.place.written))
    again = FileSource(Sources(environment={}, folder=tmp_path)).read()
    assert ((), DATABASE) == (again.changes_from(reading), again.place.written["storage.database_url"])
    with pytest.raises(InvalidValue, match=r"storage\.database_url"):
        file_text(version, {})
