"""Ctrl-C ends what runs, at once and tidily; what was there before is still there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LOOP = """
import numpy as np
import minitf as tf

x = tf.placeholder(tf.float32, [100, 100])
count = tf.Variable(0)
y = x
for _ in range(50):
    y = tf.matmul(y, x) * 0.01
with tf.control_dependencies([y]):
    step = tf.assign_add(count, 1)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    done = 0
    try:
        while True:
            done = session.run(step, {x: np.ones((100, 100))})
            if done == 3:
                print("ready", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    kept = session.run(count)
    print(done <= kept <= done + 1, session.run(step, {x: np.ones((100, 100))}) == kept + 1)
"""


DEVICES = """
import minitf as tf

with tf.device("/cpu:1"):
    queue = tf.FIFOQueue(1, tf.int32)
    got = queue.dequeue()
with tf.device("/cpu:2"):
    put = queue.enqueue(7)
    more = got + 1
with tf.device("/cpu:0"):
    total = more * 2
here = tf.random_uniform([])
with tf.Session(config=tf.ConfigProto(device_count={"CPU": 3})) as session:
    try:
        print("ready", flush=True)
        session.run([total, here])
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    session.run(put)
    print(session.run(total), flush=True)
"""


def _hear_interrupts() -> None:
    """Undo what a background job of a shell inherits: there Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted(command: list[str], moment: str) -> tuple[int, str, str]:
    """Run a program, press Ctrl-C when it prints `moment`; return its code, output and errors."""
    program = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 it touches no lock
    )
    seen = []
    for line in program.stdout:
        seen.append(line)
        if moment in line:
            break
    program.send_signal(signal.SIGINT)
    out, errors = program.communicate()
    return program.returncode, "".join(seen) + out, errors


def test_a_session_is_as_good_as_before_after_an_interrupted_run():
    code, out, errors = interrupted([sys.executable, "-c", LOOP], "ready")

    assert (code, errors) == (0, "")
    assert out == "ready\ninterrupted\nTrue True\n"


@pytest.mark.parametrize("last", ["/cpu:0", "/cpu:2"])  # /cpu:0 waits too, or has nothing to do
def test_an_interrupt_ends_a_step_that_waits_on_another_device(last):
    program = DEVICES.replace('"/cpu:0"):', f'"{last}"):')
    code, out, errors = interrupted([sys.executable, "-c", program], "ready")

    assert (code, errors) == (0, "")
    assert out == "ready\ninterrupted\n16\n"


def test_an_interrupt_that_nobody_catches_shows_the_users_line_only(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(LOOP.replace("except KeyboardInterrupt:", "except ZeroDivisionError:"))
    code, _, errors = interrupted([sys.executable, "-m", "minitf", "run", str(script)], "ready")

    assert code == 130
    assert "KeyboardInterrupt" in errors
    assert "During handling" not in errors
    assert "cli.py" not in errors


@pytest.mark.thorough
def test_the_demo_shows_what_it_learnt_by_then(tmp_path):
    command = [sys.executable, "-m", "minitf", "demo", "--logs", str(tmp_path)]
    code, out, errors = interrupted(command, "epoch  1/8")

    assert (code, errors) == (130, "")
    assert ", ended by Ctrl-C" in out
    assert "recognised" in out
