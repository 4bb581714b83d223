"""`tradewright keys`: secrets in an encrypted file."""

from __future__ import annotations

from typing import Annotated

import typer

from tradewright.cli.asked import asked
from tradewright.cli.configured import configuration

__all__ = ["app"]

app = typer.Typer(
    help="Keep the keys of exchanges and bots in an encrypted file; its passphrase opens it.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="Such as venue.api_key or EXCHANGE_API_KEY.")]


@app.command("set")
def set_(name: Name) -> None:
    """Keep a secret: it is asked for, or read from a pipe, and never given on the command line."""
    from tradewright.bootstrap.database_care import enter
    from tradewright.bootstrap.keys import key_file, key_name
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.output import say
    from tradewright.domain.errors import InvalidValue

    configured = configuration(None, None, None)[0]
    path, store = key_name(name), key_file(configured)
    secret = asked(name)
    if not secret.strip():
        raise InvalidValue(name, "", "a secret that is not empty")
    passphrase = _passphrase(new=not store.is_there())
    kept = store.read(passphrase) if store.is_there() else {}
    store.write(passphrase, {**kept, path: secret.strip()})
    enter(settings_of(configured), "keys.set", path, {})
    say(f"{path} is kept in {store.path}")


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Print which secrets are kept, and none of them."""
    from tradewright.bootstrap.keys import key_file
    from tradewright.cli.output import print_json, say

    store = key_file(configuration(None, None, None)[0])
    names = sorted(store.read(_passphrase(new=False))) if store.is_there() else []
    if as_json:
        print_json(names)
    else:
        say("\n".join(names) or "no secret is kept; see: tradewright keys set --help")


@app.command("remove")
def remove(name: Name) -> None:
    """Take a secret out."""
    from tradewright.bootstrap.database_care import enter
    from tradewright.bootstrap.keys import key_file, key_name
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.output import say
    from tradewright.domain.errors import UnknownName

    configured = configuration(None, None, None)[0]
    path, store = key_name(name), key_file(configured)
    passphrase = _passphrase(new=False) if store.is_there() else ""
    kept = store.read(passphrase) if store.is_there() else {}
    if path not in kept:
        raise UnknownName("kept secret", path, kept)
    store.write(passphrase, {other: secret for other, secret in kept.items() if other != path})
    enter(settings_of(configured), "keys.removed", path, {})
    say(f"{path} is no longer kept in {store.path}")


@app.command("rotate")
def rotate() -> None:
    """Change the passphrase; the secrets stay."""
    from tradewright.bootstrap.database_care import enter
    from tradewright.bootstrap.keys import key_file
    from tradewright.bootstrap.settings import settings_of
    from tradewright.cli.output import say
    from tradewright.domain.errors import StoreError

    configured = configuration(None, None, None)[0]
    store = key_file(configured)
    if not store.is_there():
        raise StoreError(f"{store.path}: there is none; see: tradewright keys set --help")
    kept = store.read(_passphrase(new=False))
    store.write(asked("new passphrase", twice=True), kept)
    enter(settings_of(configured), "keys.passphrase", str(store.path), {})
    say(f"{store.path} opens with the new passphrase")


def _passphrase(*, new: bool) -> str:
    from tradewright.bootstrap.config.reading import Sources
    from tradewright.bootstrap.keys import passphrase_of

    return passphrase_of(Sources()) or asked("passphrase", twice=new)
