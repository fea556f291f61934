"""LRN and its gradient: cases, a worked example, the derivative."""

import numpy as np
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import real

from minitf.ops.nn.normalisation import lrn_grad_op, lrn_op

ATTRS = st.fixed_dictionaries(
    {
        "depth_radius": st.integers(0, 3),
        "bias": st.sampled_from([1.0, 2.0]),
        "alpha": st.sampled_from([0.5, 1.0]),
        "beta": st.sampled_from([0.5, 0.75]),
    }
)


@st.composite
def responses(draw, *, count=1):
    """Draw images; float32 only, since TensorFlow computes narrower ones in their own type."""
    shape = draw(st.tuples(*[st.integers(0, 2)] * 3, st.integers(1, 5)))
    images = [draw(real(shape, np.float32)) for _ in range(count)]
    # up to 7 squares of up to 16 in a base of up to 114, then a power of it
    return Case(tuple(images), draw(ATTRS), ulps=64, scale=200 if count > 1 else 1)


CASES = {"LRN": responses(), "LRNGrad": responses(count=3)}


def test_neighbour_channels_count_and_others_do_not():
    x = np.float64([3, 0, 4, 0, 5]).reshape(1, 1, 1, 5)

    found = lrn_op.body(x, depth_radius=1, bias=0.0, beta=0.5)

    assert found.ravel()[[0, 2, 4]].tolist() == [1, 1, 1]


@given(x=real((1, 1, 2, 4)), g=real((1, 1, 2, 4)), attrs=ATTRS)
def test_the_gradient_is_the_derivative(x, g, attrs):
    y = lrn_op.body(x, **attrs)
    step = 1e-5 * np.cos(np.arange(x.size)).reshape(x.shape)
    there, back = lrn_op.body(x + step, **attrs), lrn_op.body(x - step, **attrs)

    exact = (lrn_grad_op.body(g, x, y, **attrs) * step).sum()

    np.testing.assert_allclose(exact, (g * (there - back)).sum() / 2, atol=1e-12)
