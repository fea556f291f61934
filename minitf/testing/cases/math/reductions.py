"""Cases of the ops of `minitf.ops.math.reductions`."""

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import QUANTIZED, as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers, with_specials
from minitf.testing.strategies import dtype_names, shapes

TERMS = 64  # elements at most, in the shapes drawn


@st.composite
def reductions(draw, name, low=-4, high=4, apart=False, **bound):
    attr = ops.find_op(name).attrs.get("T")
    dtype = as_dtype(draw(dtype_names(attr.allowed - QUANTIZED)) if attr else "bool")
    shape = draw(shapes(0, 3))
    x = draw(numbers(shape, dtype, low, high))
    if apart and dtype.name == "float64":
        x = x * 0 + draw(st.permutations(range(x.size)).map(np.array)).reshape(shape)
    if wild := dtype.is_floating and draw(st.integers(0, 3)) == 0:
        x = draw(with_specials(x))
    axes = draw(st.lists(st.integers(0, max(len(shape) - 1, 0)), unique=True, max_size=len(shape)))
    axes = [axis - draw(st.sampled_from([0, len(shape)])) for axis in axes]
    index = draw(st.sampled_from([np.int32, np.int64]))
    alone = len(axes) == 1 and draw(st.booleans())
    is_nan = name == "Mean" and dtype.is_complex and not x.size
    return Case(
        (x, np.array(axes[0] if alone else axes, index)),
        {"keep_dims": draw(st.booleans())},
        smooth=dtype.name == "float64" and x.size > 0 and not wild,
        twice=name != "Prod" or bool(np.all(x)),  # the slope of CumProd is not defined at 0
        oracle=skips.EMPTY_COMPLEX_MEAN if is_nan else "",
        **bound,
    )


CASES = {
    "Sum": reductions("Sum", terms=TERMS),
    "Mean": reductions("Mean", terms=TERMS),
    "Prod": reductions("Prod", -1, 1, ulps=TERMS, scale=1),
    "Max": reductions("Max", apart=True, ulps=0),
    "Min": reductions("Min", apart=True, ulps=0),
    "All": reductions("All"),
    "Any": reductions("Any"),
    "EuclideanNorm": reductions("EuclideanNorm", 0.5, ulps=TERMS),
}
