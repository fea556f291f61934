"""BatchNormWithGlobalNormalization: a worked example, the ops that replace it, messages."""

import numpy as np
import pytest
from hypothesis import given

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.global_batch_norm import (
    batch_norm_with_global_normalization_grad_op,
    batch_norm_with_global_normalization_op,
)
from minitf.testing.cases.nn.global_batch_norm import normalisations


def test_an_element_is_normalised_by_hand():
    one = np.ones(1)
    call = np.full((1, 1, 1, 1), 7.0), one * 3, one * 3, one * 5, one * 10
    attrs = {"variance_epsilon": 1.0}

    with_gamma, without = (
        batch_norm_with_global_normalization_op.body(
            *call, **attrs, scale_after_normalization=scales
        ).item()
        for scales in (True, False)
    )

    assert (with_gamma, without) == (25, 7)  # (7 - 3) / 2 = 2


@given(case=normalisations())
def test_it_is_what_batch_normalization_computes(case):
    t, mean, variance, beta, gamma = case.inputs
    scale = gamma if case.attrs["scale_after_normalization"] else None
    with tf.Graph().as_default(), tf.Session() as session:
        replaced = tf.nn.batch_normalization(
            t, mean, variance, beta, scale, case.attrs["variance_epsilon"]
        )
        wanted = session.run(replaced)

    found = case.run(batch_norm_with_global_normalization_op)

    tolerance = {"float64": 1e-12, "float32": 1e-4}.get(t.dtype.name, 0.5)
    np.testing.assert_allclose(
        np.float64(found[0]), np.float64(wanted), rtol=tolerance, atol=tolerance
    )


def test_a_vector_of_another_length_is_refused():
    images, three, two = np.zeros((1, 1, 1, 3)), np.zeros(3), np.zeros(2)
    attrs = {"variance_epsilon": 1.0, "scale_after_normalization": True}

    with pytest.raises(InvalidArgumentError, match="var must have one element for each of 3"):
        batch_norm_with_global_normalization_op.body(images, three, two, three, three, **attrs)
    with pytest.raises(InvalidArgumentError, match="must have the same shape"):
        batch_norm_with_global_normalization_grad_op.body(
            images, three, three, three, images[0], **attrs
        )
