"""Operations that wait: on no thread, for no longer than asked, and not without a word."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from test_interrupt import interrupted

import minitf as tf
from minitf.executor.generated import OFTEN
from minitf.executor.prune import Request
from minitf.executor.shared_run import SharedRun

DEADLINE_S = 60


def number_queue(capacity=10, **options):
    return tf.FIFOQueue(capacity, tf.int32, [], **options)


def when(condition):
    """Wait until a condition holds, which another thread brings about."""
    pause = threading.Event()
    for _ in range(DEADLINE_S * 100):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("the deadline has passed")


def blocked(session):
    """Return whether every run of a session waits, and there is one."""
    runs = list(session.runs)
    return bool(runs) and all(run.is_blocked() for run in runs)


@pytest.fixture(autouse=True, params=["off", "eager"])
def _tier(request, monkeypatch):
    """Let steps run by tokens and by generated code: both wait alike."""
    monkeypatch.setenv("MINITF_JIT", request.param)


@pytest.fixture(name="pool")
def _pool():
    with ThreadPoolExecutor(8) as pool:
        yield pool


# --- no thread waits ----------------------------------------------------------------------------


@pytest.mark.paper("W-42", "W-37")
def test_a_thousand_blocked_dequeues_on_two_threads_do_not_stop_other_work():
    queue, other = number_queue(2000), number_queue()
    takes = [queue.dequeue() for _ in range(1000)]
    total = tf.add_n(takes)
    put = other.enqueue(1)
    with tf.Session() as session, ThreadPoolExecutor(2) as pool:
        many = session._steps.find(Request((total,), (put,), ()))
        run = SharedRun(many.plan, 1, pool)
        result = pool.submit(run.run, [])
        session.run(other.dequeue())  # the thousand wait, and this is done

        assert not result.done()
        session.run(queue.enqueue_many([np.ones(1000, np.int32)]))
        assert result.result() == [1000]


@pytest.mark.paper("W-42")
def test_a_step_that_waits_can_be_fed_by_another_and_by_itself(pool):
    queue = number_queue()
    put, take = queue.enqueue(3), queue.dequeue()
    with tf.Session() as session:
        result = pool.submit(session.run, take)
        when(lambda: blocked(session))
        session.run(put)
        assert result.result() == 3
        assert session.run([take, put])[0] == 3  # in whatever order they fire


@pytest.mark.paper("W-37", "O-09")
def test_a_full_queue_holds_back_whoever_fills_it(pool):
    """Back-pressure: the producer is never more than the capacity ahead of the consumer."""
    queue = number_queue(4)
    x = tf.placeholder(tf.int32, [])
    put, take, done = queue.enqueue(x), queue.dequeue(), []
    with tf.Session() as session:

        def produce():
            for i in range(50):
                session.run(put, {x: i})
                done.append(i)

        producer = pool.submit(produce)
        for i in range(50):
            when(lambda: len(done) >= min(i + 4, 50) or producer.done())  # noqa: B023 called here
            assert len(done) <= i + 5
            assert session.run(take) == i


@pytest.mark.paper("O-09", "O-26")
def test_an_empty_queue_is_a_barrier(pool):
    """Workers wait for tokens that the chief puts when all have arrived: OSDI §4.4."""
    arrivals, tokens = number_queue(), number_queue()
    arrive, token = arrivals.enqueue(1), tokens.dequeue()
    gather, release = arrivals.dequeue_many(4), tokens.enqueue_many([[7] * 4])
    with tf.Session() as session:
        workers = [pool.submit(lambda: (session.run(arrive), session.run(token))) for _ in range(4)]
        session.run(gather)
        when(lambda: len(list(session.runs)) == 4 and blocked(session))
        assert not any(worker.done() for worker in workers)
        session.run(release)

        assert [worker.result()[1] for worker in workers] == [7] * 4


# --- no longer than asked -----------------------------------------------------------------------


def test_a_time_limit_ends_a_step_that_waits_and_loses_nothing():
    queue = number_queue()
    put, many = queue.enqueue_many([[1, 2]]), queue.dequeue_many(3)
    options = tf.RunOptions(timeout_in_ms=20)
    with tf.Session() as session:
        session.run(put)
        with pytest.raises(tf.errors.DeadlineExceededError):
            session.run(many, options=options)
        assert session.run(queue.size()) == 2
        session.run(put)
        assert session.run(many).tolist() == [1, 2, 1]


def test_the_time_limit_of_a_session_ends_a_step_that_waits():
    queue = number_queue()
    config = tf.ConfigProto(operation_timeout_in_ms=20)
    with tf.Session(config=config) as session, pytest.raises(tf.errors.DeadlineExceededError):
        session.run(queue.dequeue())


@pytest.mark.parametrize("threads", [1, 4])
def test_closing_the_session_ends_what_waits(threads, pool):
    full, empty = number_queue(1), number_queue()
    put, take = full.enqueue(1), empty.dequeue()
    session = tf.Session(config=tf.ConfigProto(inter_op_parallelism_threads=threads))
    session.run(put)
    waiting = [pool.submit(session.run, step) for step in (put, take, [take, put.name])]
    when(lambda: len(list(session.runs)) == 3 and blocked(session))
    session.close()

    for each in waiting:
        with pytest.raises(tf.errors.CancelledError):
            each.result()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session"):
        session.run(take)


def test_closing_the_session_ends_steps_of_a_graph_that_has_changed_since(pool):
    queue = number_queue()
    take = queue.dequeue()
    session = tf.Session()
    waiting = pool.submit(session.run, take)
    when(lambda: blocked(session))
    tf.get_default_graph().structure_changed()
    session.run(queue.size())  # all steps are planned anew
    session.close()

    with pytest.raises(tf.errors.CancelledError):
        waiting.result()


def test_a_step_that_fails_elsewhere_gives_back_what_it_waited_for(pool):
    queue = number_queue()
    x = tf.placeholder(tf.int32, [])
    many = queue.dequeue_many(3)
    with tf.control_dependencies([number_queue(name="gate").dequeue()]):
        fails = tf.gather([1, 2], x)
    gate = tf.get_default_graph().get_operation_by_name("gate").outputs[0]
    open_gate = tf.raw_ops.QueueEnqueueV2(handle=gate, components=[1])
    with tf.Session() as session:
        session.run(queue.enqueue_many([[1, 2]]))
        result = pool.submit(session.run, [many, fails], {x: 9})
        when(lambda: blocked(session))
        assert session.run(queue.size()) == 0  # it holds both, and waits for a third
        session.run(open_gate)
        with pytest.raises(tf.errors.InvalidArgumentError):
            result.result()

        assert session.run(queue.size()) == 2
        assert session.run([queue.dequeue(), queue.dequeue()]) in ([1, 2], [2, 1])


def test_a_partial_run_that_waits_ends_with_its_session(pool):
    queue = number_queue()
    take, x = queue.dequeue(), tf.placeholder(tf.int32, [])
    total = take + x
    session = tf.Session()
    handle = session.partial_run_setup([total], [x])
    result = pool.submit(session.partial_run, handle, total, {x: 1})
    when(lambda: blocked(session))
    session.close()

    with pytest.raises(tf.errors.CancelledError):
        result.result()


def test_waiting_keeps_no_session_alive():
    queue = number_queue()
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=5)) as session:
        with pytest.raises(tf.errors.DeadlineExceededError):
            session.run(queue.dequeue())
        seen = weakref.ref(session)
    del session
    gc.collect()

    assert seen() is None


# --- closing queues -----------------------------------------------------------------------------


@pytest.mark.paper("W-37")
def test_a_close_lets_those_who_wait_go_first(pool):
    queue = number_queue(1)
    put, take, close = queue.enqueue(1), queue.dequeue(), queue.close()
    with tf.Session() as session:
        session.run(put)
        waiting = pool.submit(session.run, put)
        when(lambda: blocked(session))
        closing = pool.submit(session.run, close)
        when(lambda: len(list(session.runs)) == 2 and blocked(session))
        late = pool.submit(session.run, put)
        when(lambda: len(list(session.runs)) == 3 and blocked(session))
        assert not session.run(queue.is_closed())

        assert session.run(take) == 1
        waiting.result()
        closing.result()
        with pytest.raises(tf.errors.CancelledError, match="is closed"):
            late.result()
        assert session.run(take) == 1
        with pytest.raises(tf.errors.OutOfRangeError, match="is closed and has insufficient"):
            session.run(take)


@pytest.mark.paper("W-37")
def test_a_close_that_cancels_ends_those_who_put_and_serves_those_who_take(pool):
    full, empty = number_queue(1), number_queue()
    with tf.Session() as session:
        session.run(full.enqueue(1))
        put = pool.submit(session.run, full.enqueue_many([[2, 3]]))
        session.run(empty.enqueue_many([[4, 5]]))
        many = pool.submit(session.run, empty.dequeue_many(3))
        rest = pool.submit(session.run, empty.dequeue_up_to(3))
        when(lambda: len(list(session.runs)) == 3 and blocked(session))
        session.run(full.close(cancel_pending_enqueues=True))
        session.run(empty.close(cancel_pending_enqueues=True))

        with pytest.raises(tf.errors.CancelledError, match="Enqueue operation was cancelled"):
            put.result()
        outcomes = [each.exception() or each.result().tolist() for each in (many, rest)]
        assert [4, 5] in outcomes
        assert isinstance(
            next(each for each in outcomes if each != [4, 5]), tf.errors.OutOfRangeError
        )


# --- not without a word -------------------------------------------------------------------------


def told(step, session, pool):
    """Run a step that waits until it warns; end it; return the warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = pool.submit(session.run, step)
        when(lambda: caught)
        session.close()
        assert isinstance(result.exception(), tf.errors.CancelledError)
    (warning,) = caught
    return str(warning.message)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("threads", [1, 4])
def test_a_dequeue_says_that_no_queue_runner_was_started(pool, threads):
    with tf.name_scope("batch"):
        queue = number_queue()
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1)]))
    take = queue.dequeue(name="take")  # the dequeue
    session = tf.Session(config=tf.ConfigProto(inter_op_parallelism_threads=threads))
    message = told(take, session, pool)

    assert message.startswith(
        "queue 'batch/fifo_queue' is empty and no queue runner was started: "
        "call tf.train.start_queue_runners(sess)"
    )
    assert "in op 'take' (QueueDequeueV2)" in message
    assert "# the dequeue" in message


@pytest.mark.usefixtures("impatient")
def test_a_dequeue_says_what_ended_its_queue_runner(pool, caplog):
    queue = number_queue(name="q")
    x = tf.gather([1], 5, name="culprit")
    runner = tf.train.QueueRunner(queue, [queue.enqueue(x)], close_op=tf.no_op())
    tf.train.add_queue_runner(runner)
    session = tf.Session()
    for thread in tf.train.start_queue_runners(session):
        thread.join()
    message = told(queue.dequeue(), session, pool)

    assert message.startswith("queue 'q' is empty and its queue runner has ended: InvalidArgument")
    assert "culprit" in message
    assert "culprit" in caplog.text


@pytest.mark.usefixtures("impatient")
def test_a_step_that_only_itself_could_help_says_so(pool):
    queue = number_queue(1, name="q")
    put = queue.enqueue(1)
    session = tf.Session()
    session.run(put)
    message = told(put, session, pool)

    assert message.startswith("queue 'q' is full, and no other step of this session is running")
    assert "this step waits for ever" in message


@pytest.mark.usefixtures("impatient")
def test_steps_that_wait_for_each_other_say_so(pool):
    first, second = number_queue(name="first"), number_queue(name="second")
    a = first.enqueue(second.dequeue())
    b = second.enqueue(first.dequeue())
    session = tf.Session()
    other = pool.submit(session.run, b)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = pool.submit(session.run, a)
        when(lambda: len(caught) == 2)
        session.close()
        assert other.exception()
        assert result.exception()

    texts = sorted(str(warning.message).split(",")[0] for warning in caught)
    assert texts == ["queue 'first' is empty", "queue 'second' is empty"]


@pytest.mark.usefixtures("impatient")
def test_nothing_is_said_while_another_step_works(pool):
    queue = number_queue()
    gate = threading.Event()
    slow = queue.enqueue(tf.py_func(lambda: np.int32(gate.wait(DEADLINE_S)), [], tf.int32))
    with tf.Session() as session, warnings.catch_warnings():
        warnings.simplefilter("error")
        working = pool.submit(session.run, slow)
        waiting = pool.submit(session.run, queue.dequeue())
        when(lambda: any(run.is_blocked() for run in session.runs))
        calls = watched(session)
        when(lambda: len(calls) > 2)  # it was asked several times, and kept silent
        gate.set()

        assert waiting.result() == 1
        working.result()


@pytest.mark.usefixtures("impatient")
def test_a_queue_runner_waits_in_silence_while_its_queue_is_full(pool):
    queue = number_queue(2)
    runner = tf.train.QueueRunner(queue, [queue.enqueue(1)])
    tf.train.add_queue_runner(runner)
    with tf.Session() as session, warnings.catch_warnings():
        warnings.simplefilter("error")
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        when(lambda: blocked(session))
        calls = watched(session)
        when(lambda: len(calls) > 2)

        assert session.run(queue.dequeue()) == 1
        coordinator.request_stop()
        coordinator.join(threads)


def watched(session):
    """Count how often a blocked run of a session asks whether to warn."""
    calls = []
    for run in session.runs:
        watch = run._watch
        if watch is not None and run.is_blocked():
            stalled = watch.stalled
            run._watch = watch._replace(
                stalled=lambda r, ask=stalled: calls.append(ask(r)) or calls[-1]
            )
    return calls


@pytest.mark.usefixtures("impatient")
def test_a_queue_that_other_sessions_may_fill_is_waited_for_in_silence(pool):
    queue = number_queue(shared_name="q")
    with tf.Session("local://quiet") as session, warnings.catch_warnings():
        warnings.simplefilter("error")
        waiting = pool.submit(session.run, queue.dequeue())
        when(lambda: blocked(session))
        calls = watched(session)
        when(lambda: len(calls) > 2)
        with tf.Session("local://quiet") as other:
            other.run(queue.enqueue(5))

        assert waiting.result() == 5


@pytest.mark.usefixtures("impatient")
def test_nothing_is_said_of_a_queue_runner_whose_step_is_specialised():
    queue = number_queue(2 * OFTEN)  # so often that it is
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1)]))
    with tf.Session() as session, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tf.train.start_queue_runners(session)
        when(lambda: blocked(session))
        calls = watched(session)
        when(lambda: len(calls) > 2)

    assert not caught


# --- Ctrl-C -------------------------------------------------------------------------------------

PROGRAM = """
import minitf as tf

queue = tf.FIFOQueue(10, tf.int32, [])
many, put = queue.dequeue_many(3), queue.enqueue(7)
with tf.Session({options}) as session:
    session.run(put)
    session.run(put)
    import threading
    def tell():
        while not any(run.is_blocked() for run in session.runs):
            threading.Event().wait(0.01)
        print("waiting", flush=True)
    threading.Thread(target=tell, daemon=True).start()
    try:
        session.run(many)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    print(session.run(queue.size()))
    session.run(put)
    print(session.run(many).tolist())
"""


@pytest.mark.parametrize(
    "options", ["", "config=tf.ConfigProto(inter_op_parallelism_threads=4)"], ids=["one", "four"]
)
def test_an_interrupt_ends_a_step_that_waits_and_the_session_goes_on(options):
    program = [sys.executable, "-c", PROGRAM.format(options=options)]
    code, out, errors = interrupted(program, "waiting")

    assert (code, errors) == (0, "")
    assert out == "waiting\ninterrupted\n2\n[7, 7, 7]\n"


RUNNERS = """
import minitf as tf

queue = tf.FIFOQueue(10, tf.int64, [])
count = tf.Variable(0, dtype=tf.int64)
tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(count.assign_add(1))] * 2))
take = queue.dequeue()
with tf.Session() as session:
    session.run(count.initializer)
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coord)
    done = 0
    try:
        while True:
            session.run(take)
            done += 1
            if done == 100:
                print("ready", flush=True)
    except KeyboardInterrupt:
        coord.request_stop()
    coord.join(threads, stop_grace_period_secs=60)
    print("joined", coord.should_stop())
"""


def test_an_interrupt_of_a_program_with_queue_runners_ends_it_tidily():
    code, out, errors = interrupted([sys.executable, "-c", RUNNERS], "ready")

    assert (code, errors) == (0, "")
    assert out == "ready\njoined True\n"


def test_a_program_ends_although_queue_runners_wait():
    """Daemon threads that wait at a full queue keep no program alive."""
    program = RUNNERS.partition("    done = 0")[0] + "    print(session.run(take) > 0)\n"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
