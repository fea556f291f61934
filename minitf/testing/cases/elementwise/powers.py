"""Cases of the ops of `minitf.ops.elementwise.powers`."""

from minitf import ops
from minitf.dtypes import FLOATS, types
from minitf.testing.elementwise_cases import of_one, of_two

PLAIN = FLOATS | types("complex64", "complex128")


CASES = {
    "Square": of_one(ops.square_op.attrs["T"].allowed, scale=32),
    "Sqrt": of_one(PLAIN, 0.25, 8),
    "SqrtGrad": of_two(PLAIN, 0.25, 4, same_shape=True, ulps=16, scale=8),
    "Rsqrt": of_one(PLAIN, 0.25, 8, ulps=16),
    "RsqrtGrad": of_two(PLAIN, 0.25, 4, same_shape=True, ulps=16, scale=256),
    "Reciprocal": of_one(PLAIN, 0.25, 8),
    "ReciprocalGrad": of_two(PLAIN, 0.25, 4, same_shape=True, ulps=16, scale=64),
    "Inv": of_one(PLAIN, 0.25, 8),
    "InvGrad": of_two(PLAIN, 0.25, 4, same_shape=True, ulps=16, scale=64),
    # x^y multiplies the rounding error of log x by y: 4 * log 4 / 2 ulp and as much again
    "Pow": of_two(ops.pow_op.attrs["T"].allowed, 0.25, 4, ulps=32),
}
