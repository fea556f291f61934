"""Variables in parts: how they are cut, joined, shared and refused, as in TensorFlow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variables.scenarios import outcome

import minitf as tf
from minitf.variables.partitioned import part_shapes


def zeros(shape, dtype=None, partition_info=None):
    """Make an initial value without random nodes."""
    return np.zeros(shape, np.float32).tolist()


def cut_by_rows(lib):
    p = lib.get_variable("p", [5, 2], initializer=zeros, partitioner=lib.fixed_size_partitioner(2))
    whole = [p.as_tensor().name, lib.identity(p).name]
    slices = [part._save_slice_info if lib is not tf else part.save_slice_info for part in p]
    specs = [info.spec for info in slices]
    return p.name, [v.name for v in p], whole, specs, p.shape.as_list(), len(p), p.dtype.name


def cut_by_columns(lib):
    with lib.variable_scope("s", partitioner=lib.fixed_size_partitioner(3, axis=1)):
        p = lib.get_variable("p", [2, 7], initializer=zeros)
        scalar = lib.get_variable("scalar", [], initializer=lambda *a, **k: 0.0)
    return [v.shape.as_list() for v in p], p.as_tensor().shape.as_list(), scalar.name


def from_a_value(lib):
    value = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    p = lib.get_variable(
        "p", initializer=lib.constant(value), partitioner=lib.fixed_size_partitioner(2)
    )
    return [v.initial_value.name for v in p]


def shared(lib):
    with lib.variable_scope("s", partitioner=lib.fixed_size_partitioner(2)):
        p = lib.get_variable("p", [4], initializer=zeros)
    found = []
    with lib.variable_scope("s", reuse=True):
        found.append(lib.get_variable("p", [4]) is p)
    with lib.variable_scope("s", reuse=True, partitioner=lib.fixed_size_partitioner(2)):
        found.append(lib.get_variable("p", [4]) is p)
    return found


def assigned(lib):
    p = lib.get_variable("p", [4, 2], initializer=zeros, partitioner=lib.fixed_size_partitioner(2))
    made = p.assign(lib.ones([4, 2])) + p.assign_add([[[1.0, 1.0]] * 2] * 2)
    made += p.assign_sub(lib.ones([4, 2]))
    return [each.name for each in made]


def in_one_part(lib):
    p = lib.get_variable("p", [4], initializer=zeros, partitioner=lib.fixed_size_partitioner(1))
    return lib.identity(p).name


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "scenario",
    [cut_by_rows, cut_by_columns, from_a_value, shared, assigned, in_one_part],
    ids=lambda f: f.__name__,
)
def test_parts_build_what_tensorflow_builds(scenario, tensorflow):
    assert outcome(tf, scenario) == outcome(tensorflow, scenario)


def cut(lib, partitioner, shape=(4,), **options):
    return lib.get_variable("p", list(shape), initializer=zeros, partitioner=partitioner, **options)


def unpartitioned_before(lib):
    lib.get_variable("p", [4])
    with lib.variable_scope("", reuse=True):
        cut(lib, lib.fixed_size_partitioner(2))


def partitioned_before(lib):
    cut(lib, lib.fixed_size_partitioner(2))
    lib.get_variable("p", [4])


def twice(lib):
    cut(lib, lib.fixed_size_partitioner(2))
    cut(lib, lib.fixed_size_partitioner(2))


def cut_otherwise(lib):
    cut(lib, lib.fixed_size_partitioner(2))
    with lib.variable_scope("", reuse=True):
        cut(lib, lib.fixed_size_partitioner(4))


def of_another_shape(lib):
    cut(lib, lib.fixed_size_partitioner(2))
    with lib.variable_scope("", reuse=True):
        cut(lib, lib.fixed_size_partitioner(2), (6,))


def missing(lib):
    with lib.variable_scope("", reuse=True):
        cut(lib, lib.fixed_size_partitioner(2))


def along_two_axes(lib):
    cut(lib, lambda shape, dtype: [2, 2], (4, 4))


def into_nothing(lib):
    cut(lib, lambda shape, dtype: [0])


def into_too_many_axes(lib):
    cut(lib, lambda shape, dtype: [1, 2])


def by_a_number(lib):
    cut(lib, lambda shape, dtype: 3)


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "scenario",
    [
        *(unpartitioned_before, partitioned_before, twice, cut_otherwise, of_another_shape),
        *(missing, along_two_axes, into_nothing, into_too_many_axes, by_a_number),
    ],
    ids=lambda f: f.__name__,
)
def test_parts_are_refused_with_tensorflows_words(scenario, tensorflow):
    (kind, message), (their_kind, their_message) = (
        outcome(lib, scenario) for lib in (tf, tensorflow)
    )

    assert kind is their_kind
    assert message[:60] == their_message[:60]


@given(shape=st.lists(st.integers(1, 9), min_size=1, max_size=3), data=st.data())
def test_parts_cover_the_whole_once(shape, data):
    axis = data.draw(st.integers(0, len(shape) - 1))
    partitions = [1] * len(shape)
    partitions[axis] = data.draw(st.integers(1, shape[axis]))
    seen = np.zeros(shape, int)
    for offset, size in part_shapes(shape, partitions):
        seen[tuple(slice(o, o + s) for o, s in zip(offset, size, strict=True))] += 1
    sizes = [size[axis] for _, size in part_shapes(shape, partitions)]

    assert (seen == 1).all()
    assert max(sizes) - min(sizes) <= 1


PARTITIONERS = {
    "fixed": lambda lib, a, b: lib.fixed_size_partitioner(a, axis=0),
    "axis_size": lambda lib, a, b: lib.variable_axis_size_partitioner(8 * a, max_shards=b),
    "min_max": lambda lib, a, b: lib.min_max_variable_partitioner(a, min_slice_size=4 * b),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PARTITIONERS)
@given(
    shape=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    a=st.integers(1, 9),
    b=st.integers(1, 9),
    dtype=st.sampled_from(["float32", "float64", "string"]),
)
def test_partitioners_cut_as_tensorflows(name, shape, a, b, dtype, tensorflow):
    cuts = [
        list(PARTITIONERS[name](lib, a, b)(shape=lib.TensorShape(shape), dtype=lib.as_dtype(dtype)))
        for lib in (tf, tensorflow)
    ]

    assert cuts[0] == cuts[1]


def test_partitioners_check_their_limits():
    with pytest.raises(ValueError, match="must be positive"):
        tf.variable_axis_size_partitioner(0)
    with pytest.raises(ValueError, match="max_shards must be positive"):
        tf.variable_axis_size_partitioner(8, max_shards=-1)
    with pytest.raises(ValueError, match="Cannot partition variable"):
        tf.min_max_variable_partitioner(axis=1)(shape=tf.TensorShape([3]), dtype=tf.float32)


def test_the_whole_is_the_parts_in_order():
    value = np.arange(10, dtype=np.float32).reshape(5, 2)
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(3)):
        p = tf.get_variable("p", initializer=tf.constant(value))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        np.testing.assert_array_equal(session.run(tf.convert_to_tensor(p)), value)
        session.run(p.assign(value * 2))
        np.testing.assert_array_equal(session.run(p.as_tensor()), value * 2)


def test_the_whole_is_made_once_for_all_trips_of_a_loop():
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        p = tf.get_variable("p", initializer=tf.constant([1.0, 2.0]))
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * p), [0, tf.ones([2])])
    joined = [op for op in tf.get_default_graph().get_operations() if op.type == "ConcatV2"]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(y).tolist() == [1.0, 8.0]

    assert joined
    assert all(op.context is None for op in joined)


def test_a_write_of_parts_may_leave_out_the_reads():
    p = cut(tf, tf.fixed_size_partitioner(2))

    assert [op.type for op in p.assign_sub(tf.ones([4]), read_value=False)] == ["AssignSub"] * 2


def test_an_optimizer_moves_the_parts():
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(2)):
        p = tf.get_variable("p", [4], initializer=tf.ones_initializer())
    optimizer = tf.train.MomentumOptimizer(0.5, 0.9)
    train = optimizer.minimize(tf.reduce_sum(tf.convert_to_tensor(p) * [1.0, 2.0, 3.0, 4.0]))
    slots = [optimizer.get_slot(part, "momentum") for part in p]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(tf.convert_to_tensor(p)).tolist() == [0.5, 0, -0.5, -1]
    assert [slot.save_slice_info.spec for slot in slots] == ["4 0,2", "4 2,2"]
    assert {slot.save_slice_info.full_name for slot in slots} == {"s/p/Momentum"}
