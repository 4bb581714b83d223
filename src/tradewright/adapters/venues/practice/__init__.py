"""The practice exchange: Binance USDT-M futures on loopback, played by our own kernels."""
