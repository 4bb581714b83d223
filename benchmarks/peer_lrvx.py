"""A callback for each bar on lrvx (FLOX until 2026). Usage: python peer_lrvx.py FOLDER. In its own environment."""

from __future__ import annotations

import sys
from importlib.metadata import version

import lrvx
import numpy as np
from jobs import CASH, FEE, best_of, peak_mb, say
from market import read

BARS, QUANTITY, MINUTE = 180_000, 0.001, 60_000_000_000


class NoOp(lrvx.Strategy):
    """Look and do nothing."""

    name = "no_op"

    def on_bar(self, _context, _bar):
        """See lrvx."""


class Turning(lrvx.Strategy):
    """Turns the position round."""

    held = 0

    def turn(self, side: int) -> None:
        """Hold a quantity on another side."""
        (self.market_buy if side > 0 else self.market_sell)(QUANTITY * abs(side - self.held))
        self.held = side


class EveryTenth(Turning):
    """Turn the position round every ten bars."""

    name, seen, side = "every_tenth", 0, -1

    def on_bar(self, _context, _bar):
        """See lrvx."""
        self.seen += 1
        if self.seen % 10:
            return
        self.side = -self.side
        self.turn(self.side)


class EmaCross(Turning):
    """Turn the position round where EMA 10 crosses EMA 20."""

    name, fast, slow = "ema_cross", None, None

    def on_bar(self, _context, bar):
        """See lrvx."""
        close = bar.close
        self.fast = close if self.fast is None else self.fast + (close - self.fast) * 2 / 11
        self.slow = close if self.slow is None else self.slow + (close - self.slow) * 2 / 21
        side = 1 if self.fast > self.slow else -1
        if side != self.held:
            self.turn(side)


def main() -> None:
    """Measure each, one row each."""
    year = read(sys.argv[1], "minutes", BARS)
    columns = [year[name] for name in ("open", "high", "low", "close", "volume")]
    opens = MINUTE * np.arange(BARS, dtype=np.int64)
    symbols = lrvx.SymbolRegistry()
    symbol = symbols.add_symbol("binance", "BTCUSDT", 0.01)
    for kind in (NoOp, EveryTenth, EmaCross):

        def call(kind=kind):
            test = lrvx.BacktestRunner(symbols, fee_rate=FEE, initial_capital=CASH)
            test.set_strategy(kind([symbol]))
            done = test.run_bars(opens, opens + MINUTE, *columns, "BTCUSDT")
            return int(done["total_trades"]), float(done["final_capital"])

        seconds, (trades, equity) = best_of(call, 5)
        say(
            who=f"lrvx {version('lrvx')}", way=f"callback {kind.name}", seconds=seconds, bars=BARS, trades=trades,
            equity=equity, peak_mb=peak_mb(),
        )  # fmt: skip


if __name__ == "__main__":
    main()
