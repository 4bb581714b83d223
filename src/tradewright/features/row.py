"""What is known of one indicator."""

from __future__ import annotations

from typing import NamedTuple

from tradewright.features.parameters import Parameter

__all__ = ["Row"]


class Row(NamedTuple):
    """One indicator: what it is called, takes and gives.

    Attributes:
        name: as it is called, `ta.NAME`.
        title: in words.
        inputs: names of columns. `x` and `y` are columns that the caller gives (or bars, whose close is taken); all
            others are columns of the bars.
        parameters: what it may be told, in order.
        outputs: names of what comes out; one output is a column, several are a named tuple.
        unit: of the outputs.
        warmup: the first row with a value, as a formula over the parameters; every row before it is NaN.
        source: where its formula stands.
        note: what a reader must know besides.
    """

    name: str
    title: str
    inputs: str
    parameters: tuple[Parameter, ...]
    outputs: str
    unit: str
    warmup: str
    source: str
    note: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that go in."""
        return tuple(self.inputs.split())

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the columns that come out."""
        return tuple(self.outputs.split())
