"""How far each function is from the exact result, at most: in units in the last place.

float32 was measured on all 2^32 numbers, pairs and float64 on millions at random, with fused
multiply-adds; figures are rounded up to tenths.  docs/vector_math.md shows them, tests hold them.
"""

from __future__ import annotations

ULPS = {  # in float32, in float64
    "arccos": (2.9, 3.0),
    "arccosh": (2.5, 2.7),
    "arcsin": (2.9, 3.0),
    "arcsinh": (1.8, 1.7),
    "arctan": (2.2, 2.3),
    "arctan2": (2.3, 2.4),
    "arctanh": (2.1, 2.0),
    "cos": (0.6, 1.0),
    "cosh": (1.9, 1.7),
    "erf": (4.8, 1.3),
    "erfc": (3.7, 3.6),
    "exp": (0.9, 0.9),
    "expm1": (1.6, 1.9),
    "log": (0.9, 0.9),
    "log1p": (0.9, 0.9),
    "power": (1.0, 1.1),
    "sigmoid": (2.9, 2.9),
    "sin": (0.6, 1.1),
    "sinh": (2.3, 2.3),
    "softplus": (1.7, 1.7),
    "tan": (0.6, 2.6),
    "tanh": (4.8, 2.5),
}
