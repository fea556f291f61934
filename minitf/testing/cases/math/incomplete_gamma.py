"""Cases of the ops of `minitf.ops.math.incomplete_gamma`.

Bounds: TensorFlow takes one of P and Q from 1, so that its error is relative to 1.
"""

from minitf.dtypes import FLOATS
from minitf.ops.math.gamma import DOUBLES
from minitf.testing.elementwise_cases import of_two

CASES = {
    "Igamma": of_two(FLOATS, 0.25, 8, ulps=64, scale=1),
    "Igammac": of_two(FLOATS, 0.25, 8, ulps=64, scale=1),
    "IgammaGradA": of_two(DOUBLES, 0.25, 8, ulps=128, scale=1),
}
