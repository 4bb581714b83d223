"""How long things last, and that nobody learns from a refusal who is there."""

from __future__ import annotations

import pyotp
import pytest

from tradewright.domain.errors import Absent, InvalidValue, LoginRefused, ProofNeeded
from tradewright.domain.people import Caller, Role
from tradewright.services.people.accounts import Accounts
from tradewright.services.people.logins import Logins, Visit
from tradewright.services.people.proofs import Proofs
from tradewright.services.people.setting_up import SettingUp
from tradewright.services.people.tokens import Tokens, TokenWish

HERE, WORDS = Visit("127.0.0.1", "tests"), "correct horse battery"


async def _ada(office, role=Role.ADMIN):
    await Accounts(office).add("tests", "ada", WORDS, role)
    return await Logins(office).log_in("ada", WORDS, "", HERE)


def test_an_unknown_name_takes_as_long_as_a_known_one(in_office):
    """A password is compared in each case, once, with the same work; the refusal is in the same words."""

    async def act(office, passwords, _):
        await _ada(office)
        passwords.asked.clear()
        said = []
        for name in ("ada", "nobody"):
            with pytest.raises(LoginRefused) as refused:
                await Logins(office).log_in(name, "wrong words here", "", HERE)
            said.append(str(refused.value))
        assert said[0] == said[1]
        assert ["wrong words here"] * 2 == [password for password, _ in passwords.asked]

    in_office(act)


def test_a_session_ends_that_is_not_used_and_in_any_case(in_office):
    """Idle for eight hours, or a week old however much it is used."""

    async def act(office, _, time):
        logins = Logins(office)
        cookie, _ = await _ada(office)
        for _ in range(3):
            time.passes(7 * 3_600)
            assert await logins.known(cookie) is not None
        time.passes(8 * 3_600 + 1)
        assert await logins.known(cookie) is None
        cookie, _ = await logins.log_in("ada", WORDS, "", HERE)
        for _ in range(24):
            time.passes(7 * 3_600 - 60)
            assert await logins.known(cookie) is not None
        time.passes(3_600)
        assert await logins.known(cookie) is None

    in_office(act)


def test_a_token_ends_at_its_time(in_office):
    """After its days it counts no more; its scope is never above its user's role."""

    async def act(office, _, time):
        await _ada(office, Role.TRADER)
        caller, tokens = Caller("ada", Role.TRADER), Tokens(office)
        text, _ = await tokens.make(caller, TokenWish("x", Role.TRADER, 1))
        assert Role.TRADER == (await tokens.known(text)).caller.role
        with pytest.raises(InvalidValue):
            await tokens.make(caller, TokenWish("x", Role.ADMIN, 1))
        time.passes(86_401)
        assert await tokens.known(text) is None
        assert await tokens.known(text[:-1]) is None
        assert await tokens.known("tw__") is None

    in_office(act)


def test_a_token_falls_with_its_users_role(in_office):
    """Who is a viewer now has no program that trades."""

    async def act(office, _, time):
        accounts = Accounts(office)
        await accounts.add("tests", "root", WORDS, Role.ADMIN)
        await _ada(office, Role.TRADER)
        text, _ = await Tokens(office).make(Caller("ada", Role.TRADER), TokenWish("x", Role.TRADER, None))
        await accounts.change("root", "ada", role=Role.VIEWER)
        assert Role.VIEWER == (await Tokens(office).known(text)).caller.role

    in_office(act)


def test_another_user_s_sessions_and_tokens_are_not_there(in_office):
    """Whose they are not, they do not find; an admin may revoke anybody's token."""

    async def act(office, _, __):
        await _ada(office)
        await Accounts(office).add("tests", "bob", WORDS, Role.TRADER)
        _, known = await Logins(office).log_in("bob", WORDS, "", HERE)
        tokens, eve = Tokens(office), Caller("eve", Role.TRADER)
        text, token = await tokens.make(known.caller, TokenWish("x", Role.TRADER, None))
        with pytest.raises(Absent):
            await Logins(office).end(eve, known.login.id)
        with pytest.raises(Absent):
            await tokens.revoke(eve, token.id)
        assert await tokens.known(text) is not None
        await tokens.revoke(Caller("ada", Role.ADMIN), token.id)
        assert await tokens.known(text) is None

    in_office(act)


def test_the_link_of_the_first_start_ends_after_an_hour(in_office):
    """A link that was left lying is worth nothing; a newer one replaces an older one."""

    async def act(office, _, time):
        setting_up = SettingUp(Accounts(office), time)
        old = await setting_up.invite()
        new = await setting_up.invite()
        with pytest.raises(LoginRefused):
            await setting_up.accept(old, "ada", WORDS)
        time.passes(3_601)
        with pytest.raises(LoginRefused):
            await setting_up.accept(new, "ada", WORDS)
        assert await setting_up.is_needed()
        last = await setting_up.invite()
        assert Role.ADMIN == (await setting_up.accept(last, "ada", WORDS)).role
        assert await setting_up.invite() is None

    in_office(act)


def test_live_actions_ask_for_a_code_again_and_again(in_office):
    """A code lets the page act for ten minutes, a program for one request; nobody is asked who has none."""

    async def act(office, _, time):
        proofs = Proofs(office)
        _, known = await _ada(office)
        caller = known.caller
        await proofs.demand(caller, "", "here")
        secret, _ = await proofs.enrol(caller, WORDS, "here")
        codes = pyotp.TOTP(secret)
        await proofs.confirm(caller, codes.at(time.at // 10**9), "here")
        with pytest.raises(ProofNeeded):
            await proofs.demand(caller, "", "here")
        time.passes(60)
        await proofs.demand(caller, codes.at(time.at // 10**9), "here")
        await proofs.demand(caller, "", "here")
        with pytest.raises(LoginRefused):
            await proofs.demand(caller, codes.at(time.at // 10**9), "here")
        with pytest.raises(ProofNeeded):
            await proofs.demand(Caller("ada", Role.ADMIN, token="t"), "", "here")  # noqa: S106 - an id
        time.passes(601)
        with pytest.raises(ProofNeeded):
            await proofs.demand(caller, "", "here")

    in_office(act)


@pytest.mark.parametrize(
    "password", ["short", "aaaaaaaaaaaaaaaa", "my name is ada", "x" * 300, "line\nbreak in it", "eleven long"]
)
def test_a_password_is_long_and_varied(in_office, password):
    """And does not hold the name; the refusal does not hold the password."""

    async def act(office, _, __):
        with pytest.raises(InvalidValue) as refused:
            await Accounts(office).add("tests", "ada", password, Role.VIEWER)
        assert password not in str(refused.value)

    in_office(act)
