"""In which keys two configurations differ."""

from __future__ import annotations

from tradewright.bootstrap.config.leaves import leaves
from tradewright.bootstrap.config.typed import Configured
from tradewright.domain.configured import ConfigChange

__all__ = ["changes"]


def changes(one: Configured, other: Configured) -> tuple[ConfigChange, ...]:
    """Every key that differs, in the order of the tree, with its two values as plain data; secrets are masked."""
    return tuple(
        ConfigChange(path, one.shown(path), other.shown(path))
        for path in leaves()
        if one.value(path) != other.value(path)
    )
