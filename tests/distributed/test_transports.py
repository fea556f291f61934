"""Send and Recv between tasks, by TCP and within a process: one suite for both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from distributed.clusters import TASKS, Servers, eventually

import minitf as tf
from minitf.distributed.messages import ReceiveTensor
from minitf.dtypes import DTYPES, as_dtype

PS, FIRST, SECOND = TASKS
SENT = [name for name in DTYPES if name not in {"resource", "variant"}]


@pytest.fixture(scope="module", params=["direct", "tcp"])
def linked(request, _key):
    made = Servers(transport=request.param)
    yield made
    made.close()


def sample(name):
    """Return values of a type, the extreme ones among them."""
    if name == "string":
        return np.array([b"", b"\0\xff", "ä".encode() * 3000], object)
    kind = as_dtype(name).as_numpy_dtype
    bits = np.random.default_rng(5).integers(0, 256, 12 * np.dtype(kind).itemsize, np.uint8)
    return np.arange(12).astype(kind) if name == "bool" else bits.view(kind).reshape(3, 4)


@pytest.mark.paper("W-14", "W-22")
@pytest.mark.parametrize("name", SENT)
def test_a_tensor_of_any_type_is_sent(linked, name):
    value = sample(name)
    with tf.device(PS):
        x = tf.placeholder(name)
        there = tf.identity(x)
    with tf.device(SECOND):
        back = tf.identity(there)
    with tf.Session(linked.target) as session:
        first = len(linked.requests)
        found = session.run(back, {x: value})

    assert len(linked.of_kind(ReceiveTensor, first)) == 1
    assert found.dtype == as_dtype(name).numpy
    assert found.shape == value.shape
    assert found.tobytes() == value.tobytes() or found.tolist() == value.tolist()  # strings


@pytest.mark.paper("W-22")
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1, 1, 1, 1, 1), (1000, 1000)])
def test_a_tensor_of_any_shape_is_sent(linked, shape):
    value = np.random.default_rng(2).normal(size=shape)
    x = tf.placeholder(tf.float64)
    with tf.device(PS):
        there = tf.negative(x)
    with tf.device(SECOND):
        back = tf.negative(there)
    with tf.Session(linked.target) as session:
        np.testing.assert_array_equal(session.run(back, {x: value}), value)


@pytest.mark.paper("W-22", "L10")
def test_dead_tensors_are_sent(linked):
    p, x = tf.placeholder(tf.bool, []), tf.placeholder(tf.float32, [2])

    def on(task, function):
        def branch():
            with tf.device(task):
                return function(x)

        return branch

    y = tf.cond(p, on(PS, lambda x: x * 2), on(SECOND, lambda x: -x))
    with tf.device(FIRST):
        z = y + 1
    with tf.Session(linked.target) as session:
        for _ in range(2):
            assert session.run(z, {p: True, x: [1, 2]}).tolist() == [3, 5]
            assert session.run(z, {p: False, x: [1, 2]}).tolist() == [0, -1]
    eventually(lambda: linked.under_way() == 0)


@pytest.mark.paper("W-22", "O-13")
@pytest.mark.parametrize("late", [PS, SECOND])
def test_who_sends_or_who_receives_may_come_first(linked, late):
    with tf.device(late):
        queue = tf.FIFOQueue(1, tf.float32, shapes=[[]], shared_name=f"late {late}")
        put, taken = queue.enqueue(5.0), queue.dequeue()
    with tf.device(PS):
        sent = (taken if late == PS else tf.constant(5.0)) * 2
    with tf.device(SECOND):
        found = sent + (0.0 if late == PS else taken - 5)
    with (
        tf.Session(linked.target) as session,
        tf.Session(linked.target) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        value = pool.submit(session.run, found)
        eventually(linked.under_way, "a step that waits")
        other.run(put)
        assert value.result(60) == 10


@pytest.mark.paper("W-22")
def test_control_edges_between_tasks_wait(linked):
    with tf.device(PS):
        v = tf.get_variable("waited_for", initializer=1.0)
        change = tf.assign_add(v, 1)
    with tf.device(SECOND), tf.control_dependencies([change.op]):
        between = tf.constant(3.0) * 1
    with tf.device(PS), tf.control_dependencies([between.op]):
        read = v.read_value()
    with tf.Session(linked.target) as session:
        session.run(v.initializer)
        assert [session.run(read) for _ in range(5)] == [2, 3, 4, 5, 6]


@pytest.mark.paper("W-22")
def test_an_error_ends_a_step_with_the_line_that_made_the_operation(linked):
    x = tf.placeholder(tf.float32, [2])
    with tf.device(PS):
        wrong = tf.check_numerics(x, "it is wrong", name="wrong")
    with tf.device(SECOND):
        after = wrong + 1
    with tf.Session(linked.target) as session:
        for _ in range(2):
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                session.run(after, {x: [0, np.inf]})
            assert "it is wrong : Tensor had Inf values" in caught.value.message
            assert f"created at {__file__}:" in caught.value.message
            assert "on device /job:ps/replica:0/task:0/device:CPU:0" in caught.value.message
            assert caught.value.op is wrong.op
            assert session.run(after, {x: [0, 1]}).tolist() == [1, 2]
    eventually(lambda: linked.under_way() == 0)


@pytest.mark.paper("W-22")
def test_what_is_sent_is_the_value_at_that_time(linked):
    """The variable changes in place while what was read of it is being sent."""
    with tf.device(PS):
        v = tf.get_variable("changing", initializer=np.zeros(300_000, np.float32))
        read = v.read_value()
        with tf.control_dependencies([read]):
            change = tf.assign_add(v, tf.ones_like(v))
    with tf.device(SECOND):
        spread = tf.stack([tf.reduce_min(read), tf.reduce_max(read)])
    with tf.Session(linked.target) as session:
        session.run(v.initializer)
        for i in range(40):
            low, high = session.run([spread, change.op])[0]
            assert low == high == i


@pytest.mark.paper("W-22")
def test_what_a_client_fetches_is_the_value_at_that_time(linked):
    with tf.device(PS):
        v = tf.get_variable("fetched", initializer=np.zeros(300_000, np.float32), use_resource=True)
        change = v.assign_add(tf.ones_like(v))
    with tf.Session(linked.target) as session:
        session.run(v.initializer)
        kept = []
        for _ in range(10):
            kept.append(session.run(v))
            session.run(change)
        for i, value in enumerate(kept):
            assert value.min() == value.max() == i
            value[0] = -1  # it is the client's own
        assert session.run(v).min() == 10
