"""Windows are datasets of neighbours; groups are datasets of elements with equal keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset


@given(
    size=st.integers(0, 10),
    width=st.integers(1, 4),
    shift=st.integers(1, 4),
    stride=st.integers(1, 3),
    drop=st.booleans(),
)
def test_windows_are_slices_with_a_step(size, width, shift, stride, drop):
    numbers = list(range(size))
    with tf.Graph().as_default():
        windows = Dataset.range(size).window(width, shift, stride, drop)
        found = elements_of(windows.flat_map(lambda window: window.batch(width)))

    wanted = [numbers[at : at + width * stride : stride] for at in range(0, size, shift)]
    assert found == [each for each in wanted if len(each) == width or not drop]


def test_each_component_has_windows_of_its_own():
    data = Dataset.from_tensor_slices({"a": [1, 2, 3], "b": ["x", "y", "z"]}).window(2)

    assert elements_of(data.flat_map(lambda window: window["b"].batch(2))) == [[b"x", b"y"], [b"z"]]
    assert isinstance(data.output_types, dict)


@pytest.mark.parametrize("numbers", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_windows_go_forward(numbers):
    with pytest.raises(errors.InvalidArgumentError, match="must be greater than zero"):
        elements_of(Dataset.range(3).window(*numbers))


def grouped(keys, sizes):
    """Groups as group_by_window gives them: when full, the rest at the end by key."""
    rows, found = {}, []
    for number, key in enumerate(keys):
        rows.setdefault(key, []).append(number)
        if len(rows[key]) == sizes[key]:
            found.append(rows.pop(key))
    return found + [rows[key] for key in sorted(rows)]


@given(keys=st.lists(st.integers(0, 2), max_size=12))
def test_groups_come_when_they_are_full_and_the_rest_at_the_end(keys):
    sizes = [1, 2, 3]
    with tf.Graph().as_default():
        data = Dataset.zip((Dataset.range(len(keys)), Dataset.from_tensor_slices([*keys, 0])))
        groups = tf.data.experimental.group_by_window(
            lambda _, key: tf.cast(key, tf.int64),
            lambda _, group: group.map(lambda number, _: number).batch(9),
            window_size_func=lambda key: tf.gather(tf.constant(sizes, tf.int64), key),
        )
        found = elements_of(data.apply(groups))

    assert found == grouped(keys, sizes)


def test_the_size_of_groups_is_given_once():
    with pytest.raises(ValueError, match="either window_size or window_size_func"):
        tf.data.experimental.group_by_window(lambda x: x, lambda _, group: group)
    data = Dataset.range(3).apply(
        tf.data.experimental.group_by_window(lambda x: x, lambda _, group: group, 0)
    )
    with pytest.raises(errors.InvalidArgumentError, match="Window size must be greater than zero"):
        elements_of(data)


def test_a_group_must_become_a_dataset():
    groups = tf.data.experimental.group_by_window(lambda x: x, lambda key, _: key, 2)

    with pytest.raises(TypeError, match="must return a `Dataset`"):
        Dataset.range(3).apply(groups)


PIPELINES = {
    "by parity": lambda lib: lib.data.Dataset.range(11).apply(
        lib.data.experimental.group_by_window(
            lambda n: n % 2, lambda key, group: group.map(lambda n: n * 10 + key).batch(3), 3
        )
    ),
    "windows": lambda lib: (
        lib.data.Dataset.range(9).window(3, 2, 2).flat_map(lambda window: window.batch(3))
    ),
    "buckets": lambda lib: (
        lib.data.Dataset.range(12)
        .map(lambda n: lib.range(n % 5))
        .apply(lib.data.experimental.bucket_by_sequence_length(lib.size, [2, 4], [3, 2, 2]))
    ),
    "buckets to the boundary": lambda lib: (
        lib.data.Dataset.range(9)
        .map(lambda n: lib.range(n % 4))
        .apply(
            lib.data.experimental.bucket_by_sequence_length(
                lib.size, [3, 6], [3, 2, 2], pad_to_bucket_boundary=True
            )
        )
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_windows_and_groups_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
