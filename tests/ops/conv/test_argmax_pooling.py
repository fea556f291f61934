"""MaxPoolWithArgmax and its gradients: places, adjointness, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.conv.argmax_pooling import (
    max_pool_grad_grad_with_argmax_op,
    max_pool_grad_with_argmax_op,
    max_pool_with_argmax_op,
)
from minitf.ops.conv.pooling import max_pool_grad_op, max_pool_op
from minitf.testing.cases.conv.argmax_pooling import poolings
from minitf.testing.strategies import whole

TWO = {"ksize": (1, 2, 2, 1), "strides": (1, 2, 2, 1), "padding": "VALID"}
TWICE = np.float32([[[[1, 9], [2, 0]], [[4, 3], [4, 5]]]] * 2)  # two equal images of two channels


def test_a_place_counts_the_cells_of_one_image_or_of_all():
    values, places = max_pool_with_argmax_op.body(TWICE, **TWO)
    _, in_all = max_pool_with_argmax_op.body(TWICE, **TWO, include_batch_in_index=True)

    assert values.ravel().tolist() == [4, 9, 4, 9]
    assert places.ravel().tolist() == [4, 1, 4, 1]  # of the two fours the first
    assert in_all.ravel().tolist() == [4, 1, 12, 9]


def without_type(case):
    return {name: value for name, value in case.attrs.items() if name != "Targmax"}


@given(case=poolings(), data=st.data())
def test_values_and_gradients_are_those_of_pooling_without_places(case, data):
    (image,) = case.inputs
    attrs = without_type(case)
    plain = {name: attrs[name] for name in ("ksize", "strides", "padding")}

    values, places = max_pool_with_argmax_op.body(image, **case.attrs)
    grads = data.draw(whole(values.shape, image.dtype, 0, 3))
    found = max_pool_grad_with_argmax_op.body(image, grads, places, **attrs)

    np.testing.assert_array_equal(values, max_pool_op.body(image, **plain))
    np.testing.assert_array_equal(found, max_pool_grad_op.body(image, values, grads, **plain))


@given(case=poolings())
@pytest.mark.paper("W-26")
def test_taking_at_places_gives_the_greatest_values(case):
    (image,) = case.inputs
    values, places = max_pool_with_argmax_op.body(image, **case.attrs)

    taken = max_pool_grad_grad_with_argmax_op.body(image, image, places, **without_type(case))

    np.testing.assert_array_equal(taken, values)


def test_the_first_of_several_nans_is_the_greatest():
    image = np.float32([[1, np.nan], [np.nan, 3]]).reshape(1, 2, 2, 1)

    values, places = max_pool_with_argmax_op.body(image, **TWO)

    assert np.isnan(values).all()
    assert places.ravel().tolist() == [1]


@pytest.mark.parametrize(("place", "whole"), [(-1, False), (8, False), (8, True), (-1, True)])
def test_a_place_outside_its_image_is_refused(place, whole):
    places = np.full((2, 1, 1, 2), place)
    grads = np.zeros((2, 1, 1, 2), np.float32)

    with pytest.raises(InvalidArgumentError, match="is no place in image 0 of 2"):
        max_pool_grad_with_argmax_op.body(TWICE, grads, places, **TWO, include_batch_in_index=whole)
