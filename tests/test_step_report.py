"""`minitf explain --step`: what a script ran, the code that ran most often first."""

from __future__ import annotations

import re
import sys

import pytest
from rich.console import Console

import minitf as tf
from minitf import cli, step_report
from minitf.executor.kept import keeping
from minitf.executor.tiers import COMPILED_RUN

SCRIPT = """
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 4], name="x")
w = tf.Variable(tf.zeros([4, 2]), name="w")
y = tf.matmul(x, w, name="y")
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(6):
        session.run(y, {x: [[1, 2, 3, 4]]})
    session.run(tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0]))
"""
WAITING = """
import tensorflow as tf

queue = tf.FIFOQueue(3, tf.int32, [[]])
add, i = queue.enqueue(4), tf.while_loop(lambda i: i < 3, lambda i: i + queue.dequeue(), [0])
with tf.Session() as session:
    session.run(add)
    session.run(i)
"""
DEVICES = """
import tensorflow as tf

x = tf.placeholder(tf.float32, [4])
with tf.device("/cpu:0"):
    y = tf.square(x, name="y")
with tf.device("/cpu:1"):
    z = tf.negative(y, name="z")
with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
    for _ in range(6):
        session.run(z, {x: [1, 2, 3, 4]})
"""


def shown(tmp_path, script: str, most: int = 3) -> tuple[int, str]:
    path = tmp_path / "script.py"
    path.write_text(script)
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        code = step_report.show(str(path), most, console)
    return code, capture.get()


def without_tensorflow() -> dict[str, object]:
    """Take what goes by TensorFlow's names out of `sys.modules`, and return it."""
    names = [name for name in sys.modules if name.partition(".")[0] == "tensorflow"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture(autouse=True)
def process(monkeypatch):
    """Undo what `run` changes in the process: modules, arguments, path, import hooks."""
    for name, value in list(vars(sys).items()):
        if name in ("argv", "path", "meta_path"):
            monkeypatch.setattr(sys, name, list(value))
    main = sys.modules["__main__"]
    theirs = without_tensorflow()
    yield
    without_tensorflow()
    sys.modules.update(theirs)
    sys.modules["__main__"] = main


def test_the_step_that_ran_most_often_comes_first_with_its_code(tmp_path):
    code, text = shown(tmp_path, SCRIPT)

    assert code == 0
    assert text.startswith("step 1 of 3: 6 runs, generated code for feeds of shapes (1, 4)")
    first = text[: text.index("step 2 of 3")]
    assert re.search(r"fetches +y:0\n +feeds +x:0\n +calls +1\n", first)
    assert "t0 = mat_mul(t0, variable.read())  # y" in first


def test_each_step_tells_its_tier(tmp_path):
    text = shown(tmp_path, SCRIPT)[1]

    assert f"1 run, bodies of ops: compiled kernels come with run {COMPILED_RUN}" in text
    assert "    for n0 in count():  # while/while_context\n" in text


def test_a_step_that_waits_says_so(tmp_path):
    text = shown(tmp_path, WAITING)[1]

    assert re.search(r"1 run, reference executor: '\S+' \(QueueDequeueV2\) waits for what", text)


def test_each_partition_of_a_step_has_its_code(tmp_path):
    text = shown(tmp_path, DEVICES, most=1)[1]
    first, _, second = text.partition("device:CPU:1, ")

    assert "step 1 of 1: 6 runs, on /job:localhost/replica:0/task:0/device:CPU:0, gen" in first
    assert "_send(t0)  # y/_0" in first
    assert "t0 = outputs(_recv(), node)  # y/_1" in second
    assert "t0 = neg(t0)  # z" in second


def test_only_as_many_steps_as_wanted_are_shown(tmp_path):
    text = shown(tmp_path, SCRIPT, most=1)[1]

    assert "step 2" not in text
    assert "2 more; --most 3 shows all" in text


def test_clusters_are_counted(tmp_path):
    script = SCRIPT.replace("y = tf.matmul(x, w", "y = tf.matmul(tf.nn.relu(x * 2 + 1), w")
    text = shown(tmp_path, script, most=1)[1]

    assert re.search(r"calls +2, of them 1 of clusters, which stand for 3 operations", text)


@pytest.mark.parametrize(("end", "want"), [("raise SystemExit(3)", 3), ("", 0)])
def test_the_exit_code_is_the_scripts(tmp_path, end, want):
    assert shown(tmp_path, end)[0] == want


def test_a_script_without_steps_is_said_to_have_none(tmp_path):
    assert "has run no step" in shown(tmp_path, "import tensorflow as tf")[1]


def test_a_script_that_cannot_be_read_ends_with_two(tmp_path, capsys):
    assert cli.main(["explain", "--step", str(tmp_path / "none.py")]) == 2
    assert "can't open file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["Conv2D", "--step", "script.py"]])
def test_either_an_op_or_a_script_is_explained(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["explain", *arguments])
    assert "give the name of an op, or --step" in capsys.readouterr().err


def test_steps_are_kept_only_while_somebody_wants_them():
    x = tf.constant(1.0)
    with keeping() as kept, tf.Session() as session:
        session.run(x)
        session.run(x)
    with tf.Session() as session:
        session.run(x)

    assert [each.runs for each in kept] == [2]


def test_an_error_in_generated_code_names_the_operation_and_the_users_line():
    x = tf.placeholder(tf.float32, [None, None])
    w = tf.Variable(tf.zeros([3, 2]))
    y = tf.matmul(x, w, name="product")  # the line in question
    with tf.Session() as session:
        session.run(w.initializer)
        with keeping() as kept:
            for _ in range(2 * COMPILED_RUN):
                session.run(y, {x: [[1, 2, 3]]})
            assert kept[0].step.tiers.fast is not None
            with pytest.raises(tf.errors.InvalidArgumentError) as caught:
                session.run(y, {x: [[1, 2]]})

    assert "product" in str(caught.value)
    assert "test_step_report.py" in str(caught.value)
    assert caught.value.op is y.op
