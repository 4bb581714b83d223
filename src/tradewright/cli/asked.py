"""What is asked for at the terminal, or read from a pipe, and never given on a command line."""

from __future__ import annotations

import sys

import typer

__all__ = ["asked"]


def asked(what: str, *, twice: bool = False) -> str:
    """Ask for something that nobody is to see.

    Raises:
        InvalidValue: nothing was given.
    """
    from tradewright.domain.errors import InvalidValue

    if not sys.stdin.isatty():
        text = sys.stdin.readline().rstrip("\n")
    else:
        text = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    if not text:
        raise InvalidValue(what, "", "one that is not empty, by the terminal or a pipe")
    return str(text)
