"""Gradients of branches and loops: against dual numbers, unrolled graphs, TensorFlow's graphs."""

from __future__ import annotations

import numpy as np
import pytest
from control_flow.programs import OTHER_NODES, PROGRAMS, gradient_of
from control_flow.random_slopes import LOCALS, Dual, blocks, build, interpret
from executor.stepping import request_of, steps_of, structured
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_results, assert_same_wiring

import minitf as tf
from minitf.executor.dataflow import Run
from minitf.executor.ready import Fifo, Lifo, Shuffled

# The gradients of sums, products and joins have other nodes than TensorFlow 2's.
OTHER_GRADIENTS = (
    *OTHER_NODES,
    *("cond_of_outer_values", "cond_of_structures", "loop_that_grows", "map_of_structures"),
    "arrays_of_all_kinds",
)


def dense(slices):
    """Return rows as a tensor, whose size nobody knows while the graph is built."""
    with pytest.warns(UserWarning, match="Converting sparse IndexedSlices to a dense Tensor"):
        return tf.convert_to_tensor(slices)


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.paper("W-35", "O-18")
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_gradients_of_a_program_are_tensorflows(name, tensorflow):
    make = gradient_of(PROGRAMS[name])
    with tf.Graph().as_default():
        grads = make(tf)
    if grads:
        assert_same_results(tensorflow, make)
    if name not in OTHER_GRADIENTS:
        assert_same_wiring(tensorflow, make)


@pytest.mark.thorough
@pytest.mark.paper("W-35", "O-18", "W-16")
@given(
    block=blocks(),
    starts=st.lists(st.sampled_from([-1.5, -1, -0.5, 0.5, 1, 2]), min_size=3, max_size=3),
    order=st.sampled_from([Fifo, Lifo]) | st.integers(0, 99).map(lambda n: lambda: Shuffled(n)),
)
def test_slopes_are_those_of_dual_numbers(block, starts, order):
    tf.reset_default_graph()
    wanted = [Dual(value, slopes) for value, slopes in zip(starts, np.eye(LOCALS), strict=True)]
    interpret(block, wanted)
    inputs = [tf.placeholder(tf.float64, []) for _ in range(LOCALS)]
    trips = [tf.placeholder(tf.int32, []) for _ in range(3)]
    ends = build(block, inputs, trips)
    slopes = [
        tf.gradients(end, inputs, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        for end in ends
    ]
    plan = (
        steps_of(tf.get_default_graph())
        .find(request_of([*ends, *(slope for row in slopes for slope in row)], [*inputs, *trips]))
        .plan
    )
    feeds = [*map(np.float64, starts), *(np.array(n, np.int32) for n in range(3))]
    values = [np.asarray(each) for each in feeds]
    got = Run(plan, order()).run(values)

    np.testing.assert_array_equal(got, structured(plan).run(values))
    np.testing.assert_allclose(got[:LOCALS], [end.value for end in wanted], rtol=1e-9, atol=1e-9)
    rows = np.reshape(got[LOCALS:], (LOCALS, LOCALS))
    for row, end in zip(rows, wanted, strict=True):
        scale = np.max(np.abs(end.slopes), initial=1)
        np.testing.assert_allclose(row, end.slopes, rtol=1e-9, atol=1e-9 * scale)


@pytest.mark.thorough
@pytest.mark.paper("W-35")
@given(trips=st.integers(0, 5), size=st.integers(1, 3), parallel=st.sampled_from([1, 2, 10]))
def test_a_loop_has_the_gradient_of_the_unrolled_graph(trips, size, parallel):
    tf.reset_default_graph()
    n = tf.placeholder(tf.int32, [])
    x = tf.placeholder(tf.float64, [None, size])
    w = tf.placeholder(tf.float64, [size, size])

    def step(h):
        return tf.tanh(tf.matmul(h, w)) + x

    _, rolled = tf.while_loop(
        lambda i, _: i < n,
        lambda i, h: (i + 1, step(h)),
        [0, x],
        parallel_iterations=parallel,
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, size])],
    )
    unrolled = x
    for _ in range(trips):
        unrolled = step(unrolled)
    grads = [tf.gradients(tf.reduce_sum(y * y), [x, w]) for y in (rolled, unrolled)]
    grads[1] = [tf.zeros_like(w) if grad is None else grad for grad in grads[1]]
    rng = np.random.default_rng(trips)
    feeds = {n: trips, x: rng.normal(size=(2, size)), w: rng.normal(size=(size, size))}

    for one, other in zip(*run(grads, feeds), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


# --- branches -------------------------------------------------------------------------------------


@pytest.mark.paper("W-35")
@pytest.mark.parametrize("taken", [True, False])
def test_a_branch_that_is_not_taken_gives_zeros(taken):
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [None])
    z = tf.placeholder(tf.float32, [2])
    y = tf.cond(p, lambda: x * x * 1.5, lambda: z * 4.0)

    grads = run(tf.gradients(y, [x, z]), {p: taken, x: [1, 2], z: [0, 0]})
    assert [grad.tolist() for grad in grads] == ([[3, 6], [0, 0]] if taken else [[0, 0], [4, 4]])


@pytest.mark.parametrize("use_resource", [False, True])
def test_variables_on_branches_have_gradients(use_resource):
    p = tf.placeholder(tf.bool, [])
    v = tf.get_variable("v", initializer=[3.0], use_resource=use_resource)
    y = tf.cond(p, lambda: v * v, lambda: tf.constant([1.0]))
    (grad,) = tf.gradients(y, v)

    assert run(grad, {p: True}).tolist() == [6]
    assert run(grad, {p: False}).tolist() == [0]


def test_branches_have_derivatives_of_any_order():
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(p, lambda: x * x * x, lambda: x * x)
    orders = []
    for _ in range(3):
        (y,) = tf.gradients(y, x)
        orders.append(y)

    assert run(orders, {p: True, x: 2}) == [12, 12, 6]
    assert run(orders, {p: False, x: 2}) == [4, 2, 0]


@pytest.mark.parametrize("taken", [True, False])
def test_rows_on_one_branch_and_a_tensor_on_the_other_meet(taken):
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [3, 2])
    z = tf.identity(x)
    y = tf.cond(p, lambda: tf.reduce_sum(tf.gather(z, [0, 0])), lambda: tf.reduce_sum(x * x))
    (by_z,) = tf.gradients(y, z)
    at = np.array([[1, 2], [3, 4], [5, 6]], np.float32)

    assert isinstance(by_z, tf.IndexedSlices)
    wanted = [[2, 2], [0, 0], [0, 0]] if taken else np.zeros((3, 2)).tolist()
    assert run(dense(by_z), {p: taken, x: at}).tolist() == wanted
    with pytest.warns(UserWarning, match="Converting sparse IndexedSlices"):
        (by_x,) = tf.gradients(y, x)
    wanted = wanted if taken else (2 * at).tolist()
    assert run(by_x, {p: taken, x: at}).tolist() == wanted


def test_a_rule_of_the_user_gets_zeros_on_a_branch_too():
    seen = []

    @tf.RegisterGradient("BothSides")
    def both(op, one, other):
        seen.append((one, other))
        return [tf.stack([one, other])]

    p = tf.placeholder(tf.bool, [])
    x = tf.constant([1.0, 2.0])

    def branch():
        with tf.get_default_graph().gradient_override_map({"Unpack": "BothSides"}):
            return tf.unstack(x)[0] * 3.0

    (grad,) = tf.gradients(tf.cond(p, branch, lambda: 0.0), x)

    assert all(isinstance(each, tf.Tensor) for each in seen[0])
    assert run(grad, {p: True}).tolist() == [3, 0]
    assert run(grad, {p: False}).tolist() == [0, 0]


# --- loops ----------------------------------------------------------------------------------------


@pytest.mark.paper("W-35", "O-18")
@pytest.mark.parametrize("swap", [False, True])
def test_memory_that_is_swapped_changes_nothing(swap):
    x = tf.constant(1.5)
    _, y = tf.while_loop(
        lambda i, _: i < 4, lambda i, s: (i + 1, s * s * x), [0, x], swap_memory=swap
    )
    (grad,) = tf.gradients(y, x)
    pushes = [op for op in tf.get_default_graph().get_operations() if op.type == "StackPushV2"]

    assert pushes
    assert {op.get_attr("swap_memory") for op in pushes} == {swap}
    np.testing.assert_allclose(run(grad), 31 * 1.5**30, rtol=1e-5)


def test_a_branch_in_a_loop_on_a_branch_in_a_loop():
    x = tf.placeholder(tf.float64, [])

    def inner(i, j, t):
        return tf.cond(tf.equal((i + j) % 2, 0), lambda: t * x, lambda: t + x * x)

    def outer(i, s):
        t = tf.cond(
            i > 0,
            lambda: tf.while_loop(lambda j, _: j < i, lambda j, t: (j + 1, inner(i, j, t)), [0, s])[
                1
            ],
            lambda: -s,
        )
        return i + 1, t

    _, y = tf.while_loop(lambda i, _: i < 4, outer, [0, x])
    (slope,) = tf.gradients(y, x)

    def value(at):
        s = at
        for i in range(4):
            if i == 0:
                s = -s
            for j in range(i):
                s = s * at if (i + j) % 2 == 0 else s + at * at
        return s

    at, step = 1.3, 1e-6
    wanted = (value(at + step) - value(at - step)) / (2 * step)
    got_y, got_slope = run([y, slope], {x: at})
    np.testing.assert_allclose(got_y, value(at), rtol=1e-12)
    np.testing.assert_allclose(got_slope, wanted, rtol=1e-8)


def test_a_result_that_nobody_uses_still_counts_in_the_body():
    x, z = tf.constant(2.0), tf.constant(5.0)
    _, y, _ = tf.while_loop(
        lambda i, *_: i < 3, lambda i, b, c: (i + 1, b * c, c * x), [0, x, z]
    )  # y = x^4 z^3

    assert run(tf.gradients(y, [x, z])) == [4 * 8 * 125, 16 * 3 * 25]


def test_a_variable_whose_next_value_does_not_depend_on_it():
    x = tf.placeholder(tf.float32, [None])
    for start in (x * 3.0, tf.constant([3.0, 3.0])):
        _, y = tf.while_loop(
            lambda i, _: i < 3,
            lambda i, _: (i + 1, x * tf.cast(i, tf.float32)),
            [0, start],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
        )
        assert run(tf.gradients(y, x), {x: [1, 2]})[0].tolist() == [2, 2]


@pytest.mark.parametrize("shape", [[2], [None]])
@pytest.mark.parametrize("trips", [0, 2])
def test_a_loop_without_trips_has_the_gradient_of_nothing(shape, trips):
    n = tf.placeholder(tf.int32, [])
    x, w = (tf.placeholder(tf.float32, shape) for _ in range(2))
    _, y = tf.while_loop(
        lambda i, _: i < n,
        lambda i, s: (i + 1, s * w),
        [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape(shape)],
    )
    grads = run(tf.gradients(y, [x, w]), {n: trips, x: [1, 2], w: [3, 4]})

    wanted = [[1, 1], [0, 0]] if trips == 0 else [[9, 16], [6, 16]]
    assert [grad.tolist() for grad in grads] == wanted


@pytest.mark.parametrize("trips", [0, 1, 3])
@pytest.mark.parametrize("kind", ["tensor", "ref", "resource", "unknown"])
def test_rows_that_iterations_read_have_a_gradient_of_rows(trips, kind):
    start = [[1.0, 2], [3, 4], [5, 6]]
    feeds = {}
    if kind == "tensor":
        table = tf.constant(start)
    elif kind == "unknown":
        table = tf.placeholder(tf.float32, [None, None])
        feeds = {table: start}
    else:
        table = tf.get_variable("table", initializer=start, use_resource=kind == "resource")
    _, y = tf.while_loop(
        lambda i, _: i < trips,
        lambda i, s: (i + 1, s + tf.reduce_sum(tf.gather(table, [i, 0])) * 2.0),
        [0, 0.0],
    )
    (grad,) = tf.gradients(y, table)
    wanted = np.zeros((3, 2))
    for i in range(trips):
        wanted[[i]] += 2
        wanted[[0]] += 2

    assert isinstance(grad, tf.IndexedSlices)
    assert run(dense(grad), feeds).tolist() == wanted.tolist()


@pytest.mark.parametrize("use_resource", [False, True])
def test_variables_in_loops_have_gradients(use_resource):
    v = tf.get_variable("v", initializer=3.0, use_resource=use_resource)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, s: (i + 1, s * v), [0, v])

    assert run(tf.gradients(y, v)) == [4 * 27]


def test_a_loop_trains_a_variable():
    v = tf.get_variable("v", initializer=1.5)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, s: (i + 1, s * v), [0, 1.0])
    step = tf.train.GradientDescentOptimizer(0.002).minimize(tf.square(y - 8.0))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(99):
            session.run(step)

        np.testing.assert_allclose(session.run(v), 2, rtol=1e-4)


def test_a_loop_that_may_not_be_differentiated_gives_none():
    x = tf.constant(2.0)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, s: (i + 1, s * x), [0, x], back_prop=False)

    assert tf.gradients(y, x) == [None]


def test_loops_have_no_second_derivative():
    x = tf.constant(2.0)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, s: (i + 1, s * x), [0, x])
    (slope,) = tf.gradients(y, x)

    with pytest.raises(TypeError, match="Second-order gradient for while loops not supported"):
        tf.gradients(slope, x)


def test_two_calls_on_one_loop_do_not_disturb_each_other():
    x, z = tf.constant(2.0), tf.constant(3.0)
    _, a, b = tf.while_loop(
        lambda i, *_: i < 2, lambda i, a, b: (i + 1, a * x * b, b * z), [0, 1.0, 1.0]
    )
    first = tf.gradients(a, [x, z])
    second = tf.gradients(b, [x, z])
    both = tf.gradients([a, b], [x, z])

    assert run(first) == [12, 4]
    assert run(second[1]) == 6
    assert run(both) == [12, 10]


def test_a_gradient_inside_a_body_is_that_of_one_iteration():
    w = tf.constant(3.0)

    def body(i, s):
        y = s * s * w
        by_s, by_w = tf.gradients(y, [s, w])
        return i + 1, s - 0.1 * by_s + 0.01 * by_w

    _, end = tf.while_loop(lambda i, _: i < 2, body, [0, 1.0])
    s = 1.0
    for _ in range(2):
        s = s - 0.1 * 2 * s * 3 + 0.01 * s * s

    np.testing.assert_allclose(run(end), s, rtol=1e-6)


def test_a_gradient_inside_a_body_does_not_go_through_the_first_value():
    x = tf.constant(2.0, name="first")

    def body(i, s):
        return i + 1, tf.gradients(s * s, x)[0]

    with pytest.raises(
        ValueError, match="Cannot compute gradient inside while loop with respect to op 'first'"
    ):
        tf.while_loop(lambda i, _: i < 2, body, [0, x])


@pytest.mark.parametrize("gate", range(3))
@pytest.mark.parametrize("colocate", [False, True])
def test_options_of_gradients_work_in_loops(gate, colocate):
    x, w = tf.constant(2.0), tf.constant(3.0)
    _, y = tf.while_loop(
        lambda i, _: i < 3,
        lambda i, s: (i + 1, tf.cond(i < 2, lambda: s * w, lambda: s * s)),
        [0, x],
        parallel_iterations=2,
    )
    grads = tf.gradients(
        y,
        [x, w],
        gate_gradients=gate,
        colocate_gradients_with_ops=colocate,
        aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE,
    )

    assert run(grads) == [2 * 18 * 9, 2 * 18 * 12]


def test_a_custom_gradient_works_in_a_loop():
    @tf.custom_gradient
    def tripled(x):
        return x * 2.0, lambda grad: grad * 3.0

    x = tf.constant(1.0)
    _, y = tf.while_loop(lambda i, _: i < 2, lambda i, s: (i + 1, tripled(s)), [0, x])

    assert run([y, *tf.gradients(y, x)]) == [4, 9]


def test_a_rule_of_the_user_gets_zeros_in_a_loop():
    @tf.RegisterGradient("AddsBoth")
    def both(op, one, other):
        return [tf.stack([one, other * 5.0 + 1.0])]

    x = tf.placeholder(tf.float32, [2, None])

    def body(i, s):
        with tf.get_default_graph().gradient_override_map({"Unpack": "AddsBoth"}):
            rows = tf.unstack(s * 2.0)
        return i + 1, tf.stack([rows[0], rows[0]])

    _, y = tf.while_loop(
        lambda i, _: i < 1,
        body,
        [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([2, None])],
    )

    assert run(tf.gradients(y, x), {x: np.ones((2, 1))})[0].tolist() == [[4], [2]]


def test_nested_loops_over_a_table_of_unknown_size():
    w = tf.placeholder(tf.float64, [None])

    def outer(i, s):
        def inner(j, t):
            return j + 1, t * 0.5 + w * tf.cast(i + j, tf.float64)

        _, t = tf.while_loop(
            lambda j, _: j < i,
            inner,
            [0, s],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
        )
        return i + 1, t + w * w

    _, y = tf.while_loop(
        lambda i, _: i < 4,
        outer,
        [0, w],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )
    total = tf.reduce_sum(y)
    (slope,) = tf.gradients(total, w)
    at = np.array([0.7, -1.1])
    got = run(slope, {w: at})
    for k in range(2):
        step = np.zeros(2)
        step[k] = 1e-6
        ends = [run(total, {w: at + sign * step}) for sign in (1, -1)]
        np.testing.assert_allclose(got[k], (ends[0] - ends[1]) / 2e-6, rtol=1e-6)


# --- maps, folds, scans ---------------------------------------------------------------------------


FUNCTIONS = {
    "map": lambda x, w: tf.map_fn(lambda e: tf.sin(e) * w, x),
    "map of rows": lambda x, w: tf.map_fn(lambda e: e * tf.reduce_sum(x) * w, x),
    "foldl": lambda x, w: tf.foldl(lambda a, e: a * w + tf.cos(e), x),
    "foldr": lambda x, w: tf.foldr(lambda a, e: a * e + w, x, initializer=w),
    "scan": lambda x, w: tf.scan(lambda a, e: tf.tanh(a * e) + w, x),
    "scan in reverse": lambda x, w: tf.scan(lambda a, e: a * e, x, initializer=w, reverse=True),
    "scan of two": lambda x, w: tf.scan(
        lambda a, e: (a[0] + e, a[1] * e), x, initializer=(w, w * 2.0)
    )[1],
}


@pytest.mark.paper("O-15", "O-18", "W-35")
@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_maps_folds_and_scans_have_numeric_slopes(name, is_known):
    x = tf.placeholder(tf.float64, [4 if is_known else None])
    w = tf.placeholder(tf.float64, [])
    y = tf.reduce_sum(FUNCTIONS[name](x, w) * tf.constant(2.0, tf.float64))
    by_x, by_w = tf.gradients(y, [x, w])
    at_x, at_w, step = np.array([0.3, -0.8, 1.2, 0.5]), 0.7, 1e-6
    with tf.Session() as session:
        got = session.run([by_x, by_w], {x: at_x, w: at_w})

        def slope(dx, dw):
            ends = [session.run(y, {x: at_x + s * dx, w: at_w + s * dw}) for s in (step, -step)]
            return (ends[0] - ends[1]) / (2 * step)

        np.testing.assert_allclose(got[1], slope(0, 1), rtol=1e-7, atol=1e-9)
        for i in range(4):
            np.testing.assert_allclose(got[0][i], slope(np.eye(4)[i], 0), rtol=1e-7, atol=1e-9)
