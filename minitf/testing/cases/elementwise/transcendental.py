"""Cases of the ops of `minitf.ops.elementwise.transcendental`."""

from minitf.dtypes import FLOATS, types
from minitf.testing.elementwise_cases import of_one, of_two

PLAIN = FLOATS | types("complex64", "complex128")


CASES = {
    "Exp": of_one(PLAIN, -4, 4, ulps=8),
    "Expm1": of_one(PLAIN, -4, 4, ulps=16, scale=0.1),
    "Log": of_one(PLAIN, 0.125, 8, ulps=8, scale=0.5),
    "Log1p": of_one(PLAIN, -0.5, 8, ulps=16, scale=0.5),
    "Xlogy": of_two(PLAIN, 0.125, 8, ulps=16, scale=8),
    "Xdivy": of_two(PLAIN, 0.5, 8, ulps=8),
    "Tanh": of_one(PLAIN, -1.5, 1.5, ulps=32),
    "TanhGrad": of_two(PLAIN, -2, 2, same_shape=True, ulps=16, scale=8),
    # the rounding of e^-x is divided by 1 + e^-x, which is small near odd multiples of pi i
    "Sigmoid": of_one(PLAIN, -1.5, 1.5, ulps=32),
    "SigmoidGrad": of_two(PLAIN, -2, 2, same_shape=True, ulps=16, scale=8),
    "Erf": of_one(FLOATS, ulps=16, special=False),
    "Erfc": of_one(FLOATS, -2, 2, ulps=64),
}
