"""Cases of the ops of `minitf.ops.elementwise.trigonometry`."""

from minitf.dtypes import FLOATS, types
from minitf.testing.elementwise_cases import of_one, of_two

PLAIN = FLOATS | types("complex64", "complex128")


CASES = {
    "Sin": of_one(PLAIN, -1, 3, ulps=16, scale=1),
    "Cos": of_one(PLAIN, -1, 3, ulps=16, scale=1),
    "Tan": of_one(PLAIN, -1.25, 1.25, ulps=32),
    "Asin": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=0.1),
    "Acos": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=1),
    "Atan": of_one(PLAIN, 0.25, 3, ulps=32, scale=0.1),
    "Atan2": of_two(FLOATS, 0.5, 4, ulps=16),
    "Sinh": of_one(PLAIN, -3, 3, ulps=32, scale=1),
    "Cosh": of_one(PLAIN, -3, 3, ulps=32, scale=1),
    "Asinh": of_one(PLAIN, 0.25, 3, ulps=32, scale=1),
    "Acosh": of_one(PLAIN, 1.25, 4, ulps=32, scale=1),
    "Atanh": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=1),
}
