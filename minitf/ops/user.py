"""TensorFlow's example of an op that a user adds.

Source: TensorFlow's user_ops/fact.cc.
"""

from typing import Any

import numpy as np

from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import string

Array = np.ndarray[Any, Any]


@op("Fact", outputs=("fact",))
def fact_op() -> string:
    """Give a fact about factorials.

    Returns:
        string[]: "0! == 1".

    Source: TensorFlow's op.
    """
    return np.array(b"0! == 1", object)


@fact_op.shape
def fact_shape() -> Shape:
    return Shape([])


fact_op.no_gradient("it has no inputs")
