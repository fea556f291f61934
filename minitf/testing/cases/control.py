"""Cases of the ops of `minitf.ops.control`."""

from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import anything, dtype_names, real, shapes


@st.composite
def identities(draw, **attrs):
    name = draw(dtype_names(None))
    array = draw(anything(draw(shapes(max_dims=3)), name))
    return Case((array,), attrs, ulps=0)


@st.composite
def smooth_identities(draw, **attrs):
    return Case((draw(real(draw(shapes(max_dims=3)))),), attrs, ulps=0, smooth=True)


@st.composite
def several(draw):
    arrays = [draw(real(draw(shapes(max_dims=2)))) for _ in range(draw(st.integers(1, 3)))]
    return Case((arrays,), ulps=0, smooth=True)


CASES = {
    "Identity": smooth_identities() | identities(),
    "IdentityN": several(),
    "StopGradient": identities(),
    "PreventGradient": identities(message="why"),
}
