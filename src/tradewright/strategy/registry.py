"""The strategies that can be used, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tradewright.domain.errors import StrategyError, UnknownName
from tradewright.strategy.card import StrategyCard, card_of
from tradewright.strategy.param import Value
from tradewright.strategy.plugin import BrokenPlugin, Plugin
from tradewright.strategy.strategy import Strategy

__all__ = ["Registry"]


class Registry:
    """Strategies by name, and the plug-ins that could not be loaded.

    Of two with one name the first stays and the second is broken.

    Args:
        loaded: what the loaders answered, in order of precedence.

    Attributes:
        broken: plug-ins that cannot be used, in the order of loading.
    """

    def __init__(self, loaded: Iterable[Plugin | BrokenPlugin]) -> None:
        self._plugins: dict[str, Plugin] = {}
        broken: list[BrokenPlugin] = []
        for item in loaded:
            if isinstance(item, BrokenPlugin):
                broken.append(item)
            elif (first := self._plugins.setdefault(item.strategy.name, item)) is not item:
                name = item.strategy.name
                broken.append(BrokenPlugin(name, item.file, item.line, f"the name {name!r} is taken by {first.file}"))
        self.broken: tuple[BrokenPlugin, ...] = tuple(broken)

    def names(self) -> tuple[str, ...]:
        """Every name, sorted."""
        return tuple(sorted(self._plugins))

    def get(self, name: str) -> type[Strategy]:
        """The strategy of that name; case does not matter, nor whether '-' or '_' is written.

        Raises:
            UnknownName: there is none; a near name is suggested.
            StrategyError: there is a plug-in of that name, but it is broken.
        """
        return self._plugin(name).strategy

    def create(self, name: str, values: Mapping[str, Value] | None = None) -> Strategy:
        """Make a strategy with parameters; values may be text, as from a command line.

        Raises:
            UnknownName: no such strategy or parameter.
            InvalidValue: a parameter's value is not allowed.
        """
        return self.get(name)(**(values or {}))

    def describe(self, name: str) -> StrategyCard:
        """The documentation of a strategy, from its own code."""
        plugin = self._plugin(name)
        return card_of(plugin.strategy, plugin.file)

    def source(self, name: str) -> str:
        """The text of a strategy's file, as it was loaded.

        Raises:
            UnknownName, StrategyError: as of `get`.
        """
        return self._plugin(name).source

    def _plugin(self, name: str) -> Plugin:
        key = name.strip().lower().replace("-", "_")
        if key in self._plugins:
            return self._plugins[key]
        for item in self.broken:
            if item.name.lower() == key:
                raise StrategyError(f"strategy {key!r} cannot be used: {item}")
        raise UnknownName("strategy", name, self._plugins)
