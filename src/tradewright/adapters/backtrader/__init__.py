"""Backtrader over our bars: chosen by the user with the extra `backtrader`, which is under the GPL."""

import warnings

with warnings.catch_warnings():
    # Its docstrings hold escapes that newer Pythons warn of, once, wherever it is first imported: here.
    warnings.filterwarnings("ignore", ".*invalid escape sequence")
    import backtrader  # noqa: F401 - only to be done with its warnings
