"""Whole numbers near a number.

Source: TensorFlow's ops of these names; 2015 Table 1, "Element-wise mathematical operations".
"""

import numpy as np

from minitf.dtypes import COMPLEX, FLOATS, SIGNED
from minitf.ops.elementwise import scalar_math
from minitf.ops.elementwise.rows import elementwise

STEPS = "it changes in steps: the derivative is 0 or not defined"

# --- Floor, Ceil, Rint, Round ------------------------------------------------------------------

floor_op = elementwise(
    "Floor",
    "the greatest whole number <= x",
    numpy=np.floor,
    scalar=lambda x: scalar_math.floor(x),
    types=FLOATS,
    gradient=STEPS,
)

ceil_op = elementwise(
    "Ceil",
    "the smallest whole number >= x",
    numpy=np.ceil,
    scalar=lambda x: scalar_math.ceil(x),
    types=FLOATS,
    gradient=STEPS,
)

rint_op = elementwise(
    "Rint",
    "the whole number nearest to x, the even one of two",
    numpy=np.rint,
    scalar=lambda x: scalar_math.rint(x),
    types=FLOATS,
    gradient=STEPS,
)

round_op = elementwise(
    "Round",
    "the whole number nearest to x, the even one of two; integers as they are",
    numpy=np.round,
    scalar=lambda x: scalar_math.rint(x),
    types=FLOATS | COMPLEX | SIGNED,
    gradient=STEPS,
)
