"""`tradewright live`: whether orders may go to a venue with money, and who has approved of it."""

from __future__ import annotations

from typing import Annotated

import typer

from tradewright.cli.configured import configuration

__all__ = ["app"]

app = typer.Typer(help="See what live trading lacks; approve of it, or take that back.", no_args_is_help=True)
_Venue = Annotated[str, typer.Argument(help="Name of the venue.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("status")
def status(venue: _Venue = "binance", as_json: _Json = False) -> None:
    """Say what live trading at a venue lacks; without all of it, everything is simulation."""
    from dataclasses import asdict

    from tradewright.bootstrap.permits import approval_of, lacks_for_live, led_words, orders_led
    from tradewright.cli.output import print_json, say
    from tradewright.domain.times import iso

    configured = configuration(None, None, None)[0]
    lacks, approval = lacks_for_live(configured, venue), approval_of(configured, venue)
    led = orders_led(configured) if venue == configured.tree.venue.exchange else ()
    if as_json:
        print_json({"venue": venue, "may_trade": not lacks, "lacks": lacks, "approval": approval and asdict(approval),
                    "led_to": led})  # fmt: skip
        return
    if led:
        say(f"{venue}: {led_words(led)}")
    if approval is not None:
        say(f"{venue}: approved by {approval.by} until {iso(approval.until)}, {approval.capital:g} a session")
    say(f"{venue}: live trading is possible" if not lacks else f"{venue}: live trading needs, and has not:")
    for one in lacks:
        say(f"  {one}")


@app.command("approve")
def approve(
    venue: _Venue,
    capital: Annotated[float, typer.Option(help="Most that one session may begin with, quote currency.")],
    hours: Annotated[float, typer.Option(help="For how long.")] = 24.0,
    yes: Annotated[str, typer.Option(help="The phrase that is asked for otherwise.")] = "",
) -> None:
    """Approve of trading with money at a venue, for a while. It is asked for in words."""
    from tradewright.bootstrap.permits import keep_approval
    from tradewright.cli.at_folder import user
    from tradewright.cli.output import say
    from tradewright.domain.errors import InvalidValue
    from tradewright.domain.times import iso

    phrase = f"trade live on {venue}"
    given = yes or typer.prompt(f"Orders will be sent with real money. To approve, type: {phrase}")
    if given.strip() != phrase:
        raise InvalidValue("phrase", given, repr(phrase))
    approval = keep_approval(configuration(None, None, None)[0], venue, user(), (hours, capital))
    say(f"approved until {iso(approval.until)}: sessions of at most {capital:g} at {venue}")


@app.command("revoke")
def revoke(venue: _Venue) -> None:
    """Take an approval back: no session begins or goes on with money any more."""
    from tradewright.bootstrap.permits import take_back
    from tradewright.cli.at_folder import user
    from tradewright.cli.output import say

    take_back(configuration(None, None, None)[0], venue, user())
    say(f"{venue}: no approval any more; end what runs with: tradewright stop, or tradewright kill --flatten")
