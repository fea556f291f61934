"""Whole networks, each one file, written against the public API as any program is.

Source: 2015 §9 (models that the released system came with).
"""
