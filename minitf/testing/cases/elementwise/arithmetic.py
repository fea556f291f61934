"""Cases of the ops of `minitf.ops.elementwise.arithmetic`."""

from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.testing.elementwise_cases import of_one, of_two


def types_of(name):
    return ops.find_op(name).attrs["T"].allowed


CASES = {
    "Add": of_two(types_of("Add") - types("string"), ulps=1),
    "AddV2": of_two(types_of("AddV2"), ulps=1),
    "Sub": of_two(types_of("Sub"), ulps=1),
    "Mul": of_two(types_of("Mul"), ulps=4, scale=16),
    "SquaredDifference": of_two(types_of("SquaredDifference"), ulps=8, scale=64),
    "Maximum": of_two(types_of("Maximum"), ulps=0, apart=True),
    "Minimum": of_two(types_of("Minimum"), ulps=0, apart=True),
    "Neg": of_one(types_of("Neg"), ulps=0),
    "Abs": of_one(types_of("Abs"), ulps=0, kinks=(0,)),
    "Sign": st.one_of(
        of_one(types_of("Sign") - COMPLEX, kinks=(0,)), of_one(COMPLEX, 0.5)
    ),  # a complex sign has its kink at 0
}
