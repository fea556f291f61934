"""What the papers use queues for: prefetching, adding up gradients, synchronous training."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import minitf as tf


@pytest.mark.paper("W-37")
def test_prefetching_reads_ahead_of_the_step_that_computes():
    """2015 §4.6: input data are prefetched while the previous batch is still being used."""
    read = []

    def load(number):
        read.append(int(number))
        return np.full((2, 2), number, np.float32)

    number = tf.count_up_to(tf.Variable(0, trainable=False, collections=["mine"]), 20)
    image = tf.py_func(load, [number], tf.float32)
    image.set_shape([2, 2])
    queue = tf.FIFOQueue(4, [tf.float32], [[2, 2]])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(image)]))
    batch = queue.dequeue_many(2)
    with tf.Session() as session:
        session.run(tf.variables_initializer(tf.get_collection("mine")))
        tf.train.start_queue_runners()
        first = session.run(batch)
        ahead = threading.Event()
        for _ in range(6000):
            if len(read) >= 6:  # without another step: two used, four waiting
                break
            ahead.wait(0.01)

        assert first[:, 0, 0].tolist() == [0, 1]
        assert len(read) >= 6
        assert session.run(batch)[:, 0, 0].tolist() == [2, 3]


@pytest.mark.paper("W-37")
def test_gradients_of_small_batches_are_added_up_to_one_of_a_large_batch():
    """2015 §4.6: gradients are accumulated over several smaller batches."""
    data = np.arange(12, dtype=np.float64).reshape(6, 2)
    x = tf.placeholder(tf.float64, [None, 2])
    w = tf.Variable(np.float64([1, -1]))
    loss = tf.reduce_sum(tf.square(tf.reduce_sum(x * w, 1) - 1))
    (gradient,) = tf.gradients(loss, w)
    queue = tf.FIFOQueue(10, [tf.float64], [[2]])
    put = queue.enqueue(gradient)
    mean = tf.reduce_mean(queue.dequeue_many(3), 0)
    update = w.assign_sub(0.001 * mean)
    with tf.Session() as session:
        session.run(w.initializer)
        whole = session.run(gradient, {x: data})
        for part in np.split(data, 3):
            session.run(put, {x: part})
        session.run(update)

        np.testing.assert_array_equal(session.run(w), [1, -1] - 0.001 * (whole / 3))
        assert session.run(queue.size()) == 0


@pytest.mark.paper("O-26", "O-27")
def test_synchronous_training_with_a_backup_worker():
    """OSDI §4.4: of three workers two count; tokens of the chief let the next step begin."""
    steps, workers, required = 6, 3, 2
    w = tf.Variable(np.float64(0))
    step = tf.Variable(np.int64(0), trainable=False)
    x = tf.placeholder(tf.float64, [])
    local = tf.placeholder(tf.int64, [])
    gradients = tf.ConditionalAccumulator(tf.float64, [])
    tokens = tf.FIFOQueue(100, tf.int64, [])
    apply = gradients.apply_grad(w - x, local_step=local)
    mean = gradients.take_grad(required)
    with tf.control_dependencies([w.assign_sub(mean / 2)]):
        advance = step.assign_add(1)
    with tf.control_dependencies([advance]):
        release = tokens.enqueue_many([tf.fill([workers], step.read_value())])
    token = tokens.dequeue()
    seen = [[] for _ in range(workers)]

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(tokens.enqueue_many([np.zeros(workers, np.int64)]))

        def work(number):
            while True:
                try:
                    mine = session.run(token)
                except tf.errors.OutOfRangeError:
                    return
                seen[number].append(int(mine))
                session.run(apply, {x: 10.0, local: mine})

        threads = [threading.Thread(target=work, args=[number]) for number in range(workers)]
        for thread in threads:
            thread.start()
        for _ in range(steps):
            session.run(release)
        session.run(tokens.close(cancel_pending_enqueues=True))
        for thread in threads:
            thread.join()
        value, count = session.run([w, step])

    assert count == steps
    assert value == 10 * (1 - 0.5**steps)  # a stale gradient would have moved it elsewhere
    taken = sorted(number for numbers in seen for number in numbers)
    assert max(taken) <= steps
    assert all(taken.count(number) <= workers for number in range(steps))
