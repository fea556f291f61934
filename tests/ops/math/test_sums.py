"""AddN, AccumulateNV2: cases, any number of inputs, shapes that differ."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.testing.strategies import whole


@pytest.mark.paper("O-07")
@pytest.mark.parametrize("count", [1, 2, 100])
def test_any_number_of_arrays_add_up(count):
    inputs = [np.int32([i, -i]) for i in range(count)]

    assert ops.add_n_op.body(inputs).tolist() == [sum(range(count)), -sum(range(count))]


@given(inputs=st.lists(whole((2, 3), np.int64), min_size=1, max_size=5))
def test_the_order_of_integers_does_not_matter(inputs):
    np.testing.assert_array_equal(ops.add_n_op.body(inputs), ops.add_n_op.body(inputs[::-1]))


def test_shapes_that_differ_are_refused_while_building_and_in_a_run():
    import minitf as tf

    with pytest.raises(InvalidArgumentError, match="must have the same size and shape"):
        ops.add_n_op.body([np.zeros(2), np.zeros(3)])
    with pytest.raises(GraphBuildError, match="Dimension 0 in both shapes must be equal"):
        tf.add_n([tf.zeros([2]), tf.zeros([3])])


def test_what_is_no_list_of_tensors_is_refused():
    import minitf as tf

    for wrong in ([], tf.zeros([2])):
        with pytest.raises(ValueError, match="inputs must be a list of at least one Tensor"):
            tf.add_n(wrong)


def test_the_sum_of_one_tensor_is_that_tensor():
    import minitf as tf

    x = tf.zeros([2])

    assert tf.add_n([x]) is x
    assert tf.accumulate_n([x]) is x
    assert tf.add_n([x], name="alone").op.type == "Identity"
