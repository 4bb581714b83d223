"""`tradewright users`: who may come in to the server, for whoever sits at its machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from tradewright.cli.asked import asked
from tradewright.cli.configured import configuration

if TYPE_CHECKING:
    from tradewright.bootstrap.people import People
    from tradewright.domain.people import Role
    from tradewright.ports.people import User

__all__ = ["app", "on", "role_of"]

T = TypeVar("T")
app = typer.Typer(help="Users of the server: the way in for whoever sits at its machine.", no_args_is_help=True)
_Name = Annotated[str, typer.Argument(help="Of the user.")]
_Role = Annotated[str, typer.Argument(help="viewer, trader or admin.")]


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List everybody."""
    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.times import iso

    async def act(people: People) -> list[User]:
        return list(await people.accounts.users())

    rows = [
        {"name": one.name, "role": one.role.word, "created": iso(one.created), "disabled": one.disabled is not None,
         "codes": one.totp is not None}
        for one in on(act)
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    elif rows:
        print_table(tuple(rows[0]), [[str(value) for value in row.values()] for row in rows])
    else:
        say("there is nobody yet; see: tradewright users add --help")


@app.command("add")
def add(name: _Name, role: _Role = "admin") -> None:
    """Add somebody. The password is asked for, or read from a pipe."""
    from tradewright.cli.output import say

    wanted, password = role_of(role), asked("password", twice=True)

    async def act(people: People) -> User:
        return await people.accounts.add(_by(), name, password, wanted)

    user = on(act)
    say(f"{user.name} may come in as {user.role.word}")


@app.command("role")
def role_(name: _Name, role: _Role) -> None:
    """Give somebody another role."""
    from tradewright.cli.output import say

    wanted = role_of(role)

    async def act(people: People) -> User:
        return await people.accounts.change(_by(), name, role=wanted)

    user = on(act)
    say(f"{user.name} is {user.role.word}")


@app.command("password")
def password_(
    name: _Name,
    codes: Annotated[bool, typer.Option("--no-codes", help="Ask for no one-time codes any more either.")] = False,
) -> None:
    """Give somebody another password; all their sessions end. It is asked for, or read from a pipe."""
    from tradewright.cli.output import say

    password = asked("password", twice=True)

    async def act(people: People) -> None:
        await people.accounts.set_password(_by(), name, password)
        if codes:
            await people.accounts.without_codes(_by(), name)

    on(act)
    say(f"{name} has another password, and is logged in nowhere")


@app.command("disable")
def disable(name: _Name) -> None:
    """Let somebody come in no more; what a server that runs knows of them is over in two seconds."""
    from tradewright.cli.output import say

    on(lambda people: people.accounts.change(_by(), name, disabled=True))
    say(f"{name} may not come in")


@app.command("enable")
def enable(name: _Name) -> None:
    """Let somebody come in again."""
    from tradewright.cli.output import say

    on(lambda people: people.accounts.change(_by(), name, disabled=False))
    say(f"{name} may come in")


@app.command("remove")
def remove(name: _Name) -> None:
    """Forget somebody, with all sessions and tokens; the audit log keeps the name."""
    from tradewright.cli.output import say

    on(lambda people: people.accounts.remove(_by(), name))
    say(f"{name} is no user any more")


def on(act: Callable[[People], Awaitable[T]]) -> T:
    """Do something with people, in the database that is configured."""
    from tradewright.bootstrap.people import on_people

    return on_people(configuration(None, None, None)[0], act)


def role_of(word: str) -> Role:
    """The role of a word.

    Raises:
        InvalidValue: there is none.
    """
    from tradewright.domain.errors import InvalidValue
    from tradewright.domain.people import Role

    found = Role.of(word)
    if found is None:
        raise InvalidValue("ROLE", word, "viewer, trader or admin")
    return found


def _by() -> str:
    from tradewright.bootstrap.database_care import user_name

    return f"{user_name()} (at the machine)"
