"""Ops on variables, behind refs and resource handles: what they do to the store."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.resources import ResourceStore, Variable


def make(use_resource: bool, value, **options):
    """Return (handle, assign operation, read) made of bare ops."""
    value = np.asarray(value)
    dtype = tf.as_dtype(value.dtype)
    if use_resource:
        handle = ops.var_handle_op_op(dtype=dtype, shape=value.shape, **options)
        return (
            handle,
            ops.assign_variable_op_op(handle, value),
            lambda: ops.read_variable_op_op(handle, dtype=dtype),
        )
    handle = ops.variable_v2_op(dtype=dtype, shape=value.shape, **options)
    return handle, ops.assign_op(handle, value).op, lambda: ops.identity_op(handle)


both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


def add(handle, delta):
    if handle.dtype.is_ref:
        return ops.assign_add_op(handle, delta).op
    return ops.assign_add_variable_op_op(handle, delta)


def subtract(handle, delta):
    if handle.dtype.is_ref:
        return ops.assign_sub_op(handle, delta).op
    return ops.assign_sub_variable_op_op(handle, delta)


@both_kinds
@pytest.mark.paper("W-09")
def test_a_value_outlives_the_run(use_resource):
    handle, assign, read = make(use_resource, np.float32([1, 2]))
    grow = add(handle, np.float32([1, 1]))
    shrink = subtract(handle, np.float32([0, 3]))
    value = read()
    with tf.Session() as session:
        session.run(assign)
        for step in (grow, grow, shrink):
            session.run(step)

        assert session.run(value).tolist() == [3, 1]


@both_kinds
@pytest.mark.paper("W-09")
def test_a_read_before_the_first_write_fails(use_resource):
    _, _, read = make(use_resource, np.float32([1, 2]), shared_name="weights")
    value = read()
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value weights"),
    ):
        session.run(value)


@both_kinds
@pytest.mark.paper("O-08")
def test_control_dependencies_order_reads_and_writes(use_resource):
    handle, assign, read = make(use_resource, np.int32(1))
    before = read()
    with tf.control_dependencies([before]):
        grow = add(handle, np.int32(10))
    with tf.control_dependencies([grow]):
        after = read()
    with tf.Session() as session:
        session.run(assign)

        assert session.run([before, after]) == [1, 11]
        assert session.run([before, after]) == [11, 21]


@both_kinds
@pytest.mark.paper("W-39")
def test_two_graphs_share_a_variable_by_container_and_name(use_resource):
    store = ResourceStore()
    context = {"container": "shared", "shared_name": "w"}
    op = ops.var_handle_op_op if use_resource else ops.variable_v2_op
    found = [
        op.body(shape=tf.TensorShape([]), dtype=tf.int32, **context, context=_context(node, store))
        for node in ("first", "second")
    ]
    if use_resource:
        found = [handle.resource for handle in found]

    assert found[0] is found[1]
    assert store.find("shared", "w", Variable) is found[0]


class _context:  # noqa: N801 stands for minitf.resources.Context
    def __init__(self, node_name, store):
        self.node_name, self.resources = node_name, store


def test_a_variable_without_a_name_is_called_after_its_operation():
    store = ResourceStore()
    made = ops.variable_v2_op.body(shape=(), dtype=tf.float32, context=_context("a/b", store))

    assert made.name == "a/b"
    assert store.find("", "a/b", Variable) is made


def test_a_shared_variable_of_another_type_is_refused():
    store = ResourceStore()
    for dtype in (tf.float32,):
        ops.variable_v2_op.body(shape=(), dtype=dtype, context=_context("w", store))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"variable w of type float32 as int3"):
        ops.variable_v2_op.body(shape=(), dtype=tf.int32, context=_context("w", store))


def test_a_container_scope_reaches_variables_made_inside():
    with tf.container("mine"):
        handle = ops.variable_v2_op(dtype=tf.float32, shape=[])
        other = ops.variable_v2_op(dtype=tf.float32, shape=[], container="yours")

    assert handle.op.get_attr("container") == b"mine"
    assert other.op.get_attr("container") == b"yours"


def test_an_assign_of_another_shape_is_refused_while_building():
    handle = ops.variable_v2_op(dtype=tf.float32, shape=[2])
    with pytest.raises(ValueError, match="must be equal, but are 2 and 3"):
        ops.assign_op(handle, np.float32([1, 2, 3]))
    resource = ops.var_handle_op_op(dtype=tf.float32, shape=[2])
    with pytest.raises(ValueError, match="must be equal, but are 2 and 3"):
        ops.assign_variable_op_op(resource, np.float32([1, 2, 3]))


def test_an_assign_of_another_shape_is_refused_while_running():
    handle = ops.variable_v2_op(dtype=tf.float32, shape=[2])
    value = tf.placeholder(tf.float32)
    assign = ops.assign_op(handle, value)
    grow = ops.assign_add_op(handle, value)
    with tf.Session() as session:
        session.run(assign, {value: [1, 2]})
        with pytest.raises(tf.errors.InvalidArgumentError, match="Assign requires shapes of both"):
            session.run(assign, {value: [1, 2, 3]})
        with pytest.raises(tf.errors.InvalidArgumentError, match="must be the same size"):
            session.run(grow, {value: 1})  # no broadcasting


def test_an_assign_may_change_the_shape_where_it_is_not_validated():
    handle = ops.variable_v2_op(dtype=tf.float32, shape=tf.TensorShape(None))
    value = tf.placeholder(tf.float32)
    assign = ops.assign_op(handle, value, validate_shape=False)
    with tf.Session() as session:
        session.run(assign, {value: [1, 2]})

        assert session.run(assign, {value: [[3]]}).tolist() == [[3]]


def test_a_ref_is_wanted_where_an_op_writes():
    with pytest.raises(TypeError, match="requires that input 'ref' be a mutable tensor"):
        ops.assign_op(tf.constant(1.0), 2.0)


def test_an_operation_that_takes_a_ref_is_placed_with_the_variable():
    with tf.device("/job:ps"):
        handle = ops.variable_v2_op(dtype=tf.float32, shape=[], name="w")
    with tf.device("/job:worker"):
        assign = ops.assign_op(handle, 1.0)

    assert assign.op.device == "/job:ps"
    assert assign.op.colocation_groups() == [b"loc:@w"]


@both_kinds
def test_whether_a_variable_has_a_value_is_known(use_resource):
    handle, assign, _ = make(use_resource, np.float32(1))
    is_initialized = (
        ops.var_is_initialized_op_op(handle)
        if use_resource
        else ops.is_variable_initialized_op(handle)
    )
    with tf.Session() as session:
        before = session.run(is_initialized)
        session.run(assign)

        assert (before, session.run(is_initialized)) == (False, True)


def test_a_destroyed_resource_starts_anew():
    handle, assign, _ = make(True, np.float32(1))
    is_initialized = ops.var_is_initialized_op_op(handle)
    destroy = ops.destroy_resource_op_op(handle)
    with tf.Session() as session:
        session.run(assign)
        session.run(destroy)

        assert not session.run(is_initialized)


@pytest.mark.paper("O-08")
def test_a_handle_is_typed():
    handle = ops.var_handle_op_op(dtype=tf.float32, shape=[2, None])

    assert ops.read_variable_op_op(handle, dtype=tf.float32).shape.as_list() == [2, None]
    assert ops.read_variable_op_op(tf.identity(handle), dtype=tf.float32).shape.rank == 2
    with pytest.raises(ValueError, match="read variable with wrong dtype"):
        ops.read_variable_op_op(handle, dtype=tf.int32)


def test_the_shape_of_a_variable_is_known_without_a_read():
    handle, assign, _ = make(True, np.zeros((2, 3), np.float32))
    shape = ops.variable_shape_op(handle)
    with tf.Session() as session:
        session.run(assign)

        assert session.run(shape).tolist() == [2, 3]
    assert tf.get_static_value(shape).tolist() == [2, 3]


@both_kinds
def test_a_counter_stops_at_its_limit(use_resource):
    handle, assign, _ = make(use_resource, np.int64(0))
    count = (
        ops.resource_count_up_to_op(handle, limit=3, T=tf.int64)
        if use_resource
        else ops.count_up_to_op(handle, limit=3)
    )
    with tf.Session() as session:
        session.run(assign)

        assert [session.run(count) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 3"):
            session.run(count)


def test_a_temporary_variable_lives_until_it_is_destroyed():
    handle = ops.temporary_variable_op(shape=[2], dtype=tf.float32, var_name="t")
    filled = ops.assign_op(handle, [3.0, 4.0])
    last = ops.destroy_temporary_variable_op(filled, var_name="t")
    with tf.Session() as session:
        assert session.run(last).tolist() == [3, 4]
        assert session.run(last).tolist() == [3, 4]


@both_kinds
@pytest.mark.paper("O-11", "O-12")
def test_concurrent_steps_lose_no_addition(use_resource):
    handle, assign, read = make(use_resource, np.int64(0))
    grow, value = add(handle, np.int64(1)), read()
    with tf.Session() as session:
        session.run(assign)

        def work():
            for _ in range(200):
                session.run(grow)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert session.run(value) == 800
