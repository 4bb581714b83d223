"""Tradewright: a trading platform whose backtest, paper and live results come out of the same engine."""

__version__ = "0.1.0"
