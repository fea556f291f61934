"""A training that is killed at any moment goes on from a checkpoint that is whole."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
EVERY = 2  # steps from one checkpoint to the next

# Each number of the vector counts the steps, as the global step does.
PROGRAM = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS.parent)!r}]
from event_logs import lists_for_event_files
import minitf as tf

sys.modules["minitf.summary.file_writer"] = lists_for_event_files()[1]
folder, last = sys.argv[1:]
step = tf.train.get_or_create_global_step()
vector = tf.get_variable("vector", [200_000], initializer=tf.zeros_initializer())
with tf.control_dependencies([vector.assign_add(tf.ones_like(vector))]):
    count = tf.assign_add(step, 1)
state = [step, tf.reduce_min(vector), tf.reduce_max(vector)]
hooks = [tf.train.StopAtStepHook(last_step=int(last))]
with tf.train.MonitoredTrainingSession(
    checkpoint_dir=folder, save_checkpoint_steps={EVERY}, hooks=hooks
) as session:
    print(*session.run_step_fn(lambda step_context: step_context.session.run(state)), flush=True)
    while not session.should_stop():
        print(session.run(count), flush=True)
"""


class Training:
    """A process that trains in a folder up to a step."""

    def __init__(self, folder: Path, last: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), str(last)],
            stdout=subprocess.PIPE,
            text=True,
        )
        step, low, high = (float(each) for each in self.process.stdout.readline().split())
        assert step == low == high, "the checkpoint is of one moment"
        self.first = int(step)

    def killed_after(self, steps: int) -> int:
        """Kill it, with no warning, when it has told of so many steps; return the last of them."""
        done = [int(self.process.stdout.readline()) for _ in range(steps)]
        self.process.kill()
        self.process.communicate()
        return done[-1]

    def ended(self) -> int:
        """Wait for its end; return its last step."""
        rest, _ = self.process.communicate()
        assert self.process.returncode == 0
        return int(rest.split()[-1])


@pytest.mark.thorough
@pytest.mark.paper("W-24")
@pytest.mark.parametrize("seed", range(2))
def test_a_training_killed_at_any_step_goes_on_from_its_last_checkpoint(tmp_path, seed):
    draw = random.Random(seed)
    done = 0
    for _ in range(2):
        training = Training(tmp_path, last=1000)
        assert training.first > done - EVERY
        done = training.killed_after(steps=draw.randint(1, 9))

    training = Training(tmp_path, last=training.first + 10)

    assert training.first > done - EVERY
    assert training.ended() >= training.first
