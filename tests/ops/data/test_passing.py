"""Datasets that hand elements on, under their names of 1.15 and as they were experimental."""

from __future__ import annotations

import pytest
from ops.data.elements import elements_of

import minitf as tf
from minitf import errors, ops
from minitf.data import running
from minitf.ops.data.older import older

Dataset = tf.data.Dataset
WAYS = {
    "model": running.model(),
    "optimize": running.optimize(["map_fusion"]),
    "optimize nothing": running.optimize(),
    "non_serializable": running.non_serializable(),
    "sleep": running.sleep(1),
    "copy": tf.data.experimental.copy_to_device("/cpu:0"),
    "prefetch": tf.data.experimental.prefetch_to_device("/cpu:0", 2),
    "pool": lambda data: running.override_threadpool(data, running.PrivateThreadPool(2, "mine")),
    "latency": tf.data.experimental.latency_stats("x"),
}


@pytest.mark.parametrize("name", WAYS)
def test_elements_structure_and_number_stay(name):
    data = Dataset.zip({"a": Dataset.range(4), "b": (Dataset.range(4), Dataset.range(5))})

    handed_on = data.apply(WAYS[name])

    assert elements_of(handed_on) == elements_of(data)
    assert handed_on.element_spec == data.element_spec
    with tf.Session() as session:
        assert session.run(tf.data.experimental.cardinality(handed_on)) == 4


def test_numbers_of_threads_must_be_possible():
    options = tf.data.Options()
    options.experimental_threading.private_threadpool_size = -1
    with pytest.raises(errors.InvalidArgumentError, match="`num_threads` must be >= 0"):
        elements_of(Dataset.range(2).with_options(options))
    options = tf.data.Options()
    options.experimental_threading.max_intra_op_parallelism = -1
    with pytest.raises(errors.InvalidArgumentError, match="max_intra_op_parallelism"):
        elements_of(Dataset.range(2).with_options(options))
    with pytest.raises(errors.InvalidArgumentError, match="must be greater than zero"):
        elements_of(running.override_threadpool(Dataset.range(2), running.PrivateThreadPool(0)))


def test_the_first_of_several_that_give_the_same_is_taken():
    attrs = {"output_types": (tf.int64,), "output_shapes": ((),)}
    several = [Dataset.range(3)._variant_tensor, Dataset.range(9)._variant_tensor]
    chosen = tf.raw_ops.ChooseFastestDataset(input_datasets=several, num_experiments=2, **attrs)

    data = tf.data.experimental.from_variant(chosen, Dataset.range(1).element_spec)

    assert elements_of(data) == [0, 1, 2]


def test_every_experimental_name_does_what_the_later_one_does():
    names = [name for name in ops.names() if name.startswith("Experimental")]
    pairs = {name: name.removeprefix("Experimental") for name in names}

    assert len(names) > 30
    assert all(later in ops.names() for later in pairs.values())
    for name, later in pairs.items():
        one, other = ops.find_op(name), ops.find_op(later)
        assert [arg.name for arg in one.inputs] == [arg.name for arg in other.inputs]
        assert set(one.attrs) <= set(other.attrs)
    assert callable(older)


def test_an_experimental_map_maps():
    data = Dataset.range(4).map(lambda x: x + 1)
    operation = data._variant_tensor.op
    older_one = tf.raw_ops.ExperimentalMapDataset(
        input_dataset=operation.inputs[0],
        other_arguments=[],
        f=operation.attrs["f"],
        output_types=[tf.int64],
        output_shapes=[[]],
    )

    found = elements_of(tf.data.experimental.from_variant(older_one, data.element_spec))

    assert found == [1, 2, 3, 4]
