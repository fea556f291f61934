"""Queue runners keep queues filled, close them at the end, and do not hide what failed."""

from __future__ import annotations

import logging
import threading

import numpy as np
import pytest

import minitf as tf
from minitf.graph_keys import GraphKeys
from minitf.meta_graph import export_meta_graph, import_meta_graph


def counter(limit=None):
    """Return a Tensor that counts from 0 up, and its initializer; with a limit it ends."""
    count = tf.Variable(np.int64(0), trainable=False, collections=[], name="count")
    number = tf.count_up_to(count, 2**62 if limit is None else limit)
    return number, count.initializer


def number_queue(limit=None, threads=1, **options):
    """Return a queue that a runner fills with numbers, and what must run before."""
    number, initializer = counter(limit)
    queue = tf.FIFOQueue(5, tf.int64, [], name="numbers")
    runner = tf.train.QueueRunner(queue, [queue.enqueue(number)] * threads, **options)
    tf.train.add_queue_runner(runner)
    return queue, initializer, runner


def run_for_ever(session, step):
    while True:
        session.run(step)


@pytest.mark.paper("W-37")
def test_a_runner_keeps_its_queue_filled():
    queue, initializer, runner = number_queue(threads=3)
    take, coord = queue.dequeue(), tf.train.Coordinator()
    with tf.Session() as session:
        session.run(initializer)
        threads = tf.train.start_queue_runners(session, coord)
        taken = [session.run(take) for _ in range(100)]
        coord.request_stop()
        coord.join(threads)

        assert sorted(taken) == list(range(100)) or len(set(taken)) == 100
        assert not runner.is_running(session)


@pytest.mark.parametrize("with_coordinator", [True, False])
def test_at_the_end_of_the_input_the_rest_is_given_and_then_the_end(with_coordinator):
    queue, initializer, runner = number_queue(limit=7, threads=2)
    coord = tf.train.Coordinator() if with_coordinator else None
    many = queue.dequeue_up_to(4)
    with tf.Session() as session:
        session.run(initializer)
        threads = tf.train.start_queue_runners(session, coord)
        taken = [*session.run(many), *session.run(many)]
        with pytest.raises(tf.errors.OutOfRangeError, match="is closed and has insufficient") as e:
            session.run(many)
        for thread in threads[:2]:
            thread.join()

        assert sorted(taken) == list(range(7))
        assert e.value.__cause__ is None  # the end of the input is no failure
        assert runner.exceptions_raised == []
        if coord is not None:
            coord.request_stop()
            coord.join(threads)


def failing_queue(name="numbers"):
    """Return a queue whose runner fails at its third element, and the runner."""
    number, initializer = counter()
    checked = tf.gather(tf.constant([10, 11]), tf.cast(number, tf.int32), name="culprit")
    queue = tf.FIFOQueue(5, tf.int32, [], name=name)
    runner = tf.train.QueueRunner(queue, [queue.enqueue(checked)])
    tf.train.add_queue_runner(runner)
    return queue, initializer, runner


def test_a_failure_goes_to_the_coordinator_and_is_the_cause_of_the_readers_error():
    queue, initializer, runner = failing_queue()
    take, coord = queue.dequeue(), tf.train.Coordinator()
    with tf.Session() as session:
        session.run(initializer)
        threads = tf.train.start_queue_runners(session, coord)
        coord.wait_for_stop()
        with pytest.raises(tf.errors.OutOfRangeError) as caught:
            run_for_ever(session, take)
        with pytest.raises(tf.errors.InvalidArgumentError, match="culprit"):
            coord.join(threads)

    assert isinstance(caught.value.__cause__, tf.errors.InvalidArgumentError)
    assert "culprit" in str(caught.value.__cause__)
    assert runner.exceptions_raised == []


def test_without_a_coordinator_readers_get_the_rest_and_then_the_cause(caplog):
    queue, initializer, runner = failing_queue()
    take = queue.dequeue()
    with tf.Session() as session:
        session.run(initializer)
        (thread,) = tf.train.start_queue_runners(session)
        assert [session.run(take), session.run(take)] == [10, 11]
        with pytest.raises(tf.errors.OutOfRangeError) as caught:
            session.run(take)
        thread.join()

    (failure,) = runner.exceptions_raised
    assert caught.value.__cause__ is failure
    assert "culprit" in str(failure)
    assert "Exception in QueueRunner" in caplog.text


def test_the_cause_is_found_through_a_chain_of_queues():
    first, initializer, _ = failing_queue("first")
    second = tf.FIFOQueue(5, tf.int32, [], name="second")
    tf.train.add_queue_runner(tf.train.QueueRunner(second, [second.enqueue(first.dequeue())]))
    take = second.dequeue()
    with tf.Session() as session:
        session.run(initializer)
        threads = tf.train.start_queue_runners(session)
        with pytest.raises(tf.errors.OutOfRangeError) as caught:
            run_for_ever(session, take)
        for thread in threads:
            thread.join()

    assert "culprit" in str(caught.value.__cause__)


def test_threads_that_run_are_not_started_again():
    queue, initializer, runner = number_queue()
    with tf.Session() as session, tf.Session() as other:
        session.run(initializer)
        other.run(initializer)
        assert not runner.was_started(session)
        assert len(runner.create_threads(session)) == 1
        assert runner.create_threads(session) == []
        assert runner.was_started(session)
        assert not runner.was_started(other)
        assert len(runner.create_threads(other, tf.train.Coordinator())) == 2
    assert queue is runner.queue


def test_threads_may_be_started_later_and_keep_a_program_alive_or_not():
    _, initializer, _ = number_queue(limit=3)
    with tf.Session() as session:
        session.run(initializer)
        (thread,) = tf.train.start_queue_runners(session, daemon=False, start=False)
        assert not thread.daemon
        assert thread.name == "QueueRunnerThread-numbers-numbers_enqueue"
        thread.start()
        thread.join()


@pytest.mark.parametrize("with_coordinator", [True, False])
def test_threads_of_a_session_that_is_closed_end_in_silence(with_coordinator, capfd):
    _, initializer, runner = number_queue(threads=3)
    coord = tf.train.Coordinator() if with_coordinator else None
    with tf.Session() as session:
        session.run(initializer)
        threads = tf.train.start_queue_runners(session, coord)
        session.run(runner.queue.dequeue())
    for thread in threads[:3]:
        thread.join()
    if coord is not None:
        coord.request_stop()
        coord.join(threads)

    assert capfd.readouterr().err == ""
    assert runner.exceptions_raised == []


def test_other_kinds_of_error_may_mean_the_end():
    ends = (tf.errors.OutOfRangeError, tf.errors.CancelledError)
    queue, initializer, runner = number_queue(queue_closed_exception_types=ends)
    with tf.Session() as session:
        session.run(initializer)
        (thread,) = tf.train.start_queue_runners(session)
        session.run(queue.close(cancel_pending_enqueues=True))
        thread.join()

        assert runner.exceptions_raised == []
        assert runner.queue_closed_exception_types == ends


def test_starting_needs_a_session_and_runners(caplog):
    caplog.set_level(logging.WARNING, logger="tensorflow")
    logging.getLogger("tensorflow").addHandler(caplog.handler)
    with pytest.raises(ValueError, match=r"Cannot start queue runners: No default session"):
        tf.train.start_queue_runners()
    with pytest.raises(TypeError, match=r"sess must be a `tf\.Session` object"):
        tf.train.start_queue_runners(sess=3)
    with tf.Session():
        assert tf.train.start_queue_runners() == []

    logging.getLogger("tensorflow").removeHandler(caplog.handler)
    assert "no queue runners were defined" in caplog.text


def test_wrong_arguments_are_refused():
    queue = tf.FIFOQueue(5, tf.int32, [])
    for arguments in ({}, {"queue": queue}, {"enqueue_ops": [queue.enqueue(1)]}):
        with pytest.raises(ValueError, match="Must provide queue and enqueue_ops"):
            tf.train.QueueRunner(**arguments)
    for kinds in ((), [tf.errors.OutOfRangeError], (ValueError,)):
        with pytest.raises(TypeError, match=r"must be a tuple of tf\.error types"):
            tf.train.QueueRunner(queue, [queue.enqueue(1)], queue_closed_exception_types=kinds)
    message = tf.train.QueueRunner(queue, [queue.enqueue(1)]).to_proto()
    with pytest.raises(ValueError, match="mutually exclusive"):
        tf.train.QueueRunner(queue, [queue.enqueue(1)], queue_runner_def=message)


# --- QueueRunnerDef -----------------------------------------------------------------------------


def test_a_runner_is_written_and_read_by_the_names_of_its_operations():
    with tf.name_scope("in"):
        queue, _, runner = number_queue(threads=2)
    message = runner.to_proto()

    assert message.queue_name == "in/numbers"
    assert list(message.enqueue_op_name) == ["in/numbers_enqueue"] * 2
    assert message.close_op_name == "in/numbers_Close"
    assert message.cancel_op_name == "in/numbers_Close_1"
    assert list(message.queue_closed_exception_types) == [tf.errors.OUT_OF_RANGE]
    assert runner.to_proto(export_scope="out") is None
    inner = runner.to_proto(export_scope="in")
    assert inner.queue_name == "numbers"
    again = tf.train.QueueRunner.from_proto(inner, import_scope="in")
    assert again.name == "in/numbers"
    assert again.close_op is runner.close_op
    assert again.cancel_op is runner.cancel_op
    assert again.enqueue_ops == runner.enqueue_ops
    assert queue.name == again.queue.name


def test_a_meta_graph_brings_its_runners_along():
    queue, initializer, _ = number_queue(limit=3)
    take = queue.dequeue()
    message = export_meta_graph(tf.get_default_graph())
    with tf.Graph().as_default() as graph:
        import_meta_graph(graph, message, import_scope="again")
        (runner,) = tf.get_collection(GraphKeys.QUEUE_RUNNERS)
        with tf.Session() as session:
            session.run(f"again/{initializer.name}")
            tf.train.start_queue_runners()
            taken = [session.run(f"again/{take.name}") for _ in range(3)]

    assert taken == [0, 1, 2]
    assert runner.name == "again/numbers"


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
def test_tensorflow_reads_our_runners_and_we_read_theirs(tensorflow):
    def build(tf):
        count = tf.Variable(np.int64(0), name="count", use_resource=False)
        queue = tf.FIFOQueue(5, tf.int64, [], name="numbers")
        put = queue.enqueue(tf.count_up_to(count, 3))
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [put]))
        return count.initializer.name, queue.dequeue().name

    def run(tf, names, session):
        session.run(names[0])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        taken = [session.run(names[1]) for _ in range(3)]
        coord.request_stop()
        coord.join(threads)
        return taken

    with tf.Graph().as_default() as graph:
        names = build(tf)
        content = export_meta_graph(graph).SerializeToString()
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        message = tensorflow.MetaGraphDef.FromString(content)
        tensorflow.train.import_meta_graph(message)
        assert run(tensorflow, names, session) == [0, 1, 2]
    with tensorflow.Graph().as_default() as graph:
        names = build(tensorflow)
        content = tensorflow.train.export_meta_graph(graph=graph).SerializeToString()
    with tf.Graph().as_default() as graph, tf.Session() as session:
        import_meta_graph(graph, tf.MetaGraphDef.FromString(content))
        assert run(tf, names, session) == [0, 1, 2]


def test_many_threads_take_each_number_once():
    queue, initializer, _ = number_queue(limit=200, threads=4)
    take, taken = queue.dequeue(), []
    with tf.Session() as session:
        session.run(initializer)
        tf.train.start_queue_runners(session)

        def work():
            while True:
                try:
                    taken.append(int(session.run(take)))
                except tf.errors.OutOfRangeError:
                    return

        readers = [threading.Thread(target=work) for _ in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    assert sorted(taken) == list(range(200))
