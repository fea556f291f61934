"""A step changes its tier at fixed numbers of runs, and at no other time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from executor.stepping import request_of, steps_of

import minitf as tf
from minitf.executor import behind
from minitf.executor.generated import MOST_SHAPES, OFTEN
from minitf.executor.tiers import BEHIND_RUN, COMPILED_RUN

ROOT = Path(__file__).parent.parent.parent


def doubling(**options):
    """Return a step that doubles a vector of any length."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None])
        y = x + x
    return steps_of(graph, **options).find(request_of([y], [x]))


def run(step, size=3):
    np.testing.assert_array_equal(step.run([np.ones(size, np.float32)])[0], np.full(size, 2))


@pytest.mark.paper("W-59", "O-32")
def test_code_is_generated_for_the_third_run_and_no_other():
    step = doubling(jit="auto")
    for _ in range(COMPILED_RUN - 1):
        run(step)
        assert step.tiers.fast is None
    run(step)

    assert "add_v2" in step.tiers.fast.latest.source


def test_eager_does_not_wait_for_a_third_run():
    step = doubling(jit="eager")
    run(step)

    assert step.tiers.fast is not None


def test_off_runs_bodies_for_ever(monkeypatch):
    asked = []
    step = doubling(jit="off")
    monkeypatch.setattr(
        type(step.device), "kernel", lambda *_, **options: asked.append(options) or None
    )
    for _ in range(2 * COMPILED_RUN):
        run(step)

    assert not asked


def test_lazy_runs_bodies_until_the_compiler_is_done(monkeypatch):
    started, done = threading.Event(), threading.Event()
    make = behind.start

    def slow(work, what):
        def wait():
            started.set()
            assert done.wait(60)
            return work()

        return make(wait, what)

    monkeypatch.setattr(behind, "start", slow)
    step = doubling(jit="lazy")
    for _ in range(2 * COMPILED_RUN):
        run(step)
    assert started.wait(60)
    assert step.tiers.fast is None

    done.set()
    step.tiers._job._done.wait(60)
    run(step)

    assert step.tiers.fast is not None


def test_the_step_waits_for_the_compiler_however_slow_it_is(monkeypatch):
    monkeypatch.setattr(behind, "_SILENT_S", 0.0)
    step = doubling(jit="auto")
    for _ in range(BEHIND_RUN):
        run(step)
    for _ in range(COMPILED_RUN):
        run(step)

    assert step.tiers.fast is not None


def test_whoever_needs_a_job_that_has_not_begun_does_it_himself():
    blocked, release = threading.Event(), threading.Event()
    behind.start(lambda: blocked.set() or release.wait(60), "the thread")
    assert blocked.wait(60)
    job = behind.start(threading.current_thread, "a thread")

    assert job.result() is threading.current_thread()
    release.set()


def test_an_error_of_a_job_is_raised_where_its_result_is_asked_for():
    job = behind.start(lambda: 1 / 0, "a quotient")

    with pytest.raises(ZeroDivisionError):
        job.result()


def test_a_job_that_is_interrupted_is_done_again():
    tries = []

    def work():
        tries.append(len(tries))
        if len(tries) == 1:
            raise KeyboardInterrupt
        return "made"

    job = behind.Job(work, "a test")
    with pytest.raises(KeyboardInterrupt):
        job.result()

    assert not job.is_done
    assert job.result() == "made"
    assert job.result() == "made"
    assert tries == [0, 1]


def test_shapes_that_come_often_get_code_of_their_own_up_to_a_number():
    step = doubling(jit="auto")
    for _ in range(COMPILED_RUN):
        run(step, 1)
    generated = step.tiers.fast
    assert list(generated.by_shapes) == [((1,),)]
    for _ in range(OFTEN):
        run(step, 2)
    assert list(generated.by_shapes) == [((1,),), ((2,),)]
    for size in range(3, 3 * MOST_SHAPES):
        for _ in range(OFTEN):
            run(step, size)

    assert len(generated.by_shapes) == MOST_SHAPES


def test_a_run_that_is_observed_uses_the_reference_executor():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None])
        y = tf.tanh(x, name="y")
        for _ in range(COMPILED_RUN + 1):
            metadata = tf.RunMetadata()
            options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
            session.run(y, {x: [1.0]}, options, metadata)
            names = [s.node_name for d in metadata.step_stats.dev_stats for s in d.node_stats]
            assert names == ["y"]
        assert session.run(y, {x: [0.0]}) == [0.0]


TRAINING = """
import sys, time, numpy as np, minitf as tf
from minitf.executor import behind

if sys.argv[1] == "slow":
    import random
    start, delays = behind.start, random.Random(sys.argv[2])
    def late(work, what):
        return start(lambda: time.sleep(delays.random()) or work(), what)
    behind.start = late
images = np.random.RandomState(0).rand(64, 20).astype(np.float32)
labels = np.random.RandomState(1).randint(0, 5, 64)
x, y = tf.placeholder(tf.float32, [None, 20]), tf.placeholder(tf.int64, [None])
w = tf.Variable(tf.random_normal([20, 16], stddev=0.1, seed=1))
hidden = tf.nn.relu(tf.matmul(x, w) + tf.Variable(tf.zeros(16)))
v = tf.Variable(tf.random_normal([16, 5], stddev=0.1, seed=2))
if sys.argv[3:]:
    hidden = tf.nn.dropout(hidden, 0.9, seed=3)
scores = tf.matmul(hidden, v)
losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores)
train = tf.train.AdamOptimizer(0.01).minimize(tf.reduce_mean(losses))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for step in range(240):
        size = 64 if step % 10 else 40  # the last batch is smaller
        session.run(train, {x: images[:size], y: labels[:size]})
    print(*[a.tobytes().hex() for a in session.run(tf.global_variables())], sep="")
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    "noise",
    [
        pytest.param((), id="native at last", marks=pytest.mark.long),
        pytest.param(("dropout",), id="compiled at last"),
    ],
)
@pytest.mark.paper("W-59")
def test_parameters_have_the_same_bits_cold_warm_and_with_a_slow_compiler(tmp_path, noise):
    def trained(how: str, seed: str = "") -> str:
        script = subprocess.run(
            [sys.executable, "-c", TRAINING, how, seed, *noise],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MINITF_CACHE_DIR": str(tmp_path)},
        )
        return script.stdout

    cold = trained("cold")

    assert len(cold) > 1000
    assert trained("warm") == cold
    assert trained("slow", "1") == trained("slow", "2") == cold
