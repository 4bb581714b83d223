"""`tradewright tokens`: tokens of programs, for whoever sits at the server's machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tradewright.cli.users import on, role_of

if TYPE_CHECKING:
    from tradewright.bootstrap.people import People
    from tradewright.ports.people import Token

__all__ = ["app"]

app = typer.Typer(help="Tokens by which programs come in to the server.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List tokens, without the tokens themselves."""
    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.times import iso

    async def act(people: People) -> list[Token]:
        return list(await people.tokens.of(None))

    rows = [
        {"id": one.id, "user": one.user, "label": one.label, "scope": one.scope.word, "created": iso(one.created),
         "expires": one.expires and iso(one.expires), "revoked": one.revoked and iso(one.revoked),
         "used": one.used and iso(one.used)}
        for one in on(act)
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    elif rows:
        print_table(tuple(rows[0]), [[str(value or "-") for value in row.values()] for row in rows])
    else:
        say("there is none; see: tradewright tokens make --help")


@app.command("make")
def make(
    user: Annotated[str, typer.Argument(help="For whom it acts.")],
    label: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[str, typer.Option(help="Role that it may have at most: viewer, trader or admin.")] = "viewer",
    days: Annotated[int, typer.Option(help="After which it ends; 0 for never.", min=0, max=3_650)] = 90,
) -> None:
    """Make a token and print it, this once. A program sends it as `Authorization: Bearer …`."""
    import sys

    from tradewright.domain.people import Caller
    from tradewright.services.people.tokens import TokenWish

    wish = TokenWish(label, role_of(scope), days or None)

    async def act(people: People) -> str:
        found = await people.accounts.user(user)
        return (await people.tokens.make(Caller(found.name, found.role), wish))[0]

    sys.stdout.write(f"{on(act)}\n")


@app.command("revoke")
def revoke(id: Annotated[str, typer.Argument(help="Of the token; see: tradewright tokens list.")]) -> None:  # noqa: A002 - its name
    """Let a token count no more."""
    from tradewright.bootstrap.database_care import user_name
    from tradewright.cli.output import say
    from tradewright.domain.people import Caller, Role

    on(lambda people: people.tokens.revoke(Caller(f"{user_name()} (at the machine)", Role.ADMIN), id))
    say(f"token {id} counts no more")
