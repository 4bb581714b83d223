"""The jobs on NautilusTrader. Usage: python peer_nautilus.py (A | B | C | D) FOLDER [--bars N]. In its own environment.

An order that `on_bar` sends is matched where the bar left the market: at its close, which is the next bar's open.
"""

from __future__ import annotations

from decimal import Decimal

import nautilus_trader
import numpy as np
import pandas as pd
from jobs import CASH, FAST, FEE, GRID, MARKET, SHARE, SLOW, STOP, TARGET, WARM_UP, Outcome, measure, wish
from market import read
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig, StrategyConfig
from nautilus_trader.indicators import ExponentialMovingAverage, SimpleMovingAverage
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import CryptoPerpetual
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy

VENUE = Venue("SIM")


class CrossConfig(StrategyConfig, frozen=True):
    """What a strategy is told."""

    instrument_id: InstrumentId
    bar_type: BarType
    fast: int = FAST
    slow: int = SLOW
    share: float = SHARE


class Cross(Strategy):
    """Jobs A, C and D."""

    average = SimpleMovingAverage

    def __init__(self, config):
        super().__init__(config)
        self.fast, self.slow = self.average(config.fast), self.average(config.slow)
        self.before = None
        self.trades = self.seen = 0

    def on_start(self):
        """Ask for the bars."""
        self.instrument = self.cache.instrument(self.config.instrument_id)
        for average in (self.fast, self.slow):
            self.register_indicator_for_bars(self.config.bar_type, average)
        self.subscribe_bars(self.config.bar_type)

    def equity(self):
        """Balance and open profit."""
        open_profit = sum(money.as_double() for money in self.portfolio.unrealized_pnls(VENUE).values())
        return self.portfolio.account(VENUE).balance_total(USDT).as_double() + open_profit

    def crossing(self):
        """+1 where fast crosses above slow, -1 below, else 0."""
        if not self.slow.initialized:
            return 0
        before, self.before = self.before, (self.fast.value, self.slow.value)
        if before is None:
            return 0
        fast, slow = self.before
        return int(before[0] <= before[1] and fast > slow) - int(before[0] >= before[1] and fast < slow)

    def on_bar(self, bar):
        """See the class."""
        if side := self.crossing():
            target = side * self.config.share * self.equity() / bar.close.as_double()
            quantity = target - float(self.portfolio.net_position(self.config.instrument_id))
            order = self.order_factory.market(
                self.config.instrument_id,
                OrderSide.BUY if quantity > 0 else OrderSide.SELL,
                self.instrument.make_qty(abs(quantity)),
            )
            self.submit_order(order)
            self.trades += 1


class Bracket(Cross):
    """Job B."""

    average = ExponentialMovingAverage

    def on_bar(self, bar):
        """See the class."""
        side = self.crossing()
        self.seen += 1
        if not side or self.seen <= WARM_UP or not self.portfolio.is_flat(self.config.instrument_id):
            return
        price = bar.close.as_double()
        orders = self.order_factory.bracket(
            self.config.instrument_id,
            OrderSide.BUY if side > 0 else OrderSide.SELL,
            self.instrument.make_qty(SHARE * self.equity() / price),
            sl_trigger_price=self.instrument.make_price(price * (1 - side * STOP)),
            tp_price=self.instrument.make_price(price * (1 + side * TARGET)),
            tp_post_only=False,
        )
        self.submit_order_list(orders)
        self.trades += 1


def instrument(name: str) -> CryptoPerpetual:
    """A perpetual with the fee of the jobs."""
    return CryptoPerpetual(
        instrument_id=InstrumentId(Symbol(name), VENUE), raw_symbol=Symbol(name), base_currency=BTC,
        quote_currency=USDT, settlement_currency=USDT, is_inverse=False, price_precision=4, size_precision=8,
        price_increment=Price.from_str("0.0001"), size_increment=Quantity.from_str("0.00000001"), ts_event=0, ts_init=0,
        margin_init=Decimal("0.01"), margin_maint=Decimal("0.005"), maker_fee=Decimal(str(FEE)),
        taker_fee=Decimal(str(FEE)),
    )  # fmt: skip


def engine_with(columns: dict[str, np.ndarray], minutes: int) -> tuple[BacktestEngine, list[tuple[object, object]]]:
    """An engine that holds the bars, and the instruments with their bar types."""
    count, size = columns["close"].shape
    engine = BacktestEngine(
        BacktestEngineConfig(
            trader_id=TraderId("BENCH-001"),
            logging=LoggingConfig(bypass_logging=True),
            risk_engine=RiskEngineConfig(bypass=True),
            run_analysis=False,
        )
    )
    money = [Money(CASH * count, USDT)]
    engine.add_venue(
        VENUE, OmsType.NETTING, AccountType.MARGIN, money, base_currency=USDT, default_leverage=Decimal(10)
    )
    index = pd.date_range("2023-01-01", periods=size, freq=f"{minutes}min", tz="UTC") + pd.Timedelta(minutes=minutes)
    types, bars = [], []
    for k in range(count):
        traded = instrument(f"SYM{k:02d}")
        bar_type = BarType.from_str(f"{traded.id}-{minutes}-MINUTE-LAST-EXTERNAL")
        engine.add_instrument(traded)
        frame = pd.DataFrame({name: values[k] for name, values in columns.items()}, index=index)
        bars += BarDataWrangler(bar_type, traded).process(frame)
        types.append((traded.id, bar_type))
    engine.add_data(bars)
    return engine, types


def run(engine: BacktestEngine, types: list, strategy: type[Cross], fast: int = FAST, slow: int = SLOW) -> Outcome:
    """One run from the beginning."""
    engine.reset()
    engine.clear_strategies()
    strategies = [
        strategy(CrossConfig(instrument_id=name, bar_type=bar_type, order_id_tag=f"{number:03d}", fast=fast, slow=slow,
                             share=SHARE / len(types)))
        for number, (name, bar_type) in enumerate(types)
    ]  # fmt: skip
    engine.add_strategies(strategies)
    engine.run()
    balance = engine.cache.account_for_venue(VENUE).balance_total(USDT).as_double()
    open_profit = sum(money.as_double() for money in engine.portfolio.unrealized_pnls(VENUE).values())
    return sum(each.trades for each in strategies), balance + open_profit


def main() -> None:
    """Measure the job."""
    asked = wish()
    name = MARKET[asked.job]
    columns = {key: np.atleast_2d(values) for key, values in read(asked.folder, name, asked.bars).items()}
    engine, types = engine_with(columns, 1 if name == "minutes" else 5)

    def call() -> Outcome:
        if asked.job != "C":
            return run(engine, types, Bracket if asked.job == "B" else Cross)
        outcomes = [run(engine, types, Cross, fast, slow) for fast, slow in GRID[: asked.pairs]]
        return sum(trades for trades, _ in outcomes), sum(equity for _, equity in outcomes)

    bars = columns["close"].size * (asked.pairs if asked.job == "C" else 1)
    measure(f"nautilus_trader {nautilus_trader.__version__}", "public call", asked, bars, call)


if __name__ == "__main__":
    main()
