"""Cases of the op of `minitf.ops.math.einsum`."""

import string

from hypothesis import strategies as st

from minitf.dtypes import as_dtype, types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names

EQUATIONS = (
    *("ij->ji", "ii->i", "ii->", "i->ii", "ij->i", "...ij->...ji", "i...j->j...", "iij->ji"),
    *("ijk->kij", "ij,jk->ik", "bij,bjk->bik", "...ij,...jk->...ik", "i,j->ij", "ij,ij->i"),
    *("ijk,k->ij", "ii,ij->j", "i,i->ii", "...i,ji->j...", "ij,k->k", "ij,jk->"),
)
TYPES = types("float32", "float64", "complex64", "complex128", "int32", "int64", "bfloat16")
SIZES = dict(zip(string.ascii_lowercase, [2, 3, 1, 4] * 7, strict=False))


@st.composite
def sums(draw):
    equation, dtype = draw(st.sampled_from(EQUATIONS)), as_dtype(draw(dtype_names(TYPES)))
    further = draw(st.sampled_from([(), (2,), (3, 2)]))
    inputs = []
    for subscripts in equation.partition("->")[0].split(","):
        before, dots, after = subscripts.partition("...")
        mine = [draw(st.sampled_from([n, 1])) for n in further[draw(st.integers(0, 2)) :]]
        shape = [SIZES[c] for c in before] + (mine if dots else []) + [SIZES[c] for c in after]
        inputs.append(draw(numbers(tuple(shape), dtype, -4, 4)))
    terms = max(x.size for x in inputs)
    return Case((inputs,), {"equation": equation}, terms=terms, smooth=dtype.name == "float64")


CASES = {"Einsum": sums()}
