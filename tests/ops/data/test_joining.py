"""Datasets one after the other, side by side, or by choice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset
choose = tf.data.experimental.choose_from_datasets
sizes = st.integers(0, 5)


@given(one=sizes, other=sizes)
def test_concatenate_and_zip_are_those_of_lists(one, other):
    with tf.Graph().as_default():
        a, b = Dataset.range(one), Dataset.range(10, 10 + other)
        assert elements_of(a.concatenate(b)) == [*range(one), *range(10, 10 + other)]
        assert elements_of(Dataset.zip((a, b))) == list(
            zip(range(one), range(10, 10 + other), strict=False)
        )


def test_zip_keeps_the_structure_of_its_argument():
    a, b = Dataset.range(2), Dataset.from_tensor_slices({"x": [5.0, 6.0]})

    data = Dataset.zip({"a": a, "b": (b, a)})

    assert elements_of(data) == [
        {"a": 0, "b": ({"x": 5.0}, 0)},
        {"a": 1, "b": ({"x": 6.0}, 1)},
    ]


def test_zip_takes_datasets_in_tuples_and_dicts_only():
    with pytest.raises(TypeError, match="do not support Python lists"):
        Dataset.zip([Dataset.range(1), Dataset.range(2)])
    with pytest.raises(TypeError, match="must be a nested structure of `Dataset`"):
        Dataset.zip((Dataset.range(1), 3))


def test_concatenate_widens_shapes_and_keeps_types():
    one = Dataset.from_tensors([[1, 2]]).concatenate(Dataset.from_tensors([[1, 2, 3]]))

    assert one.output_shapes.as_list() == [1, None]
    with pytest.raises(TypeError, match="different types"):
        Dataset.range(1).concatenate(Dataset.from_tensors(1.0))
    sparse = tf.SparseTensor([[0]], [1], [2])
    with pytest.raises(TypeError, match="different classes"):
        Dataset.from_tensors(1).concatenate(Dataset.from_tensors(sparse))


def test_enumerate_numbers_elements():
    assert elements_of(Dataset.from_tensor_slices(["a", "b"]).enumerate(4)) == [
        (4, b"a"),
        (5, b"b"),
    ]


@given(choices=st.lists(st.integers(0, 1), min_size=1, max_size=12))
def test_each_choice_takes_the_next_of_a_dataset_that_is_not_at_its_end(choices):
    with tf.Graph().as_default():
        data = [Dataset.range(3), Dataset.range(10, 13)]
        numbers = Dataset.from_tensor_slices(choices).map(lambda n: tf.cast(n, tf.int64))
        found = elements_of(choose(data, numbers))

    left = [iter(range(3)), iter(range(10, 13))]
    taken = [next(left[choice], None) for choice in choices]
    assert found == [each for each in taken if each is not None]


def test_choices_are_numbers_of_datasets():
    with pytest.raises(TypeError, match=r"scalar `tf\.int64`"):
        choose([Dataset.range(1)], Dataset.from_tensors(1.0))
    with pytest.raises(TypeError, match="different types"):
        choose([Dataset.range(1), Dataset.from_tensors(1.0)], Dataset.range(2))
    with pytest.raises(errors.InvalidArgumentError, match="Selector index out of range: 1 >= 1"):
        elements_of(choose([Dataset.range(3)], Dataset.range(2)))


def test_samples_follow_their_weights():
    data = [Dataset.from_tensors(n).repeat() for n in range(2)]
    sample = tf.data.experimental.sample_from_datasets
    only = sample(data, [0.0, 1.0], seed=2).take(5)
    both = sample(data, seed=2).take(30)

    assert elements_of(only) == [1] * 5
    assert set(elements_of(both)) == {0, 1}
    with pytest.raises(ValueError, match="vector of length"):
        sample(data, [1.0])


PIPELINES = {
    "choices": lambda lib: lib.data.experimental.choose_from_datasets(
        [
            lib.data.Dataset.range(3),
            lib.data.Dataset.range(10, 13),
            lib.data.Dataset.range(9, 0, -1),
        ],
        lib.data.Dataset.range(3).repeat(5),
    ),
    "numbers": lambda lib: lib.data.Dataset.range(3).apply(
        lib.data.experimental.enumerate_dataset(7)
    ),
    "samples": lambda lib: lib.data.experimental.sample_from_datasets(
        [lib.data.Dataset.range(8), lib.data.Dataset.range(10, 18)], [0.3, 0.7], seed=5
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_joined_datasets_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
