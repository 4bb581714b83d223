"""Secrets of one-time codes at rest, and what opens the door when the authenticator is lost."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import replace

import pyotp
import pytest

from tradewright.adapters.storage.sealing import FileSeal
from tradewright.domain.errors import Conflict, LoginRefused, StoreError
from tradewright.domain.people import Caller, Role
from tradewright.services.people.accounts import Accounts
from tradewright.services.people.logins import Logins, Visit
from tradewright.services.people.proofs import Proofs

WORDS = "correct horse battery"
ADA = Caller("ada", Role.ADMIN)


async def _with_codes(office, time):
    # Ada, with one-time codes; gives what makes them.
    await Accounts(office).add("tests", "ada", WORDS, Role.ADMIN)
    proofs = Proofs(office)
    secret, _ = await proofs.enrol(ADA, WORDS, "here")
    codes = pyotp.TOTP(secret)
    await proofs.confirm(ADA, codes.at(time.at // 10**9), "here")
    time.passes(60)
    return proofs, codes, secret


def test_the_database_holds_no_secret_of_one_time_codes(in_office, tmp_path):
    """What lies there opens nothing without the key, which lies in a file for its owner only."""

    async def act(office, _, time):
        _, _, secret = await _with_codes(office, time)
        kept = (await office.store.user("ada")).totp
        assert secret not in kept
        assert secret == office.seal.opened("ada", kept)
        with pytest.raises(StoreError, match="is not the key"):
            office.seal.opened("eve", kept)
        (tmp_path / "server.key").write_bytes(bytes(32))
        with pytest.raises(StoreError, match="is not the key"):
            await office.has_code(await office.store.user("ada"), "123456")

    in_office(act)
    assert 0o600 == stat.S_IMODE((tmp_path / "server.key").stat().st_mode)
    files = b"".join(file.read_bytes() for file in tmp_path.glob("people.db*"))
    assert b"gcm1:" in files


def test_secrets_of_before_are_sealed_at_the_start(in_office):
    """A database of an earlier version goes on to work, and holds no plain secret from then on."""

    async def act(office, _, time):
        proofs, codes, secret = await _with_codes(office, time)
        user = await office.store.user("ada")
        await office.store.put_user(replace(user, totp=secret))
        await proofs.seal()
        sealed = (await office.store.user("ada")).totp
        await proofs.seal()
        assert secret not in sealed
        assert sealed == (await office.store.user("ada")).totp
        assert await office.has_code(await office.store.user("ada"), codes.at(time.at // 10**9))

    in_office(act)


def test_of_many_who_make_the_key_one_has_it(tmp_path):
    """Two processes that start at once seal with the same key."""
    path = tmp_path / "server.key"

    async def whole():
        return await asyncio.gather(*(asyncio.to_thread(FileSeal(path).sealed, "ada", "s") for _ in range(8)))

    assert {"s"} == {FileSeal(path).opened("ada", one) for one in asyncio.run(whole())}


def test_a_recovery_code_opens_once(in_office):
    """Each of ten stands for a one-time code once, at login; a wrong one opens nothing, and only hashes are kept."""

    async def act(office, _, time):
        proofs, codes, _ = await _with_codes(office, time)
        made = await proofs.recovery_codes(ADA, WORDS, codes.at(time.at // 10**9), "here")
        assert (10, 10) == (len(set(made)), len((await office.store.user("ada")).recovery))
        assert not set(made) & set((await office.store.user("ada")).recovery)
        logins = Logins(office)
        await logins.log_in("ada", WORDS, made[0].lower().replace("-", " "), Visit("here"))
        with pytest.raises(LoginRefused):
            await logins.log_in("ada", WORDS, made[0], Visit("here"))
        with pytest.raises(LoginRefused):
            await logins.log_in("ada", WORDS, "ABCD-EFGH-IJKL-MNOP", Visit("here"))
        assert 9 == len((await office.store.user("ada")).recovery)

    in_office(act)


def test_new_recovery_codes_replace_the_old_ones_and_end_with_the_codes(in_office):
    """Who makes them anew, or gives one-time codes up, leaves nothing behind that opens."""

    async def act(office, _, time):
        proofs, codes, _ = await _with_codes(office, time)
        old = await proofs.recovery_codes(ADA, WORDS, codes.at(time.at // 10**9), "here")
        new = await proofs.recovery_codes(ADA, WORDS, old[0], "here")
        assert not set(old) & set(new)
        with pytest.raises(LoginRefused):
            await proofs.recovery_codes(ADA, WORDS, old[1], "here")
        await proofs.disable(ADA, WORDS, new[0], "here")
        assert () == (await office.store.user("ada")).recovery
        with pytest.raises(Conflict):
            await proofs.recovery_codes(ADA, WORDS, new[1], "here")

    in_office(act)


def test_of_two_who_use_a_recovery_code_at_once_one_comes_in(in_office):
    """It counts once, however many send it together."""

    async def act(office, _, time):
        proofs, codes, _ = await _with_codes(office, time)
        code = (await proofs.recovery_codes(ADA, WORDS, codes.at(time.at // 10**9), "here"))[0]
        user = await office.store.user("ada")
        assert 1 == sum(await asyncio.gather(*(office.has_code(user, code) for _ in range(5))))

    in_office(act)
