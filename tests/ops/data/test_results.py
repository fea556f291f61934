"""What a dataset comes to: its only element, its size, the last state of a fold."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset
single = tf.data.experimental.get_single_element


def test_the_only_element_is_given_in_its_structure():
    made = single(Dataset.from_tensors({"a": [1, 2], "b": "x"}))

    with tf.Session() as session:
        found = session.run(made)
    assert found["a"].tolist() == [1, 2]
    assert found["b"] == b"x"


@pytest.mark.parametrize(("size", "phrase"), [(0, "was empty"), (2, "more than one element")])
def test_there_must_be_one_element(size, phrase):
    with tf.Session() as session, pytest.raises(errors.InvalidArgumentError, match=phrase):
        session.run(single(Dataset.range(size)))


def test_only_a_dataset_has_elements():
    with pytest.raises(TypeError, match=r"must be a `tf\.data\.Dataset`"):
        single([1])


def test_constants_name_sizes_that_are_no_numbers():
    experimental = tf.data.experimental
    sizes = [Dataset.range(3).repeat(), Dataset.range(3).filter(lambda n: n > 1)]

    with tf.Session() as session:
        found = session.run([experimental.cardinality(each) for each in sizes])
    assert found == [experimental.INFINITE_CARDINALITY, experimental.UNKNOWN_CARDINALITY]
