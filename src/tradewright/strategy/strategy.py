"""The class that a plug-in extends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from tradewright.domain.errors import InvalidValue, TradewrightError, UnknownName
from tradewright.domain.intents import Ask
from tradewright.domain.run import RiskSpec
from tradewright.domain.signal import Signal
from tradewright.domain.timeframe import Timeframe
from tradewright.strategy.closed_bars import ClosedBars
from tradewright.strategy.param import ParamSpec, PluginFault, Value, declared
from tradewright.strategy.signals import Signals
from tradewright.strategy.view import BarView, FillView

__all__ = ["Strategy", "Wish"]

Wish = Signal | Ask | Sequence[Signal | Ask] | None
"""What a strategy may answer bar by bar."""


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().strip("_")


class Strategy:
    """A trading idea: what it wishes at each bar's close, from closed bars alone.

    A plug-in extends this class in a file of its own, with a docstring, a `version`, parameters, and `signals` (whole
    columns, fast) or `on_bar` (bar by bar, may keep state) or both; with both, they must agree.

    Attributes:
        name: how users call it; from the class name (`MaCrossover` is `ma_crossover`) unless it is set.
        version: the strategy's own, as text; change it when the signals change.
        ltf: timeframe that it is made for (role LTF); a run may choose another.
        htf: higher timeframe that it needs (role HTF), or None.
        uses_htf: whether `htf` is set.
        look_back: how many bars before the last one its own arithmetic in `signals` reaches, beside what features do;
            it is then shown no more at each close of a session, while features go on from where they were. None: not
            known, and all bars are shown at each close.
        risk: fields of `domain.run.RiskSpec` in which it differs from the defaults.
        has_signals: whether it offers `signals`.
        has_on_bar: whether it offers `on_bar`.

    Example:
        >>> from tradewright.strategy.param import Param
        >>> class Never(Strategy):
        ...     '''Stay out of the market.'''
        ...     version = "1.0.0"
        ...     patience: int = Param(20, low=1, doc="bars to wait")
        ...     def signals(self, bars):
        ...         return Signals.none()
        >>> Never(patience=30).params
        (('patience', 30),)
    """

    name: ClassVar[str] = ""
    version: ClassVar[str] = ""
    ltf: ClassVar[str] = "15m"
    htf: ClassVar[str | None] = None
    uses_htf: ClassVar[bool] = False
    look_back: ClassVar[int | None] = None
    risk: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    has_signals: ClassVar[bool] = False
    has_on_bar: ClassVar[bool] = False
    param_specs: ClassVar[Mapping[str, ParamSpec]] = MappingProxyType({})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" not in vars(cls):
            cls.name = _snake(cls.__name__)
        cls.param_specs = MappingProxyType({**cls.param_specs, **declared(cls)})
        cls.uses_htf = cls.htf is not None
        cls.has_signals = cls.signals is not Strategy.signals
        cls.has_on_bar = cls.on_bar is not Strategy.on_bar
        _check_statement(cls)

    def __init__(self, **values: Value) -> None:
        """Set parameters; those not named keep their defaults.

        Raises:
            UnknownName: there is no such parameter.
            InvalidValue: a value has the wrong type or is outside its range.
        """
        for name in values:
            if name not in self.param_specs:
                raise UnknownName(f"parameter of {self.name}", name, self.param_specs)
        for name, spec in self.param_specs.items():
            setattr(self, name, spec.checked(values.get(name, spec.default), self.name))
        self.check()

    @property
    def params(self) -> tuple[tuple[str, Value], ...]:
        """(name, value) of every parameter, sorted by name."""
        return tuple((name, getattr(self, name)) for name in sorted(self.param_specs))

    @property
    def warmup(self) -> int:
        """How many bars must have closed before the first signal can come."""
        return 0

    def check(self) -> None:
        """Refuse parameters that do not go together; raise through `refuse`."""

    def refuse(self, name: str, allowed: str) -> InvalidValue:
        """The error to raise when the value of parameter `name` does not go with another."""
        return InvalidValue(f"{self.name}.{name}", getattr(self, name), allowed)

    def signals(self, bars: ClosedBars) -> Signals:
        """All signals over these bars; row i may depend on nothing that was not known at `bars.ts_close[i]`."""
        raise NotImplementedError(f"{self.name} offers on_bar only")

    def on_start(self) -> None:
        """Begin a run: forget any state. Called once before the first bar."""

    def on_bar(self, view: BarView) -> Wish:
        """The wish at the close of one bar, or None. Called for each bar in turn, the first bars included.

        A wish is a signal, an order, a change, a cancel or a parent (`domain.intents`), or a sequence of them with one
        signal at most.
        """
        raise NotImplementedError(f"{self.name} offers signals only")

    def on_fill(self, fill: FillView) -> Wish:
        """Learn of one of our executions; what is wished then goes out with the wish of the same bar's close."""


def _check_statement(cls: type[Strategy]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", cls.name):
        raise PluginFault(f"{cls.__name__}.name: {cls.name!r} is not a name of lower-case letters, digits and '_'")
    for field, text in (("ltf", cls.ltf), ("htf", cls.htf)):
        _check_timeframe(f"{cls.__name__}.{field}", text, optional=field == "htf")
    try:
        RiskSpec(**cls.risk)
    except (TradewrightError, TypeError) as error:
        raise PluginFault(f"{cls.__name__}.risk: {error}") from None


def _check_timeframe(field: str, text: object, *, optional: bool) -> None:
    if text is None and optional:
        return
    if not isinstance(text, str):
        raise PluginFault(f"{field}: {text!r} is not a timeframe such as '15m'")
    try:
        Timeframe.parse(text, field)
    except InvalidValue as error:
        raise PluginFault(str(error)) from None
