"""Whole columns, one pass each: prices and volumes in whole steps, and where one column crosses another.

They import nothing but each other, and are cached apart from the engine.
"""
