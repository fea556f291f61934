"""Options have types, defaults, and can be merged; specs say what datasets are."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.data.option_base import OptionsBase, create_option, merge_options
from minitf.tensor_spec import TensorSpec

experimental = tf.data.experimental
GROUPS = {
    "experimental_distribute": experimental.DistributeOptions,
    "experimental_optimization": experimental.OptimizationOptions,
    "experimental_stats": experimental.StatsOptions,
    "experimental_threading": experimental.ThreadingOptions,
}


def test_options_are_none_until_they_are_set_and_groups_are_there():
    options = tf.data.Options()

    assert options.experimental_deterministic is options.experimental_slack is None
    assert {name: type(getattr(options, name)) for name in GROUPS} == GROUPS
    assert options.experimental_distribute.auto_shard is True
    assert options.experimental_stats.prefix == ""
    options.experimental_optimization.map_vectorization.enabled = True
    assert options.experimental_optimization.map_vectorization.enabled


def test_only_options_of_the_right_type_are_set():
    options = tf.data.Options()

    with pytest.raises(AttributeError, match="Cannot set the property nothing on Options"):
        options.nothing = 1
    with pytest.raises(TypeError, match='Property "experimental_deterministic" must be of type'):
        options.experimental_deterministic = "yes"
    with pytest.raises(TypeError, match="private_threadpool_size"):
        options.experimental_threading.private_threadpool_size = 1.5


def test_merged_options_have_what_either_set():
    one, other = tf.data.Options(), tf.data.Options()
    one.experimental_deterministic = True
    one.experimental_threading.private_threadpool_size = 2
    other.experimental_slack = True
    other.experimental_threading.max_intra_op_parallelism = 3

    both = tf.data.Dataset.range(3).with_options(one).with_options(other).options()

    assert both == one.merge(other)
    assert both.experimental_deterministic
    assert both.experimental_slack
    assert both.experimental_threading.private_threadpool_size == 2
    assert both.experimental_threading.max_intra_op_parallelism == 3
    assert both != one
    other.experimental_deterministic = False
    with pytest.raises(ValueError, match="Cannot merge incompatible values"):
        one.merge(other)


def test_options_of_one_class_are_merged():
    class Own(OptionsBase):
        size = create_option("size", int, "How large.", lambda: 4)

    with pytest.raises(ValueError, match="At least one options"):
        merge_options()
    with pytest.raises(TypeError, match="Incompatible options type"):
        merge_options(Own(), tf.data.Options())
    with pytest.raises(TypeError, match="should inherit from `OptionsBase`"):
        merge_options(1, 2)
    assert merge_options(Own(), Own()).size == 4
    assert Own.size.__doc__ == "How large."
    assert Own() != 4


def test_rewritings_are_named_as_the_runtime_of_tensorflow_wants_them():
    options = tf.data.Options()
    by_default = ["map_and_batch_fusion", "noop_elimination", "shuffle_and_repeat_fusion"]
    assert options._static_optimizations() == by_default
    assert options._static_optimization_configs() == []

    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_optimization.map_fusion = True
    options.experimental_optimization.autotune_buffers = True
    options.experimental_optimization.map_vectorization.enabled = True
    options.experimental_deterministic = False
    options.experimental_slack = True
    options.experimental_distribute.num_devices = 3

    assert options._static_optimizations() == [
        "inject_prefetch", "map_fusion", "map_vectorization", "make_sloppy", "slack"
    ]  # fmt: skip
    assert options._static_optimization_configs() == [
        "map_vectorization:use_choose_fastest:false", "slack:slack_period:3"
    ]  # fmt: skip


# --- specs ---------------------------------------------------------------------------------------


def test_elements_are_described_by_specs():
    sparse = tf.SparseTensor([[0, 1]], [2.0], [3, 4])
    data = tf.data.Dataset.from_tensors({"a": [1, 2], "b": (b"x", sparse)})

    assert data.element_spec == {
        "a": TensorSpec([2], tf.int32),
        "b": (TensorSpec([], tf.string), experimental.SparseTensorStructure(tf.float32, [3, 4])),
    }
    assert experimental.get_structure(data.make_one_shot_iterator()) == data.element_spec
    with pytest.raises(TypeError, match="must be a Dataset or Iterator"):
        experimental.get_structure(3)


def test_windows_are_datasets_of_a_spec():
    data = tf.data.Dataset.range(5)
    windows = data.window(2)

    assert windows.element_spec == tf.data.DatasetSpec(data.element_spec)
    assert windows.output_types == windows.output_classes == windows.element_spec
    assert tf.data.DatasetSpec.from_value(data) == windows.element_spec
    assert windows.element_spec.value_type is tf.data.Dataset
    assert windows.element_spec.is_compatible_with(tf.data.DatasetSpec(TensorSpec([], tf.int64)))
    assert not windows.element_spec.is_compatible_with(
        tf.data.DatasetSpec(TensorSpec([], tf.int32))
    )
    batched = windows.element_spec._batch(4)
    assert batched._unbatch() == windows.element_spec
    with pytest.raises(ValueError, match="rank >= 1"):
        windows.element_spec._unbatch()


def test_a_dataset_travels_as_a_variant():
    data = tf.data.Dataset.range(3).map(lambda x: (x, -x))

    again = experimental.from_variant(experimental.to_variant(data), data.element_spec)
    following = again.make_one_shot_iterator().get_next()

    with tf.Session() as session:
        assert [session.run(following) for _ in range(3)] == [(0, 0), (1, -1), (2, -2)]
