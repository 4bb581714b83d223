"""Short names of compiled functions that take named tuples of arrays.

numba writes the types of the arguments into a function's name, and of a named tuple all of its fields with theirs: a
world's name has eleven thousand characters, and each small function that takes one, its variables and each mention of
them in its code bear it. In the largest kernel that was nine tenths of what was compiled, kept and loaded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from numba.core import types

__all__ = ["shorten_names"]


def shorten_names() -> None:
    """Let a named tuple stand in a name as its own name and a digest of its fields' types.

    Of a function's meaning nothing changes: only one that has the same types of arguments has the same name.
    """
    kinds: tuple[Any, ...] = (types.NamedTuple, types.NamedUniTuple)
    for kind in kinds:
        kind.mangling_args = property(_name)


def _name(named: Any) -> tuple[str, tuple[()]]:
    return f"{named.instance_class.__name__}_{_digest(named.name)}", ()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
