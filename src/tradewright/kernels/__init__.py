"""Compiled arithmetic: numba, numpy and the domain's enums, nothing else.

Prices are int64 ticks, quantities int64 lots, money float64 rounded to 1e-8 by one function.
Kernels return codes, never raise and never log. See docs/explanation/kernels.md.
"""
