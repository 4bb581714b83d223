"""The system that runs, as its server tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from tradewright.cli.running import Asked, asked_of
from tradewright.client import Client, ProblemError
from tradewright.domain.errors import DataError, InvalidValue, UnknownName
from tradewright.domain.times import iso, parse_time
from tradewright.services.wish_answers import PATIENCE_S, WishAnswer

if TYPE_CHECKING:
    from tradewright.bootstrap.server_place import ServerPlace
    from tradewright.cli.running import Fact
    from tradewright.client.resources.deployments import DeploymentView

__all__ = ["AtServer", "at_server"]

Row = dict[str, Any]
_PROOF, _NOBODY = "proof-needed", 401
_ORDER = ("order", "instrument", "side", "type", "role", "quantity", "filled", "price", "status", "created")
_WAITS = ("order", "instrument", "side", "type", "quantity", "price", "stop_loss", "take_profit", "at_risk", "state",
          "quotes", "since", "until")  # fmt: skip
_HELD = ("instrument", "side", "quantity", "entry", "price", "profit", "stop", "target")
_SUMS = ("balance_at_start", "wallet", "equity", "open_profit", "realised", "fees", "funding", "exposure",
         "day_profit")  # fmt: skip
_NUMBERS = {"quantity", "filled", "price", "entry", "profit", "stop", "target", "stop_loss", "take_profit", "at_risk",
            *_SUMS}  # fmt: skip
_TIMES = {"created", "since", "until", "last_close", "ts"}


@contextmanager
def at_server(place: ServerPlace) -> Iterator[AtServer]:
    """A connection to a server.

    Raises:
        InvalidValue: it does not know the token.
    """
    with Client(place.address, place.token) as client:
        try:
            yield AtServer(client)
        except ProblemError as problem:
            if problem.status != _NOBODY:
                raise
            allowed = f"a token that the server at {place.address} knows; see: tradewright tokens make --help"
            raise InvalidValue("TRADEWRIGHT_TOKEN", "*" * 10, allowed) from None


class AtServer:
    """See `cli.running.Running`; what a session is called there may be the name of its deployment, too.

    Args:
        client: of the server.
        code: asks for a one-time code.
    """

    def __init__(self, client: Client, code: Callable[[], str] | None = None) -> None:
        self._client, self._code = client, code or _asked_code

    def look(self, fact: Fact, name: str | None) -> tuple[str, Row | list[Row]]:
        """See `Running`."""
        one = self._meant(name)
        find = {"status": self._status, "portfolio": self._portfolio, "performance": self._performance}.get(fact)
        return one["session"], find(one) if find else self._rows(fact, one)

    def ask(self, name: str | None, record: Mapping[str, Any]) -> Asked:
        """See `Running`."""
        one, kind = self._meant(name), str(record["kind"])
        if kind in ("confirm", "reject"):
            act = getattr(self._client.pending, f"{kind}_pending")
            done = self._proved(lambda: act(one["name"], int(record["order_id"])))
            state: Any = "waiting" if done["state"] == "asked" else "done"
            return Asked(state, f"order {done['order']} of deployment {one['name']}: {done['state']}")
        if kind == "kill":
            told = self._client.risk.kill_trading({"deployment": one["name"], "flatten": bool(record["flatten"])})
            return self._answer(one["name"], kind, told["wishes"][one["name"]])
        if kind == "calm":
            told = self._proved(lambda: self._client.risk.calm_trading({"deployment": one["name"]}))
            return self._answer(one["name"], kind, told["wishes"][one["name"]])
        if kind == "swap":
            wish = {key: record[key] for key in ("strategy", "params") if key in record}
            left = self._proved(lambda: self._client.deployments.swap_deployment(one["name"], cast("Any", wish)))
        else:
            act = getattr(self._client.deployments, f"{kind}_deployment")
            left = self._proved(lambda: act(one["name"]))
        return self._answer(one["name"], kind, left["wishes"])

    def _answer(self, name: str, kind: str, wishes: list[int]) -> Asked:
        if not wishes:
            # Not for a session: its deployment has been told, as to stop.
            text = f"asked of deployment {name}: {kind}; it is done at once where it runs, else when it goes on"
            return Asked("waiting", text)
        told = self._client.deployments.read_answer(name, wish=wishes, wait_s=PATIENCE_S)
        return asked_of(f"deployment {name}", name, kind, WishAnswer(told["state"], told["text"]))

    def runs(self, name: str) -> bool:
        """See `Running`."""
        return self._meant(name)["state"] == "running"

    def sessions(self) -> list[Row]:
        """See `Running`; those that have begun."""
        rows = []
        for one in self._client.deployments.list_deployments(mode="simulation")["items"]:
            try:
                told = self._status(one)
            except ProblemError as problem:
                if problem.code != "conflict":
                    raise
                continue
            rows.append({
                "session": told["session"], "strategy": told["strategy"],
                "instruments": ", ".join(told["instruments"]), "timeframe": told["timeframe"], "venue": told["venue"],
                "bars": told["bars"], "last close": told["last_close"],
            })  # fmt: skip
        return rows

    def deployments(self) -> list[DeploymentView]:
        """What is to trade there."""
        return self._client.deployments.list_deployments()["items"]

    def _meant(self, name: str | None) -> DeploymentView:
        every = self.deployments()
        if name is not None:
            found = [one for one in every if name in (one["name"], one["session"])]
            if not found:
                raise UnknownName("deployment or session", name, [one["name"] for one in every])
            return found[0]
        if not every:
            raise DataError("the server has no deployment yet")
        trading = [one for one in every if one["wanted"] == "running"] or every
        if len(trading) > 1:
            raise InvalidValue("NAME", "", f"one of {', '.join(one['name'] for one in trading)}")
        return trading[0]

    def _status(self, one: DeploymentView) -> Row:
        told = _plain(cast("Row", self._client.deployments.read_deployment_status(one["name"])))
        # What only a session at a venue has is not there for another, as in the data folder.
        return {name: value for name, value in told.items() if value is not None}

    def _portfolio(self, one: DeploymentView) -> Row:
        found = cast("Row", self._client.portfolio.read_portfolio(mode=one["mode"], deployment=one["name"]))
        held = [_plain(row, _HELD) for row in found["positions"]]
        risks = self._client.risk.read_risk(mode=one["mode"], deployment=one["name"])["items"]
        used = [_plain(cast("Row", row)) for risk in risks for row in risk["budgets"]]
        return {**_plain(found, _SUMS), "budgets": used, "positions": held}

    def _performance(self, one: DeploymentView) -> Row:
        items = self._client.portfolio.read_performance(mode=one["mode"], deployment=one["name"])["items"]
        if not (items and items[0]["figures"]):
            raise DataError("the session has not played a bar: there is nothing to judge")
        return dict(items[0]["figures"])

    def _rows(self, fact: Fact, one: DeploymentView) -> list[Row]:
        whose: Any = {"mode": one["mode"], "deployment": one["name"]}
        if fact == "pending":
            waiting = cast("list[Row]", self._client.pending.list_pending(**whose)["items"])
            return [_plain({**row, "state": "waiting"}, _WAITS) for row in waiting]
        if fact == "positions":
            return [_plain(cast("Row", row), _HELD) for row in self._client.portfolio.list_positions(**whose)["items"]]
        names = (*_ORDER, "at_venue") if one["terms"]["matched_by"] == "venue" else _ORDER
        return [_plain(cast("Row", row), names) for row in self._client.orders.list_open_orders(**whose)["items"]]

    def _proved(self, act: Callable[[], Any]) -> Any:
        # What moves money may need a one-time code, which is asked for where it does.
        try:
            return act()
        except ProblemError as problem:
            if problem.code != _PROOF:
                raise
        with self._client.proving(self._code()):
            return act()


def _asked_code() -> str:
    from tradewright.cli.asked import asked

    return asked("one-time code")


def _plain(row: Mapping[str, Any], names: tuple[str, ...] | None = None) -> Row:
    # As in the data folder: numbers as numbers, times as they are written there.
    return {name: _value(name, row.get(name)) for name in names or row}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) if isinstance(one, dict) else one for one in value]
    if not isinstance(value, str):
        return value
    if name in _NUMBERS:
        return float(value)
    return iso(parse_time(value)) if name in _TIMES else value
