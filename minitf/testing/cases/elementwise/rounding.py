"""Cases of the ops of `minitf.ops.elementwise.rounding`."""

from minitf import ops
from minitf.dtypes import FLOATS
from minitf.testing.elementwise_cases import of_one

ROUNDED = ops.round_op.attrs["T"].allowed


CASES = {
    "Floor": of_one(FLOATS, ulps=0, smooth=False),
    "Ceil": of_one(FLOATS, ulps=0, smooth=False),
    "Rint": of_one(FLOATS, ulps=0, smooth=False),
    "Round": of_one(ROUNDED, ulps=0, smooth=False, without="int8 int16 int32 int64"),
}
