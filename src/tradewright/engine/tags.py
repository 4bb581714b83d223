"""Names that a strategy gives its orders and parents, as the numbers that records hold."""

from __future__ import annotations

__all__ = ["Tags"]

_PARENT = 1 << 32
"""Parents are its multiples; between them lie the numbers of their children."""


class Tags:
    """Every tag of a run, numbered as they come up; 0 stands for none."""

    def __init__(self) -> None:
        self._orders: dict[str, int] = {}
        self._names = [""]
        self._parents: list[str] = []

    def number(self, tag: str) -> int:
        """Number of an order's tag; the same tag has the same number throughout a run."""
        if not tag:
            return 0
        number = self._orders.get(tag)
        if number is None:
            number = self._orders[tag] = len(self._names)
            self._names.append(tag)
        return number

    def new_parent(self, tag: str, kind: str) -> tuple[int, str]:
        """Number and name of a parent that begins; it is named by its kind where its strategy has not named it.

        Should a name come again after its parent has ended, what is kept tells the two apart: `in`, then `in#2`.
        """
        name = tag or f"{kind}-{len(self._parents) + 1}"
        before = sum(known.partition("#")[0] == name for known in self._parents)
        self._parents.append(f"{name}#{before + 1}" if before else name)
        return len(self._parents) * _PARENT, name

    def text(self, number: int) -> str:
        """What a number stands for; a child is called by its parent's name and its own number, `in/3`."""
        if number < _PARENT:
            return self._names[number]
        parent, child = divmod(number, _PARENT)
        name = self._parents[parent - 1]
        return f"{name}/{child}" if child else name
