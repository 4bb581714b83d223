"""The jobs on Jesse. Usage: python peer_jesse.py (A | B | C | D) FOLDER [--bars N]. In its own environment.

Jesse acts at a bar's close, which is the next open in this market. Its clock counts minutes: bars of five are told as
minutes, so that it sees as many as others do.
"""

from __future__ import annotations

import os
import tempfile

import numpy as np
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read

os.chdir(tempfile.mkdtemp())  # where Jesse looks for a project of its user's, and writes its own

from jesse import research  # noqa: E402
from jesse.strategies import Strategy  # noqa: E402
from jesse.version import __version__  # noqa: E402

EXCHANGE = "Binance Perpetual Futures"
BEGIN = 1_672_531_200_000


class Base(Strategy):
    """What both strategies share: they enter at the market, at the close."""

    symbols, bars = 1, 0
    closing = 0.0
    """What it cost to close, at the end, what others leave open."""

    def crossed(self) -> int:
        """+1 where the fast average has crossed the slow one upward, -1 downward, else 0."""
        raise NotImplementedError

    def before(self):
        """See Jesse; after the last close there is no open at which others would act."""
        self.turn = self.crossed() * (self.index < self.bars - 1)

    def should_long(self):
        """See Jesse."""
        return self.turn > 0

    def should_short(self):
        """See Jesse."""
        return self.turn < 0

    def should_cancel_entry(self):
        """See Jesse."""
        return False

    def terminate(self):
        """See Jesse: it closes the position next."""
        Base.closing += FEE * abs(self.position.qty) * self.price


class Cross(Base):
    """Jobs A, C and D."""

    worth = 0.0

    def crossed(self):
        """See Base."""
        fast, slow = (self.hp["fast"], self.hp["slow"]) if self.hp else (FAST, SLOW)
        close = self.candles[-slow - 1 :, 2]
        if close.size <= slow:
            return 0
        before, now = close[-fast - 1 : -1].mean() - close[:-1].mean(), close[-fast:].mean() - close[1:].mean()
        return int(before <= 0 < now) - int(before >= 0 > now)

    def update_position(self):
        """Leave; what the account is worth before that is what the next position is a share of."""
        if (self.is_long and self.turn < 0) or (self.is_short and self.turn > 0):
            self.worth = self.portfolio_value
            self.liquidate()

    def size(self):
        """95 % of what the account is worth, shared by the symbols."""
        worth, self.worth = self.worth or self.portfolio_value, 0.0
        return SHARE / self.symbols * worth / self.price

    def go_long(self):
        """See Jesse."""
        self.buy = self.size(), self.price

    def go_short(self):
        """See Jesse."""
        self.sell = self.size(), self.price


class Bracket(Base):
    """Job B."""

    averages = None
    seen = 0

    def crossed(self):
        """See Base."""
        if self.averages is None:
            self.averages = self.price, self.price
            return 0
        before = self.averages[0] - self.averages[1]
        self.averages = tuple(
            old + (self.price - old) * 2 / (bars + 1) for old, bars in zip(self.averages, (FAST, SLOW), strict=True)
        )
        now, self.seen = self.averages[0] - self.averages[1], self.seen + 1
        return (int(before <= 0 < now) - int(before >= 0 > now)) * (self.seen >= WARM_UP)

    def go_long(self):
        """See Jesse."""
        lots = SHARE * self.balance / self.price
        self.buy = lots, self.price
        self.stop_loss, self.take_profit = (lots, self.price * (1 - STOP)), (lots, self.price * (1 + TARGET))

    def go_short(self):
        """See Jesse."""
        lots = SHARE * self.balance / self.price
        self.sell = lots, self.price
        self.stop_loss, self.take_profit = (lots, self.price * (1 + STOP)), (lots, self.price * (1 - TARGET))


def main() -> None:
    """Measure the job."""
    asked = wish()
    columns = {name: np.atleast_2d(one) for name, one in read(asked.folder, MARKET[asked.job], asked.bars).items()}
    count, size = columns["close"].shape
    symbols = [f"S{chr(ord('A') + k)}-USDT" for k in range(count)]
    times = BEGIN + 60_000.0 * np.arange(size)
    candles = {
        f"{EXCHANGE}-{symbol}": {
            "exchange": EXCHANGE, "symbol": symbol,
            "candles": np.column_stack(
                [times, *(columns[name][k] for name in ("open", "close", "high", "low", "volume"))]
            ),
        }
        for k, symbol in enumerate(symbols)
    }  # fmt: skip
    strategy = Bracket if asked.job == "B" else Cross
    strategy.symbols, strategy.bars = count, size
    routes = [{"exchange": EXCHANGE, "strategy": strategy, "symbol": one, "timeframe": "1m"} for one in symbols]
    account = {
        "starting_balance": CASH * count, "fee": FEE, "type": "futures", "futures_leverage": 1,
        "futures_leverage_mode": "cross", "exchange": EXCHANGE, "warm_up_candles": 0,
    }  # fmt: skip

    def run(params: dict[str, int] | None = None) -> Outcome:
        Base.closing = 0.0
        figures = research.backtest(account, routes, [], candles, hyperparameters=params, fast_mode=True)["metrics"]
        return figures["total"], figures["finishing_balance"] + Base.closing

    def call() -> Outcome:
        if asked.job != "C":
            return run()
        outcomes = [run({"fast": fast, "slow": slow}) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = size * count * (asked.pairs if asked.job == "C" else 1)
    measure(f"jesse {__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
