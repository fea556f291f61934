"""All elements of a key become one."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf

Dataset = tf.data.Dataset


def reduced(lib, numbers, modulus):
    experimental = lib.data.experimental
    reducer = experimental.Reducer(
        lambda key: (key, key * 0), lambda state, n: (state[0], state[1] + n), lambda *state: state
    )
    data = lib.data.Dataset.from_tensor_slices(lib.constant(numbers, lib.int64, [len(numbers)]))
    return data.apply(experimental.group_by_reducer(lambda n: n % modulus, reducer))


@given(numbers=st.lists(st.integers(-9, 9), min_size=1, max_size=8), modulus=st.integers(1, 4))
def test_each_key_has_the_sum_of_its_elements_in_the_order_of_keys(numbers, modulus):
    sums = defaultdict(int)
    for number in numbers:
        sums[number % modulus] += number

    with tf.Graph().as_default():
        assert elements_of(reduced(tf, numbers, modulus)) == sorted(sums.items())


@pytest.mark.tensorflow
def test_elements_and_order_are_tensorflows(tensorflow):
    numbers = [4, -3, 7, 0, 5, -1]

    assert outcomes(tf, lambda lib: reduced(lib, numbers, 3)) == outcomes(
        tensorflow, lambda lib: reduced(lib, numbers, 3)
    )


def test_keys_and_states_are_checked():
    group, reducer = tf.data.experimental.group_by_reducer, tf.data.experimental.Reducer
    good = reducer(lambda key: key, lambda state, n: state + n, lambda state: state)

    with pytest.raises(ValueError, match=r"must return a single tf.int64 tensor"):
        Dataset.range(3).apply(group(lambda n: tf.cast(n, tf.int32), good))
    with pytest.raises(TypeError, match="must match the initial state"):
        Dataset.range(3).apply(
            group(lambda n: n, reducer(lambda key: key, lambda state, n: 1.0, lambda state: state))
        )
    assert good.init_func(3) == 3
    assert good.reduce_func(1, 2) == 3
    assert good.finalize_func(4) == 4
