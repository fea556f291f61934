"""Regularizers: the losses that they add."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.testing.strategies import real
from minitf.variables.regularizers import (
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)

scales = st.floats(0.125, 2, width=16)


def loss(regularizer, weights) -> float:
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(regularizer(tf.constant(weights)))


@given(scale=scales, other=scales, weights=real((3, 2)))
def test_losses_are_the_scaled_norms(scale, other, weights):
    one, two = scale * np.abs(weights).sum(), other * np.square(weights).sum() / 2

    np.testing.assert_allclose(loss(l1_regularizer(scale), weights), one)
    np.testing.assert_allclose(loss(l2_regularizer(other), weights), two)
    np.testing.assert_allclose(loss(l1_l2_regularizer(scale, other), weights), one + two)


def test_a_scale_of_zero_gives_no_loss():
    assert l1_regularizer(0.0)(tf.constant(1.0)) is None
    assert l2_regularizer(0.0)(tf.constant(1.0)) is None
    assert loss(l1_l2_regularizer(0.0, 2.0), 3.0) == 9
    assert loss(l1_l2_regularizer(2.0, 0.0), 3.0) == 6
    assert sum_regularizer([l1_regularizer(0.0)])(tf.constant(1.0)) is None


def test_a_sum_of_none_is_none():
    assert sum_regularizer([None, None]) is None


@pytest.mark.parametrize("regularizer", [l1_regularizer, l2_regularizer])
def test_scales_are_positive_floats(regularizer):
    with pytest.raises(ValueError, match="scale cannot be an integer: 1"):
        regularizer(1)
    with pytest.raises(ValueError, match="less than 0"):
        regularizer(-1.0)


def test_losses_are_named_after_what_made_them():
    x = tf.constant(1.0)
    names = [make(0.5)(x).op.name for make in (l1_regularizer, l2_regularizer)]

    assert names == ["l1_regularizer", "l2_regularizer"]


@pytest.mark.parametrize("scales", [(0, 0.5), (0.5, 1)])
def test_a_whole_number_is_no_scale_of_either_kind(scales):
    with pytest.raises(ValueError, match=r"scale_l. cannot be an integer"):
        l1_l2_regularizer(*scales)


def test_both_together_are_named_so_even_if_one_is_zero():
    with tf.Graph().as_default():
        found = l1_l2_regularizer(0.0, 0.5)(tf.constant([1.0]))

    assert found.op.name == "l1_l2_regularizer"
