"""The insides of tf.data that tests of TensorFlow 1.15 import."""

from __future__ import annotations

import collections

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import data_nest as nest
from minitf.compat.internal import data_sparse, data_structure, data_util, dataset_ops
from minitf.compat.internal.data_serialization_base import DatasetSerializationTestBase
from minitf.compat.internal.data_test_base import DatasetTestBase, default_test_combinations
from minitf.compat.internal.reader_dataset_test_base import (
    FixedLengthRecordDatasetTestBase,
    TextLineDatasetTestBase,
    TFRecordDatasetTestBase,
)
from minitf.tensor_spec import TensorSpec

Dataset = tf.data.Dataset
Pair = collections.namedtuple("Pair", "one two")  # noqa: PYI024 - as programs write it


def test_lists_are_leaves_and_dicts_are_in_the_order_of_keys():
    value = ({"b": 1, "a": [2, 3]}, Pair(4, ()))

    assert nest.flatten(value) == [[2, 3], 1, 4]
    assert nest.pack_sequence_as(value, ["x", "y", "z"]) == ({"b": "y", "a": "x"}, Pair("z", ()))
    assert nest.map_structure(lambda a, b: (a, b), {"k": 1}, {"k": [2]}) == {"k": (1, [2])}
    assert nest.map_structure_up_to((0, 0), lambda part: part, (1, (2, 3))) == (1, (2, 3))
    assert nest.flatten_up_to({"a": 0}, {"a": (1, 2)}) == [(1, 2)]


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: nest.assert_same_structure((1, 2), (1, (2,))), ValueError, "nested structure"),
        (lambda: nest.assert_same_structure((1, 2), Pair(1, 2)), TypeError, "sequence type"),
        (lambda: nest.assert_same_structure((1,), (1, 2)), ValueError, "number of elements"),
        (lambda: nest.assert_same_structure({"a": 1}, {"b": 1}), ValueError, "set of keys"),
        (lambda: nest.pack_sequence_as((1, 2), [3]), ValueError, "Could not pack sequence"),
        (lambda: nest.pack_sequence_as(1, [3, 4]), ValueError, "is a scalar"),
        (lambda: nest.pack_sequence_as(1, 3), TypeError, "must be a sequence"),
        (lambda: nest.map_structure(3, 1), TypeError, "must be callable"),
        (lambda: nest.map_structure(str), ValueError, "at least one structure"),
        (lambda: nest.map_structure(str, 1, check=1), ValueError, "is check_types"),
        (lambda: nest.map_structure_up_to((0,), str), ValueError, "no sequences"),
        (lambda: nest.assert_shallow_structure((0,), [1]), TypeError, "also be a sequence"),
        (lambda: nest.assert_shallow_structure({"a": 0}, (1,)), TypeError, "sequence type"),
        (lambda: nest.assert_shallow_structure((0,), (1, 2)), ValueError, "sequence length"),
        (lambda: nest.assert_shallow_structure({"a": 0}, {"b": 1}), ValueError, "same keys"),
    ],
)
def test_structures_that_differ_are_told_apart(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_elements_become_tensors_by_their_specs_and_back():
    sparse = tf.SparseTensor([[0, 1]], [2.0], [2, 3])
    element = {"s": sparse, "t": (tf.constant([1, 2]), Dataset.range(3))}
    spec = data_structure.type_spec_from_value(element)

    tensors = data_structure.to_tensor_list(spec, element)
    back = data_structure.from_tensor_list(spec, tensors)

    assert data_structure.get_flat_tensor_types(spec) == [tf.variant, tf.int32, tf.variant]
    assert [str(each) for each in data_structure.get_flat_tensor_shapes(spec)][1] == "(2,)"
    assert isinstance(back["s"], tf.SparseTensor)
    assert back["t"][1].output_types is tf.int64
    assert data_structure.are_compatible(spec, data_structure.type_spec_from_value(back))
    assert not data_structure.are_compatible(spec, (1,))
    with pytest.raises(ValueError, match="Expected 3 tensors but got 1"):
        data_structure.from_compatible_tensor_list(spec, tensors[:1])
    with pytest.raises(TypeError, match="Could not build a TypeSpec"):
        data_structure.type_spec_from_value([1, 2], use_fallback=False)
    legacy = data_structure.convert_legacy_structure(tf.int32, tf.TensorShape([2]), tf.Tensor)
    assert legacy == TensorSpec([2], tf.int32)
    batches = data_structure.to_batched_tensor_list(
        TensorSpec([None], tf.int32), tf.zeros([2], tf.int32)
    )
    assert batches[0].shape.as_list() == [2]


def test_sparse_elements_are_serialized_by_classes():
    sparse = tf.SparseTensor([[0, 1]], [2.0], [2, 3])
    classes = data_sparse.get_classes((sparse, tf.constant(1)))

    assert classes == (tf.SparseTensor, tf.Tensor)
    assert data_sparse.any_sparse(classes)
    assert data_sparse.as_dense_types((tf.float32, tf.int32), classes) == (tf.variant, tf.int32)
    shapes = data_sparse.as_dense_shapes((tf.TensorShape([2, 3]), tf.TensorShape([])), classes)
    assert [each.ndims for each in shapes] == [None, 0]
    packed = data_sparse.serialize_sparse_tensors((sparse, tf.constant(1)))
    many = data_sparse.serialize_many_sparse_tensors(sparse)
    assert many.shape.as_list() == [2, 3]
    back, _ = data_sparse.deserialize_sparse_tensors(
        packed, (tf.float32, tf.int32), (tf.TensorShape([2, 3]), tf.TensorShape([])), classes
    )
    with tf.Session() as session:
        assert session.run(back.values) == [2.0]


def test_arguments_become_tensors():
    with tf.Session() as session:
        default = data_util.optional_param_to_tensor("size", None, 7)
        shape = data_util.partial_shape_to_tensor(tf.TensorShape([None, 2]))
        seeds = data_util.get_seed(None)
        tf.set_random_seed(0)
        both_zero = data_util.get_seed(0)
        assert session.run(default) == 7
        assert session.run(shape).tolist() == [-1, 2]
        assert session.run(data_util.partial_shape_to_tensor(np.int64([3, -1]))).tolist() == [3, -1]
        assert session.run(seeds) == (0, 0)
        assert session.run(both_zero) == (0, 2**31 - 1)
    with pytest.raises(ValueError, match="must be a 1-D tensor"):
        data_util.partial_shape_to_tensor(tf.zeros([2, 2], tf.int64))
    with pytest.raises(TypeError, match="element type was float32"):
        data_util.partial_shape_to_tensor(tf.zeros([2]))


def test_operations_of_a_dataset_are_found():
    data = Dataset.zip((Dataset.range(3).batch(2), Dataset.range(4)))

    found = [each.type for each in data_util.obtain_all_variant_tensor_ops(data)]

    assert found == ["ZipDataset", "BatchDatasetV2", "RangeDataset", "RangeDataset"]


def test_classes_behind_methods_make_datasets():
    data = dataset_ops.PrefetchDataset(
        dataset_ops.ParallelMapDataset(
            dataset_ops.FilterDataset(
                dataset_ops.MapDataset(Dataset.range(4), lambda x: x * 2), lambda x: x > 1
            ),
            lambda x: x + 1,
            2,
        ),
        1,
    )
    again = dataset_ops.VariantDataset(data._variant_tensor, data.element_spec)
    wrapped = dataset_ops.StructuredFunctionWrapper(lambda x: (x, 1.0), "own", data)

    assert again.element_spec == TensorSpec([], tf.int64)
    assert wrapped.output_types == (tf.int64, tf.float32)
    assert wrapped.output_classes == (tf.Tensor, tf.Tensor)
    assert [str(each) for each in wrapped.output_shapes] == ["()", "()"]
    assert wrapped.output_structure[1] == TensorSpec([], tf.float32)
    assert wrapped.function.name
    with pytest.raises(ValueError, match="must be specified"):
        dataset_ops.StructuredFunctionWrapper(lambda x: x, "own")


# --- bases of tests ------------------------------------------------------------------------------


class OfDatasets(DatasetTestBase):
    def test_what_a_dataset_gives(self):
        data = Dataset.range(3)
        self.assertDatasetProduces(data, [0, 1, 2], tf.TensorShape([]), num_test_iterations=2)
        self.assertDatasetProduces(data, [2, 0, 1], assert_items_equal=True)
        self.assertDatasetsEqual(data, data.map(lambda x: x))
        with self.assertRaises(AssertionError):  # noqa: PT027
            self.assertDatasetProduces(data, [0, 1, 3])

        def failing():
            return data.map(lambda x: tf.gather([1, 2], x))

        error = tf.errors.InvalidArgumentError
        self.assertDatasetProduces(
            failing(), expected_error=(error, "is not in"), expected_error_iter=3
        )
        self.assertDatasetsRaiseSameError(failing().skip(2), failing().skip(2), error)
        zeros = self.structuredDataset((None, (None, None)))
        self.assertDatasetProduces(zeros, [(0, (0, 0))], requires_initialization=True)
        assert self.evaluate(self.structuredElement((None, None), [2]))[0].tolist() == [0, 0]


class OfSaved(DatasetSerializationTestBase):
    def test_what_is_saved(self):
        self.run_core_tests(lambda: Dataset.range(6).shuffle(3, seed=1).batch(4), 2)
        self.does_not_match([1], [2])


class OfLines(TextLineDatasetTestBase):
    def test_lines(self):
        names = self._createFiles(2, 2, crlf=True, compression_type="GZIP")
        self.assertDatasetProduces(
            tf.data.TextLineDataset(names, "GZIP"), [b"0: 0", b"0: 1", b"1: 0", b"1: 1"]
        )


class OfRecords(TFRecordDatasetTestBase):
    def test_records(self):
        data = tf.data.TFRecordDataset(self.test_filenames, num_parallel_reads=2).repeat(2).batch(3)
        following = data.make_one_shot_iterator().get_next()
        with self.cached_session():
            self._verify_records(lambda: following, 3, None, 2, 2, False, False)


class OfBytes(FixedLengthRecordDatasetTestBase):
    def test_bytes(self):
        data = tf.data.FixedLengthRecordDataset(self._createFiles(), 3, 5, 2)
        self.assertDatasetProduces(data, [self._record(f, r) for f in range(2) for r in range(7)])


def test_combinations_are_modes_and_versions():
    assert {each["mode"] for each in default_test_combinations()} == {"graph", "eager"}
