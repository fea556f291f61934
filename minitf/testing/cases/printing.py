"""Cases of the ops of `minitf.ops.printing`."""

from hypothesis import strategies as st

from minitf.testing.array_cases import elements
from minitf.testing.case import Case
from minitf.testing.strategies import shapes

SHOWN = ("bool", "string", "int8", "int32", "int64", "float16", "bfloat16", "float32", "float64")


@st.composite
def formats(draw):
    arrays = []
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(SHOWN))
        least = name == "bool"  # TensorFlow shows an array of no bools as nothing at all
        arrays.append(draw(elements(draw(shapes(max_dims=3, min_side=least)), name)))
    attrs = {
        "template": "a" + " é {}" * len(arrays),
        "placeholder": "{}",
        "summarize": draw(st.sampled_from([-1, 1, 2, 3])),
    }
    return Case((arrays,), attrs)


CASES = {"StringFormat": formats()}
