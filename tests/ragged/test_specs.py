"""Specs: what they know, and what they are compatible with."""

import copy
import pickle

import pytest

import minitf as tf
from minitf import nest
from minitf.tensor_spec import BoundedTensorSpec
from minitf.type_spec import type_spec_from_value

SPECS = [
    tf.TensorSpec([2, None], tf.float32, "a"),
    tf.SparseTensorSpec([None, 3], tf.int32),
    tf.IndexedSlicesSpec([4, 2]),
    tf.RaggedTensorSpec([2, None, None], tf.int64, row_splits_dtype=tf.int32),
    tf.TensorArraySpec([3], tf.float32),
    BoundedTensorSpec([2], tf.int32, 0, [5, 6]),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: type(spec).__name__)
def test_a_copy_is_equal_and_prints_the_same(spec):
    for again in (copy.copy(spec), pickle.loads(pickle.dumps(spec))):
        assert again == spec
        assert hash(again) == hash(spec)
        assert repr(again) == repr(spec)
        assert again.is_compatible_with(spec)
    assert all(spec != other for other in SPECS if other is not spec)


def test_specs_print_as_tensorflows():
    assert repr(SPECS[0]) == "TensorSpec(shape=(2, ?), dtype=tf.float32, name='a')"
    assert repr(tf.RaggedTensorSpec([2, None])) == (
        "RaggedTensorSpec(TensorShape([Dimension(2), Dimension(None)]), tf.float32, 1, tf.int64)"
    )


def test_what_two_specs_have_in_common():
    common = tf.RaggedTensorSpec([2, None]).most_specific_compatible_type(
        tf.RaggedTensorSpec([3, None])
    )

    assert common == tf.RaggedTensorSpec([None, None])
    with pytest.raises(ValueError, match="Types are not compatible"):
        tf.TensorSpec([2]).most_specific_compatible_type(tf.TensorSpec([2], tf.int32))
    with pytest.raises(ValueError, match="No TypeSpec is compatible with both"):
        tf.SparseTensorSpec([2]).most_specific_compatible_type(tf.TensorSpec([2]))


def test_a_value_has_a_spec_and_is_made_again_of_its_parts():
    with tf.Graph().as_default():
        sparse = tf.SparseTensor([[0, 1]], [5], [2, 3])
        rows = tf.ragged.constant([[[1], []], []])
        slices = tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1]), tf.constant([4, 3]))
        for value in (sparse, rows, slices):
            spec = type_spec_from_value(value)
            parts = nest.flatten(value, expand_composites=True)
            again = nest.pack_sequence_as(spec, parts, expand_composites=True)

            assert spec.is_compatible_with(value)
            assert isinstance(again, spec.value_type)
            assert type_spec_from_value(again).is_compatible_with(spec)
        assert nest.flatten(rows, expand_composites=True) == [
            *(rows.flat_values, *rows.nested_row_splits)
        ]
        assert type_spec_from_value([1.5]) == tf.TensorSpec([1])
        with pytest.raises(TypeError, match="Could not build a TypeSpec"):
            type_spec_from_value(object())


def test_a_ragged_batch_travels_as_variants():
    with tf.Graph().as_default(), tf.Session() as session:
        rows = tf.ragged.constant([[1, 2], [], [3]])
        spec = type_spec_from_value(rows)
        whole = spec._from_compatible_tensor_list(spec._to_tensor_list(rows))
        one = spec._unbatch()._from_compatible_tensor_list(
            [spec._to_batched_tensor_list(rows)[0][0]]
        )
        found, first = session.run([whole, one])

    assert found.to_list() == [[1, 2], [], [3]]
    assert first.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (tf.RaggedTensorSpec, ValueError, "Must specify ragged_rank"),
        (lambda: tf.RaggedTensorSpec([2], ragged_rank=1), ValueError, "must be less than rank"),
        (lambda: tf.RaggedTensorSpec([2], ragged_rank=1.5), TypeError, "must be an int"),
        (lambda: BoundedTensorSpec([2], tf.int32, None, 1), ValueError, "minimum must be provided"),
        (lambda: BoundedTensorSpec([2], tf.int32, 0, [1] * 3), ValueError, "maximum is not compat"),
        (lambda: tf.TensorSpec.from_tensor(5), ValueError, "should be a tf.Tensor"),
    ],
)
def test_specs_that_cannot_be_are_refused(make, kind, message):
    with pytest.raises(kind, match=message):
        make()
