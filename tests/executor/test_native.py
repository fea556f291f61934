"""Small steps that run often become one compiled function, which does what they did."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from executor.stepping import request_of, steps_of
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.native import NATIVE_RUN, RUNS_PER_CALL
from minitf.kernels_cpu.device import CpuDevice
from minitf.kernels_cpu.native.step import MOST_CALLS
from minitf.resources import ResourceStore

IMAGES = np.random.RandomState(0).rand(16, 8).astype(np.float32)
LABELS = np.random.RandomState(1).randint(0, 3, 16)


class Made:
    """The functions that the device has made, and how often they gave up."""

    def __init__(self) -> None:
        self.functions = []
        self.gave_up = 0


@pytest.fixture
def made(monkeypatch):
    found, native = Made(), CpuDevice.native

    def spied(device, routine, otherwise):
        def counted(feeds):
            found.gave_up += 1
            return otherwise(feeds)

        found.functions.append(native(device, routine, counted))
        return found.functions[-1]

    monkeypatch.setattr(CpuDevice, "native", spied)
    return found


def network(optimizer, *, resource, deep=True):
    """Return (feeds, loss, training operation) of a network of two layers."""
    x = tf.placeholder(tf.float32, [None, 8])
    y = tf.placeholder(tf.int64, [None])
    with tf.variable_scope("", use_resource=resource):
        w = tf.get_variable("w", initializer=tf.random_normal([8, 6], stddev=0.5, seed=1))
        b = tf.get_variable("b", [6], initializer=tf.zeros_initializer())
        v = tf.get_variable("v", initializer=tf.random_normal([6, 3], stddev=0.5, seed=2))
        steps = tf.train.get_or_create_global_step()
    hidden = tf.tanh(tf.matmul(x, w) + b) if deep else tf.matmul(x, w)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(hidden, v))
    loss = tf.reduce_mean(losses)
    return (x, y), loss, optimizer().minimize(loss, steps)


OPTIMIZERS = {
    "descent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adam": lambda: tf.train.AdamOptimizer(0.01),
    "rmsprop": lambda: tf.train.RMSPropOptimizer(0.01),
}


@pytest.mark.parametrize(
    ("optimizer", "resource"),
    [
        pytest.param(
            *(name, resource),
            marks=pytest.mark.thorough if each_once else pytest.mark.long,
            id=f"{name} of {'resources' if resource else 'references'}",
        )
        for number, name in enumerate(OPTIMIZERS)
        for resource, each_once in ((number % 2 == 0, True), (number % 2 == 1, False))
    ],
)
@pytest.mark.paper("W-59", "O-32")
def test_a_network_learns_the_same(made, monkeypatch, optimizer, resource):
    outcomes = []
    for jit in ("off", "eager"):
        monkeypatch.setenv("MINITF_JIT", jit)
        with tf.Graph().as_default():
            (x, y), loss, train = network(OPTIMIZERS[optimizer], resource=resource)
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                losses = [session.run([train, loss], {x: IMAGES, y: LABELS})[1] for _ in range(20)]
                outcomes.append((losses, session.run(tf.global_variables())))

    native = [function for function in made.functions if function is not None]
    assert native
    assert not made.gave_up
    np.testing.assert_allclose(outcomes[0][0], outcomes[1][0], 2e-5)
    for one, other in zip(outcomes[0][1], outcomes[1][1], strict=True):
        np.testing.assert_allclose(one, other, 1e-4, 1e-6)
        assert one.dtype == other.dtype


@pytest.mark.paper("W-59")
@pytest.mark.parametrize("products", [1, pytest.param(14, marks=pytest.mark.thorough)])
def test_a_function_becomes_native_at_one_run_and_no_other(products):
    """Where there is more to compile it comes later."""
    native_run = max(NATIVE_RUN, RUNS_PER_CALL * products)
    with tf.Graph().as_default() as graph:
        x = y = tf.placeholder(tf.float32, [3, 3])
        for _ in range(products):
            y = tf.matmul(y, x)
    steps = steps_of(graph, jit="auto")
    step = steps.find(request_of([y], [x]))
    functions = []
    for _ in range(native_run + 12):
        step.run([np.ones((3, 3), np.float32)])
        if step.tiers.fast is not None:
            functions.append(dict(step.tiers.fast.by_shapes)[((3, 3),)])

    changes = [i for i in range(1, len(functions)) if functions[i] != functions[i - 1]]
    assert changes == [native_run - 1]
    assert steps.counts["native"] == 1


def test_a_variable_that_is_held_keeps_its_value(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    w = tf.Variable(np.ones(4, np.float32))
    step = tf.assign_add(w, [1.0, 2.0, 3.0, 4.0]).op
    with tf.Session() as session:
        session.run(w.initializer)
        for _ in range(10):
            session.run(step)
        held = session.run(w)
        session.run(step)

        np.testing.assert_array_equal(held, [11, 21, 31, 41])
        np.testing.assert_array_equal(session.run(w), [12, 23, 34, 45])
    assert [each for each in made.functions if each is not None]


@pytest.mark.thorough
def test_values_that_are_read_before_a_write_are_the_old_ones(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    w = tf.get_variable("w", initializer=np.float32([1, 2]), use_resource=True)
    before = w.read_value()
    with tf.control_dependencies([before]):
        write = tf.assign_add(w, [10.0, 10.0])
    with tf.control_dependencies([write]):
        after = w.read_value()
    with tf.Session() as session:
        session.run(w.initializer)
        for run in range(10):
            one, other = session.run([before, after])
            np.testing.assert_array_equal(one, np.float32([1, 2]) + 10 * run)
            np.testing.assert_array_equal(other, one + 10)
    assert [each for each in made.functions if each is not None]


@pytest.mark.thorough
def test_a_bad_label_is_named_and_changes_nothing(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    (x, y), _, train = network(OPTIMIZERS["descent"], resource=False, deep=False)
    bad = np.where(np.arange(16) == 5, 7, LABELS)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(8):
            session.run(train, {x: IMAGES, y: LABELS})
        before = session.run(tf.global_variables())
        with pytest.raises(tf.errors.InvalidArgumentError, match="7"):
            session.run(train, {x: IMAGES, y: bad})

        assert made.gave_up == 1
        for one, other in zip(before, session.run(tf.global_variables()), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.thorough
def test_arrays_with_gaps_are_fed_as_others_are(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [4, 3])
        y = tf.matmul(x, np.float32([[1], [2], [3]]))
    step = steps_of(graph, jit="eager").find(request_of([y], [x]))
    wide = np.arange(24, dtype=np.float32).reshape(4, 6)
    for array in [wide[:, :3]] * 6 + [np.asfortranarray(wide[:, 1:4]), wide[:, ::2]]:
        np.testing.assert_array_equal(step.run([array])[0], array @ np.float32([[1], [2], [3]]))
    assert made.gave_up


@pytest.mark.thorough
def test_a_variable_that_has_lost_its_value_or_shape_is_not_touched(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    w = tf.Variable(np.ones(3, np.float32))
    step = tf.assign_sub(w, [1.0, 1.0, 1.0]).op
    with tf.Session() as session:
        session.run(w.initializer)
        for _ in range(8):
            session.run(step)
        session.run(tf.assign(w, np.ones(5, np.float32), validate_shape=False))
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(step)
        np.testing.assert_array_equal(session.run(w), np.ones(5))


@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
def test_whatever_is_fetched_of_a_variable_is_its_value(monkeypatch, resource):
    monkeypatch.setenv("MINITF_JIT", "eager")
    w = tf.get_variable("w", initializer=np.float32([1, 2]), use_resource=resource)
    more = tf.assign_add(w, [1.0, 1.0])
    with tf.control_dependencies([more]):
        constant = tf.constant([5.0, 6.0])
    with tf.Session() as session:
        session.run(w.initializer)
        for run in range(1, 8):
            np.testing.assert_array_equal(session.run(more), np.float32([1, 2]) + run)
            np.testing.assert_array_equal(session.run(w), np.float32([1, 2]) + run)
        for run in range(8, 15):
            np.testing.assert_array_equal(session.run(constant), [5, 6])
            np.testing.assert_array_equal(session.run(w.value()), np.float32([1, 2]) + run)


def test_a_step_goes_on_where_no_machine_code_can_be_made(monkeypatch):
    def broken(*_):
        raise RuntimeError("a defect")

    monkeypatch.setenv("MINITF_JIT", "eager")
    monkeypatch.setattr(CpuDevice, "native", broken)
    x = tf.placeholder(tf.float32, [2])
    y = x * 2.0
    with tf.Session() as session:
        for _ in range(3):
            session.run(y, {x: [1, 2]})
        with pytest.warns(RuntimeWarning, match="a defect"):
            found = [session.run(y, {x: [1, 2]}) for _ in range(3)]
    np.testing.assert_array_equal(found, [[2, 4]] * 3)


def test_large_steps_stay_as_they_are(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    x = tf.placeholder(tf.float32, [300, 300])
    y = tf.matmul(x, x)
    with tf.Session() as session:
        for _ in range(6):
            session.run(y, {x: np.ones((300, 300))})
    assert made.functions == [None]


def test_steps_of_many_operations_stay_as_they_are(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    x = y = tf.placeholder(tf.float32, [3, 3])
    for _ in range(70):
        y = tf.matmul(y, x)
    with tf.Session() as session:
        for _ in range(6):
            session.run(y, {x: np.eye(3)})
    assert made.functions == [None]


@pytest.mark.thorough
def test_a_step_may_change_many_variables(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    variables = [tf.Variable(np.float32([i])) for i in range(30)]
    train = tf.group(*[tf.assign_add(variable, [1]).op for variable in variables])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(6):
            session.run(train)
        assert np.concatenate(session.run(variables)).tolist() == [i + 6 for i in range(30)]
    assert any(made.functions)


def test_products_of_long_steps_are_made_by_machine_code(monkeypatch):
    """Their values may differ from those of BLAS in the last bits only."""
    x = y = tf.placeholder(tf.float32, [16, 24])
    w = tf.constant(np.random.default_rng(0).normal(size=(24, 24)) / 5, tf.float32)
    for _ in range(MOST_CALLS + 1):
        y = tf.tanh(tf.matmul(y, w))
    fetches = [y, tf.gradients(y, w)[0]]
    fed = {x: np.random.default_rng(1).normal(size=(16, 24))}
    found = []
    for jit in ("off", "eager"):
        monkeypatch.setenv("MINITF_JIT", jit)
        with tf.Session() as session:
            found.append([session.run(fetches, fed) for _ in range(6)][-1])
    for one, other in zip(*found, strict=True):
        assert not np.array_equal(one, other)
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5 * np.abs(one).max())


@pytest.mark.thorough
def test_many_threads_count_right(made, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "eager")
    x = tf.placeholder(tf.float32, [4])
    total = tf.Variable(np.zeros(4, np.float32))
    counted = tf.assign_add(total, x).op
    squared = x * x
    wrong = []
    with tf.Session() as session:
        session.run(total.initializer)

        def work(thread):
            fed = np.full(4, thread, np.float32)
            for _ in range(500):
                found = session.run([counted, squared], {x: fed})[1]
                if not np.array_equal(found, fed * fed):
                    wrong.append(found)

        threads = [threading.Thread(target=work, args=[i]) for i in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not wrong
        np.testing.assert_array_equal(session.run(total), np.full(4, 500 * sum(range(8))))
    assert [each for each in made.functions if each is not None]


@st.composite
def programs(draw):
    """Draw a graph on matrices [?, 3] and a variable that some operations change, and fetches."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 3])
        resource = draw(st.booleans())
        w = tf.get_variable("w", initializer=np.eye(3, dtype="f"), use_resource=resource)
        values, last = [x], []
        for _ in range(draw(st.integers(1, 7))):
            one, other = draw(st.sampled_from(values)), draw(st.sampled_from(values))
            with tf.control_dependencies(last):
                match draw(st.integers(0, 7)):
                    case 0:
                        made = one * 0.5 + other
                    case 1:
                        made = tf.matmul(one, w)
                    case 2:
                        made = tf.matmul(tf.tanh(one), tf.matmul(other, other, transpose_a=True))
                    case 3:
                        made = tf.nn.softmax(one)
                    case 4:
                        made = tf.reshape(tf.reshape(one, [3, -1]), [-1, 3])
                    case 5:
                        made = one - tf.reduce_mean(other, 0, keepdims=True)
                    case 6:
                        made = tf.maximum(one, other[:, :1])
                    case _:
                        change = tf.assign_add(w, tf.matmul(one, other, transpose_a=True) * 0.01)
                        last = [change.op]
                        made = one * 1.0
            values.append(made)
        loss = tf.reduce_sum(tf.square(values[-1]))
        train = tf.train.MomentumOptimizer(0.001, 0.9)
        gradients = tf.gradients(loss, [w])
        if gradients[0] is not None:
            with tf.control_dependencies(last):
                last = [train.apply_gradients([(gradients[0], w)])]
        with tf.control_dependencies(last):
            fetches = [loss, values[-1], w.read_value() if resource else tf.identity(w)]
        return graph, x, fetches, tf.global_variables_initializer()


@pytest.mark.long
@settings(max_examples=12)
@given(program=programs(), rows=st.integers(1, 5))
@pytest.mark.paper("W-59")
def test_random_programs_agree_with_the_bodies(program, rows):
    graph, x, fetches, init = program
    fed = (np.arange(rows * 3, dtype=np.float32).reshape(rows, 3) - 4) / 7
    outcomes = []
    for jit in ("off", "eager"):
        store = ResourceStore()
        steps_of(graph, store, jit="off").find(request_of([init])).run([])
        step = steps_of(graph, store, jit=jit).find(request_of(fetches, [x]))
        outcomes.append([step.run([fed]) for _ in range(7)])
    for one, other in zip(*outcomes, strict=True):
        for left, right in zip(one, other, strict=True):
            assert left.dtype == right.dtype
            np.testing.assert_allclose(left, right, 1e-4, 1e-5)
