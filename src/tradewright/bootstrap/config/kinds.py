"""Kinds of values in the configuration, and what is said of a key beside its kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Secret

__all__ = [
    "LIVE",
    "MASK",
    "Database",
    "DatabaseUrl",
    "Folder",
    "Hidden",
    "Live",
    "NoTestnet",
    "SecretText",
    "StreamAddress",
    "WebAddress",
    "Words",
    "masked_url",
]

MASK = "**********"
"""Stands wherever a secret would."""


@dataclass(frozen=True, slots=True)
class Live:
    """The value may change while a process runs."""


LIVE = Live()


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part of the value must not be shown, even where it is wrong."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is allowed, where the kind itself does not tell.

    Args:
        text: in words.
    """

    text: str


class SecretText(Secret[str]):
    """Text that no output shows; `get_secret_value` gives it."""

    def _display(self) -> str:
        return MASK


class DatabaseUrl(Secret[str]):
    """An address with a password in it, which alone is hidden."""

    def _display(self) -> str:
        return masked_url(self.get_secret_value())


def masked_url(url: str) -> str:
    """An address without what identifies whoever calls it.

    Example:
        >>> masked_url("postgresql://me:pass@localhost/db")
        'postgresql://me:**********@localhost/db'
    """
    head, sign, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    login, at, host = place.rpartition("@")
    user, colon, _ = login.partition(":")
    path, question, _ = path.partition("?")
    hidden = f"{user}{colon}{MASK if colon else ''}{at}"
    return f"{head}{sign}{hidden}{host}{slash}{path}{question}{MASK if question else ''}" if sign else MASK


def _folder(path: Path) -> Path:
    if not str(path).strip() or (path == Path() and not path.name):
        raise ValueError("the path of a folder, or leave it unset")
    path = path.expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError("the path of a folder; a file is there")
    return path


def _address(*schemes: str) -> AfterValidator:
    def check(text: str) -> str:
        try:
            parts = urlsplit(text)
            good = parts.scheme in schemes and bool(parts.hostname) and not parts.query and "@" not in parts.netloc
        except ValueError:
            good = False
        if not good:
            raise ValueError(f"an address such as {schemes[0]}://host, without a name or a password in it")
        return text

    return AfterValidator(check)


def _database(url: DatabaseUrl) -> DatabaseUrl:
    scheme = url.get_secret_value().partition("://")[0].partition("+")[0]
    if scheme not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("an address such as sqlite:///data/app.db or postgresql://user:password@host/name")
    return url


def _no_testnet(value: bool) -> bool:
    # To be silent would send orders to the market that whoever wrote this wanted to keep away from.
    if value:
        raise ValueError("false; to practise, take the exchange named practice (tradewright exchange)")
    return value


Folder = Annotated[Path, AfterValidator(_folder), Words("the path of a folder")]
NoTestnet = Annotated[bool, AfterValidator(_no_testnet), Words("false")]
WebAddress = Annotated[str, _address("https", "http"), Words("an address, https:// or http://")]
StreamAddress = Annotated[str, _address("wss", "ws"), Words("an address, wss:// or ws://")]
Database = Annotated[DatabaseUrl, AfterValidator(_database), Words("an address, sqlite:// or postgresql://")]
