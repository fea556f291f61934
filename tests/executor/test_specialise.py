"""A subgraph for known shapes computes the same with fewer operations."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import request_of, steps_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.optimize import MOST_FOLDED_BYTES, fold_constants, merge_equal
from minitf.executor.plan import Planner
from minitf.executor.prune import prune
from minitf.executor.specialise import leave_out_unread, specialise
from minitf.executor.straightline import StraightLine


def specialised(fetches, feeds, shapes):
    subgraph = prune(request_of(fetches, feeds))
    merge_equal(subgraph)
    fold_constants(subgraph)
    return specialise(subgraph, shapes, MOST_FOLDED_BYTES)


def kinds(subgraph):
    return [operation.type for operation in subgraph.operations]


@pytest.mark.paper("W-59", "O-31")
def test_what_depends_on_shapes_alone_is_a_constant():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 4])
        sizes = tf.shape(x)
        total = tf.reduce_sum(x, tf.range(0))
        z = tf.reshape(total, sizes) / tf.cast(sizes[0], tf.float32)

    assert kinds(specialised([z], [x], [(100, 4)])) == ["RealDiv"]


@pytest.mark.paper("W-59")
def test_gradients_sum_over_no_axis_where_nothing_was_repeated():
    with tf.Graph().as_default():
        x, y = (tf.placeholder(tf.float32, [None, 4]) for _ in range(2))
        grads = tf.gradients(tf.reduce_sum(x * y), [x, y])

    assert kinds(specialised(grads, [x, y], [(3, 4), (3, 4)])) == ["Mul", "Mul"]


@pytest.mark.paper("W-59")
def test_numbers_that_change_nothing_are_left_out_but_not_where_a_zero_has_a_sign():
    with tf.Graph().as_default():
        x, n = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.int32, [2])
        z = tf.placeholder(tf.complex64, [2])
        left_out = [tf.tanh((x * 1.0 - 0.0) / 1.0 + -0.0), tf.abs(n * 1 + 0 - 0)]
        kept = [x + 0.0, x - -0.0, x * 2.0, z * 1.0, z - 0.0, x * [[1.0, 1.0]]]

    assert kinds(specialised(left_out, [x, n], [(2,), (2,)])) == ["Tanh", "Abs"]
    assert len(specialised(kept, [x, z], [(2,), (2,)]).operations) == len(kept)


@pytest.mark.paper("W-59")
def test_a_shape_that_is_computed_may_be_wrong_in_any_run():
    n = tf.placeholder(tf.int32, [])
    x = tf.reshape(tf.zeros([3]), tf.stack([n]))
    with tf.Session() as session:
        for _ in range(4):  # first by the reference, then by generated code
            assert session.run(x + 1, {n: 3}).tolist() == [1, 1, 1]
            with pytest.raises(tf.errors.InvalidArgumentError, match="requested shape has 2"):
                session.run(x, {n: 2})
            assert session.run(x, {n: 3}).tolist() == [0, 0, 0]


def test_random_numbers_of_the_unit_interval_are_not_stretched_to_it():
    with tf.Graph().as_default():
        unit, other = tf.random_uniform([2], seed=1), tf.random_uniform([2], 0.0, 3.0, seed=1)

    assert kinds(specialised([unit], [], [])) == ["RandomUniform"]
    assert kinds(specialised([other], [], [])) == ["RandomUniform", "Mul", "Add"]


def test_an_effect_waits_for_what_the_constant_and_the_group_before_it_wait_for():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        v, w = tf.Variable(0.0), tf.Variable(0.0)
        with tf.control_dependencies([tf.group(tf.assign(w, x, name="first"))]):
            last = tf.assign_add(v, 1.0, name="last")
    assert not last.op.control_inputs  # as in TensorFlow its constant waits
    operations = {op.name: op for op in specialised([last], [x], [()]).operations}

    assert operations["first"] in operations["last"].control_inputs


def test_copies_keep_the_name_the_line_and_what_they_were_made_of():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None])
        y = tf.tanh(x, name="y")
        before = graph.version
    (copy,) = specialised([y], [x], [(3,)]).operations

    assert (copy.name, copy.site, copy.origin) == ("y", y.op.site, y.op)
    assert copy.outputs[0].static_shape.as_list() == [3]
    assert y.shape.as_list() == [None]
    assert graph.version == before
    assert x.consumers() == [y.op]


def test_an_operation_that_nobody_reads_is_left_out_but_what_it_waited_for_is_not():
    with tf.Graph().as_default():
        v = tf.Variable(1.0)
        x = tf.placeholder(tf.float32, [])
        with tf.control_dependencies([tf.assign(v, x)]):
            unread = tf.negative(x)
        with tf.control_dependencies([unread]):
            value = v.read_value()
    subgraph = prune(request_of([value], [x]))
    leave_out_unread(subgraph)
    (read,) = [op for op in subgraph.operations if op.type == "Identity" and op.control_inputs]

    assert "Neg" not in kinds(subgraph)
    assert "Assign" in [op.type for op in subgraph.control_sources(read)]


def test_checks_that_nobody_reads_are_kept():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        with tf.control_dependencies([tf.check_numerics(x, "bad")]):
            y = tf.no_op()
        for _ in range(6):
            session.run(y, {x: [1.0]})
        with pytest.raises(tf.errors.InvalidArgumentError, match="bad"):
            session.run(y, {x: [np.nan]})


@pytest.mark.parametrize("resource", [False, True])
def test_a_variable_is_read_where_it_was(resource):
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable([1.0], use_resource=resource)
        x = tf.placeholder(tf.float32, [None])
        old = tf.reshape(v, [1])
        with tf.control_dependencies([old]):
            change = tf.assign_add(v, x)
        with tf.control_dependencies([change]):
            new = v * 1.0
            same = tf.reshape(v.read_value(), [1])
        session.run(v.initializer)
        found = [session.run([old, new, same], {x: [1.0]}) for _ in range(8)]

    assert [[float(each[0]) for each in row] for row in found] == [
        [n, n + 1, n + 1] for n in range(1, 9)
    ]


def test_a_variable_that_changes_its_shape_is_taken_for_what_it_is():
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable([1.0, 2.0])
        longer = tf.assign(v, [1.0, 2.0, 3.0], validate_shape=False)
        size = tf.size(v)
        session.run(v.initializer)
        before = [session.run(size) for _ in range(6)]
        session.run(longer.op)

        assert before == [2] * 6
        assert session.run(size) == 2  # a constant since it was built: the declared shape
        assert session.run(tf.shape(v.read_value())).tolist() in ([2], [3])


SIZES = st.integers(1, 4)


@st.composite
def programs(draw):
    """Draw a graph of real matrices [?, 3] that asks for shapes, and its fetches."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 3])
        values = [x]
        for _ in range(draw(st.integers(1, 8))):
            one = draw(st.sampled_from(values))
            other = draw(st.sampled_from(values))
            kind = draw(st.integers(0, 6))
            if kind == 0:
                made = one + other
            elif kind == 1:
                made = tf.reshape(tf.reshape(one, [-1]), tf.shape(other))
            elif kind == 2:
                made = one / tf.cast(tf.shape(other)[0], tf.float32)
            elif kind == 3:
                made = one - tf.reduce_mean(other, 0, keepdims=True)
            elif kind == 4:
                made = tf.tile(one[:1], [tf.shape(x)[0], 1])
            elif kind == 5:
                made = tf.zeros_like(one) + other
            else:
                made = tf.concat([one[:, :1], other[:, 1:]], 1)
            values.append(made)
        last = values[-1]
        fetches = [
            last,
            *(g for g in tf.gradients(tf.reduce_sum(last * last), [x]) if g is not None),
        ]
    return graph, x, fetches


@given(programs(), st.lists(SIZES, min_size=1, max_size=3))
def test_random_programs_give_the_same_bits(program, sizes):
    graph, x, fetches = program
    steps = steps_of(graph, jit="off")
    for rows in sizes:
        fed = (np.arange(rows * 3, dtype=np.float32).reshape(rows, 3) - 4) / 7
        want = steps.find(request_of(fetches, [x])).run([fed])
        subgraph = specialised(fetches, [x], [fed.shape])
        placement = dict.fromkeys(subgraph.operations, steps._devices[0])
        plan = Planner(subgraph, steps._kernels(placement, compiled=False)).plan()
        for one, other in zip(StraightLine(plan).run([fed]), want, strict=True):
            np.testing.assert_array_equal(one, other)
