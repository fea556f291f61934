"""LRN and its gradient: cases, a worked example, the derivative."""

import numpy as np
from hypothesis import given

from minitf.ops.nn.normalisation import lrn_grad_op, lrn_op
from minitf.testing.cases.nn.normalisation import ATTRS
from minitf.testing.strategies import real


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
