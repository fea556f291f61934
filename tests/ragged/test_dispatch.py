"""Functions that mean something else for other classes, and the import paths of ragged tensors."""

import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf import dispatch
from minitf.compat.test_case import TestCase

NAMES = {
    "framework.type_spec": "TypeSpec BatchableTypeSpec type_spec_from_value",
    "framework.tensor_spec": "TensorSpec BoundedTensorSpec",
    "framework.tensor_like": "_TensorLike",
    "framework.composite_tensor": "CompositeTensor replace_composites_with_components",
    "framework.composite_tensor_utils": "append_composite_tensor get_shape",
    "ops.ragged.ragged_array_ops": "boolean_mask tile expand_dims size rank ragged_one_hot",
    "ops.ragged.ragged_batch_gather_with_default_op": "batch_gather_with_default",
    "ops.ragged.ragged_config": "auto_cast_partition_dtype",
    "ops.ragged.ragged_conversion_ops": "from_tensor to_tensor ragged_to_dense to_sparse",
    "ops.ragged.ragged_factory_ops": "constant constant_value placeholder",
    "ops.ragged.ragged_math_ops": "range reduce_sum segment_sum ragged_reduce_aggregate",
    "ops.ragged.ragged_string_ops": "string_split_v2 strings_split_v1 ngrams unicode_encode",
    "ops.ragged.ragged_tensor": "RaggedTensor RaggedTensorSpec RaggedTensorType is_ragged",
    "ops.ragged.ragged_tensor_shape": "RaggedTensorDynamicShape broadcast_to",
    "ops.ragged.ragged_test_util": "RaggedTensorTestCase",
    "ops.ragged.ragged_util": "assert_splits_match lengths_to_splits repeat_ranges",
    "ops.ragged.segment_id_ops": "row_splits_to_segment_ids segment_ids_to_row_splits",
    "util.dispatch": "DISPATCH_ATTR add_dispatch_support dispatch_for_types OpDispatcher",
}


class Celsius:
    def __init__(self, degrees):
        self.degrees = degrees


@pytest.fixture
def added():
    """Let `tf.add` add Celsius for one test."""

    def add(x, y, name=None):
        del name
        return Celsius(x.degrees + y.degrees)

    dispatch.dispatch_for_types(tf.add, Celsius)(add)
    yield
    tf.add._tf_dispatchers.clear()


def test_a_registered_meaning_is_asked_where_the_function_refuses(added):
    with tf.Graph().as_default():
        assert tf.add(Celsius(1), Celsius(2)).degrees == 3
        assert dispatch.dispatch(tf.add, Celsius(1), y=Celsius(2)).degrees == 3
        assert dispatch.dispatch(tf.add, 1, 2) is dispatch.OpDispatcher.NOT_SUPPORTED
        with pytest.raises(TypeError):
            tf.add(object(), 1)


def test_a_meaning_must_have_the_functions_parameters():
    with pytest.raises(AssertionError, match="must exactly match"):
        dispatch.dispatch_for_types(tf.add, Celsius)(lambda x, y: x)
    with pytest.raises(AssertionError, match="Dispatching not enabled"):
        dispatch.dispatch(len, [1])
    listed = dispatch.add_dispatch_list(lambda x: x)
    with pytest.raises(AssertionError, match="already has a dispatch list"):
        dispatch.add_dispatch_list(listed)


def test_inner_names_are_found_under_tensorflows_paths():
    program = f"""
import importlib
from minitf.compat.run import alias
alias()
for path, names in {NAMES}.items():
    module = importlib.import_module(f"tensorflow.python.{{path}}")
    print([name for name in names.split() if not hasattr(module, name)])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["[]"] * len(NAMES)


class Rows(TestCase):
    def compare(self):
        rows = tf.ragged.constant([[1, 2], []])
        self.assertAllEqual(rows, [[1, 2], []])
        self.assertAllClose(rows + 0, tf.ragged.constant([[1, 2], []]))
        with pytest.raises(AssertionError):
            self.assertAllEqual(rows, [[1], [2]])
        with pytest.raises(AssertionError, match="is not close to"):
            self.assertRaggedAlmostEqual(tf.cast(rows, tf.float32), [[1.0, 2.5], []], places=2)


def test_test_cases_compare_ragged_tensors():
    with tf.Graph().as_default(), tf.Session():
        Rows("compare").compare()


def test_ranges_are_repeated_and_defaults_stand_for_what_is_missing():
    from minitf.ragged.gathering import batch_gather_with_default, repeat_ranges

    with tf.Graph().as_default(), tf.Session() as session:
        rows = tf.ragged.constant([["a", "b"], ["c"]])
        found = batch_gather_with_default(rows, [[0, 1], [0, 1]], "-")
        ranges, found = session.run([repeat_ranges([1, 2, 3], [0, 2, 3], [1, 2]), found])

    assert ranges.tolist() == [1, 2, 3, 3]
    assert found.tolist() == [[b"a", b"b"], [b"c", b"-"]]


def test_composite_values_are_appended():
    from minitf.compat.internal.composite_tensor import append_composite_tensor, get_shape

    one = tf.ragged.constant_value([[[1]], []])
    sparse = tf.SparseTensorValue(*map(np.array, ([[0, 1]], [5], [1, 2])))
    both = append_composite_tensor(sparse, sparse)

    assert append_composite_tensor(one, one).to_list() == [[[1]], [], [[1]], []]
    assert both.indices.tolist() == [[0, 1], [1, 1]]
    assert get_shape(both).tolist() == [2, 2]
    with pytest.raises(RuntimeError, match="Unable to concatenate"):
        append_composite_tensor(one, sparse)
