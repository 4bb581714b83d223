"""Indicators as kernels that go on from a state: a whole column at once, or one bar at a time, is the same code.

Each takes `(columns, told, state, out)`: its input columns, its parameters as numbers, its memory (float64,
zeros at the beginning) and where its outputs go, one row each. A row with a value that is not finite is a gap: NaN
comes out, and the memory is emptied. They import nothing but each other, and are cached apart from the engine.
"""
