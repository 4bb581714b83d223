"""The encrypted key store: where it lies, which names it holds, and the configuration with what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tradewright.bootstrap.config.given import Entry, Layer, layer, unknown
from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.names import keys, variables
from tradewright.bootstrap.config.reading import Place, Sources, control, read
from tradewright.bootstrap.config.typed import Configured

if TYPE_CHECKING:
    from tradewright.adapters.storage.key_file import KeyFile

__all__ = ["key_file", "key_name", "passphrase_of", "read_unlocked", "secret_names"]

_FILE = "keys.enc"
_PASSPHRASE = "TRADEWRIGHT_KEYS_PASSPHRASE"  # noqa: S105 - the name of a variable


def key_file(configured: Configured) -> KeyFile:
    """The key store of a configuration; it need not be there."""
    from tradewright.adapters.storage.key_file import KeyFile

    return KeyFile(configured.tree.storage.data_dir / _FILE)


def secret_names() -> tuple[str, ...]:
    """Every key whose value is a secret."""
    return tuple(path for path, leaf in leaves().items() if leaf.secret)


def key_name(text: str) -> str:
    """The key that a name means: `venue.api_key`, EXCHANGE_API_KEY.

    Raises:
        UnknownName: it is none of a secret.
    """
    path = variables()[text].paths[0] if text in variables() else text
    if path not in secret_names():
        raise unknown(Entry(text, None, "tradewright keys"), secret_names())
    return path


def passphrase_of(sources: Sources) -> str | None:
    """The passphrase, where a variable holds it."""
    return control(sources, _PASSPHRASE)


def read_unlocked(sources: Sources, ask: Callable[[], str] | None = None) -> tuple[Configured, Place]:
    """Read the configuration with the secrets of the key store, if there is one that can be opened.

    Args:
        sources: of the rest.
        ask: for the passphrase, where no variable holds it; None leaves the store closed then.

    Raises:
        TradewrightError: something cannot be used; the passphrase is wrong, or the store is damaged.
    """
    found, place = read(sources)
    store = key_file(found)
    passphrase = passphrase_of(sources) or (ask() if ask is not None and store.is_there() else None)
    if passphrase is None or not store.is_there():
        return found, place
    return read(replace(sources, keys=_layer(store.read(passphrase))))


def _layer(secrets: Mapping[str, str]) -> Layer:
    return layer((Entry(name, secret, "key store") for name, secret in secrets.items()), keys())
