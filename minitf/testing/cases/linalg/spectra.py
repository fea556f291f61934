"""Cases of the ops of `minitf.ops.linalg.spectra`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double
from minitf.testing.matrices import batches, matrix_types, oblong, spread


def phases(vectors, others):
    """Return the factors, one for each column, that turn vectors into the others."""
    along = np.sum(np.conj(vectors) * others, -2, keepdims=True)
    return np.where(along == 0, 1, along / np.abs(along))


def align_eigen(outputs, others):
    """Give eigenvectors the phases of others; without vectors TensorFlow's are arbitrary."""
    e, v = outputs
    return (e, v * phases(v, others[1])) if v.ndim > 1 else (e, others[1])


def align_both(outputs, others):
    """Give eigenvectors below a row of eigenvalues the phases of others."""
    e, v = outputs[0][..., :1, :], outputs[0][..., 1:, :]
    return (np.concatenate([e, v * phases(v, others[0][..., 1:, :])], -2),)


def align_singular(outputs, others):
    """Give singular vectors the phases of others; those of no value, the place in their span."""
    s, u, v = outputs
    if u.ndim == 1:
        return (s, *others[1:])
    p = s.shape[-1]
    turn = phases(u[..., :p], others[1][..., :p])
    made = [s]
    for mine, other in ((u, others[1]), (v, others[2])):
        rest = mine[..., p:]
        projected = rest @ (np.conj(np.swapaxes(rest, -1, -2)) @ other[..., p:])
        made.append(np.concatenate([mine[..., :p] * turn, projected], -1))
    return tuple(made)


@st.composite
def symmetric(draw):
    dtype, n = as_dtype(draw(matrix_types(("float32", "float64")))), draw(st.integers(0, 4))
    x = draw(spread(draw(batches()), n, dtype))
    return Case((x,), ulps=16 * (n + 1), scale=3 * n + 1, align=align_both)


@st.composite
def hermitian(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(st.integers(0, 4))
    x, vectors = draw(spread(draw(batches()), n, dtype)), draw(st.booleans())
    # the phases that LAPACK chooses for complex vectors are not those of the gradient
    smooth = is_double(dtype) and not (vectors and dtype.is_complex)
    bound = {"ulps": 16 * (n + 1), "scale": 3 * n + 1}
    return Case((x,), {"compute_v": vectors}, **bound, smooth=smooth, align=align_eigen)


@st.composite
def rectangles(draw):
    dtype = as_dtype(draw(matrix_types()))
    m, n = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    x = draw(oblong(draw(batches()), m, n, dtype))
    attrs = {"compute_uv": draw(st.booleans()), "full_matrices": draw(st.booleans())}
    vectors, size = attrs["compute_uv"], 8 * (max(m, n) + 1)
    known = not (attrs["full_matrices"] and abs(m - n) > 1) and not dtype.is_complex
    smooth = is_double(dtype) and (known or not vectors)
    return Case((x,), attrs, ulps=2 * size, scale=size, smooth=smooth, align=align_singular)


CASES = {
    "SelfAdjointEig": symmetric(),
    "SelfAdjointEigV2": hermitian(),
    "Svd": rectangles(),
}
