"""`tradewright exchanges`: which venues there are, and what each can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tradewright.domain.abilities import VenueAbilities

__all__ = ["app"]

app = typer.Typer(help="Look up which venues there are, and what each can do; nobody is asked.", no_args_is_help=True)

_MARKETS = ("linear", "spot")


@app.command("list")
def list_exchanges(
    market: Annotated[str | None, typer.Option(help="Only those that trade this: linear or spot.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every venue with its markets, kinds of orders, and how it tells of them."""
    from tradewright.bootstrap.exchanges import all_venues
    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.errors import InvalidValue

    if market is not None and market not in _MARKETS:
        raise InvalidValue("--market", market, f"one of {', '.join(_MARKETS)}")
    found = {
        name: told
        for name, told in sorted(all_venues().items())
        if market is None or any(market in one.markets for one in told)
    }
    if json:
        print_json([_plain(one) for told in found.values() for one in told])
        return
    columns = ("name", "markets", "order kinds", "own ids", "stops listed", "events")
    print_table(columns, [_row(name, told) for name, told in found.items()])
    say(
        f"{len(found)} venues. tradewright exchanges show NAME says what one can do, and what is done without the rest."
    )


@app.command("show")
def show_exchange(
    name: Annotated[str, typer.Argument(help="Of the venue, as the list has it.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what a venue can do, and what is done without what it cannot."""
    from tradewright.bootstrap.exchanges import venue_abilities
    from tradewright.cli.output import print_json, print_table, say
    from tradewright.domain.abilities import ABILITIES, FORCES, KINDS

    told = venue_abilities(name)
    if json:
        print_json([_plain(one) for one in told])
        return
    if not told:
        say(f"{name}: nothing can be traded there that is traded here (spot, or linear perpetuals)")
        return
    say(f"{told[0].title} ({name}): {' and '.join(market for one in told for market in one.markets)}")
    rows = [(kind, *(_yes(kind in one.kinds) for one in told), "no orders of this kind" if _lacking(told, kind) else "")
            for kind in KINDS]  # fmt: skip
    rows += [(force, *(_yes(force in one.forces) for one in told), "") for force in FORCES]
    rows += [
        (
            ability,
            *(_yes(ability in one.can) for one in told),
            "" if all(ability in one.can for one in told) else instead,
        )
        for ability, (_, instead) in ABILITIES.items()
    ]
    print_table(("what", *(one.markets[0] for one in told), "without it"), rows)


def _lacking(told: Sequence[VenueAbilities], kind: str) -> bool:
    return any(kind not in one.kinds for one in told)


def _yes(has: bool) -> str:
    return "yes" if has else "no"


def _row(name: str, told: Sequence[VenueAbilities]) -> tuple[str, ...]:
    kinds = max(len(one.kinds) for one in told)
    wanted = ("client_ids", "open_conditionals", "order_events")
    return (
        name, "+".join(market for one in told for market in one.markets), f"{kinds} of 7",
        *(_yes(any(ability in one.can for one in told)) for ability in wanted),
    )  # fmt: skip


def _plain(one: VenueAbilities) -> dict[str, Any]:
    from tradewright.domain.abilities import ABILITIES, FORCES, KINDS

    return {
        "name": one.venue,
        "title": one.title,
        "market": one.markets[0],
        "kinds": [kind for kind in KINDS if kind in one.kinds],
        "times_in_force": [force for force in FORCES if force in one.forces],
        "can": {ability: ability in one.can for ability in ABILITIES},
        "without": {ability: instead for ability, (_, instead) in ABILITIES.items() if ability not in one.can},
        "longest_client_id": one.longest_client_id,
        "batch": one.batch,
    }
