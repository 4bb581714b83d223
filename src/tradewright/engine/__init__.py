"""One run: market data, a strategy and rules in; fills, equity and a result out. It never names a strategy."""
