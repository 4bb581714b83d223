"""The key store as it is worked with from elsewhere than this machine: names are told, secrets only taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tradewright.bootstrap.config.reading import Sources
from tradewright.bootstrap.keys import key_file, key_name, passphrase_of, secret_names
from tradewright.domain.errors import Absent, InvalidValue

if TYPE_CHECKING:
    from tradewright.adapters.storage.key_file import KeyFile
    from tradewright.bootstrap.config.typed import Configured
    from tradewright.services.people.deeds import Deeds

__all__ = ["KeysDesk"]


class KeysDesk:
    """Secrets of a server.

    Args:
        configured: that says where the key store lies.
        sources: a variable may hold its passphrase.
        deeds: into the audit log.
    """

    def __init__(self, configured: Configured, sources: Sources, deeds: Deeds) -> None:
        self._configured, self._sources, self._deeds = configured, sources, deeds
        self._one_by_one = asyncio.Lock()

    @property
    def known(self) -> tuple[str, ...]:
        """Every name that a secret may have."""
        return secret_names()

    def is_there(self) -> bool:
        """Whether anything has been kept."""
        return self._store().is_there()

    def opens_by_itself(self) -> bool:
        """Whether a variable holds the passphrase."""
        return passphrase_of(self._sources) is not None

    async def names(self, passphrase: str) -> list[str]:
        """Which secrets are kept.

        Args:
            passphrase: empty where a variable holds it.

        Raises:
            InvalidValue: it is not the passphrase.
        """
        store = self._store()
        if not store.is_there():
            return []
        async with self._one_by_one:
            return sorted(await asyncio.to_thread(store.read, self._passphrase(passphrase)))

    async def put(self, by: str, name: str, secret: str, passphrase: str) -> str:
        """Keep a secret; gives its name.

        Raises:
            UnknownName: there is no secret of that name.
            InvalidValue: it is not the passphrase, or the secret is none.
        """
        path = key_name(name)
        if not secret.strip() or not secret.isprintable():
            raise InvalidValue("secret", "**********", "one that is not empty, in letters that can be printed")

        def changed(kept: dict[str, str]) -> dict[str, str]:
            return {**kept, path: secret.strip()}

        await self._change(passphrase, changed)
        await self._deeds.enter(by, "key.set", path)
        return path

    async def remove(self, by: str, name: str, passphrase: str) -> None:
        """Take a secret out.

        Raises:
            Absent: none is kept under that name.
            InvalidValue: it is not the passphrase.
        """
        path = key_name(name)

        def changed(kept: dict[str, str]) -> dict[str, str]:
            if path not in kept:
                raise Absent(f"secret {path}: none is kept")
            return {other: secret for other, secret in kept.items() if other != path}

        await self._change(passphrase, changed)
        await self._deeds.enter(by, "key.removed", path)

    async def _change(self, given: str, changed: Callable[[dict[str, str]], dict[str, str]]) -> None:
        store, passphrase = self._store(), self._passphrase(given)
        async with self._one_by_one:
            kept = await asyncio.to_thread(store.read, passphrase) if store.is_there() else {}
            await asyncio.to_thread(store.write, passphrase, changed(kept))

    def _store(self) -> KeyFile:
        return key_file(self._configured)

    def _passphrase(self, given: str) -> str:
        passphrase = passphrase_of(self._sources) or given
        if not passphrase:
            raise InvalidValue("passphrase", "", "that of the key store, or set TRADEWRIGHT_KEYS_PASSPHRASE")
        return passphrase
