"""Cases of the ops of `minitf.ops.math.bessel`."""

from minitf.dtypes import FLOATS
from minitf.testing.elementwise_cases import of_one

CASES = {
    # the second derivative of e^-|x| I0(x) does not exist at 0
    "BesselI0e": of_one(FLOATS, -40, 40, kinks=(0,), ulps=32),
    "BesselI1e": of_one(FLOATS, -40, 40, kinks=(0,), ulps=32),
}
