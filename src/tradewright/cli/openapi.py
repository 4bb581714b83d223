"""`tradewright openapi`: the schema of the API."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["openapi"]


def openapi(
    output: Annotated[Path | None, typer.Option(help="File to write; the terminal.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where the file is not current.")] = False,
) -> None:
    """Write the schema of the API (OpenAPI 3.1), from which clients are generated."""
    from tradewright.api.app import make_app
    from tradewright.api.schema import schema_text
    from tradewright.domain.errors import InvalidValue

    text = schema_text(make_app())
    if output is None:
        sys.stdout.write(text)
    elif not check:
        output.write_text(text, encoding="utf-8")
    elif not output.is_file() or output.read_text(encoding="utf-8") != text:
        raise InvalidValue("--output", str(output), "a file that is current; tradewright openapi --output writes it")
