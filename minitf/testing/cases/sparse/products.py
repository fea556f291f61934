"""Cases of the ops of `minitf.ops.sparse.products`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.array_cases import index_types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.sparse_cases import shuffled, sparse, types

MULTIPLIED = (
    *("float16", "bfloat16", "float32", "float64"),
    *("complex64", "complex128", "int32"),
)


@st.composite
def sparse_products(draw):
    name = draw(types(MULTIPLIED))
    m, k, n = (draw(st.integers(0, 4)) for _ in range(3))
    adjoint_a, adjoint_b = draw(st.booleans()), draw(st.booleans())
    indices, values, shape = draw(shuffled(draw(sparse(name, (k, m) if adjoint_a else (m, k)))))
    b = draw(numbers((n, k) if adjoint_b else (k, n), as_dtype(name), -4, 4))
    return Case(
        (indices.astype(draw(index_types())), values, shape, b),
        {"adjoint_a": adjoint_a, "adjoint_b": adjoint_b},
        terms=3 * k,  # a complex product adds up two and rounds thrice
        smooth=True,
    )


@st.composite
def products(draw):
    m, k, n = (draw(st.integers(0, 4)) for _ in range(3))
    turn_a, turn_b, *hints = (draw(st.booleans()) for _ in range(4))
    kinds = st.sampled_from(["float32", "bfloat16"])
    a = draw(numbers((k, m) if turn_a else (m, k), as_dtype(draw(kinds)), -4, 4))
    b = draw(numbers((n, k) if turn_b else (k, n), as_dtype(draw(kinds)), -4, 4))
    attrs = dict(
        zip(("transpose_a", "transpose_b"), (turn_a, turn_b), strict=True),
        a_is_sparse=hints[0],
        b_is_sparse=hints[1],
    )
    return Case((np.asarray(a), np.asarray(b)), attrs, terms=k)


CASES = {"SparseTensorDenseMatMul": sparse_products(), "SparseMatMul": products()}
