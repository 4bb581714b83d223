"""Symbols read back from the names of files and folders."""

from __future__ import annotations

__all__ = ["symbol_of"]


def symbol_of(file_name: str) -> str:
    """Undo `Instrument.file_name`.

    Example:
        >>> symbol_of("BTC-USDT-USDT"), symbol_of("ADA-BTC")
        ('BTC/USDT:USDT', 'ADA/BTC')
    """
    base, _, rest = file_name.partition("-")
    return f"{base}/{rest.replace('-', ':')}"
