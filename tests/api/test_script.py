"""Functions of the program in a graph: arguments, results, lifetime, errors; libraries of ops."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf as tf
from minitf import errors, ops


def run(make):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(make())


def py_func(function, inputs, types, **options):
    return run(lambda: tf.py_func(function, inputs, types, **options))


def test_a_function_of_the_program_computes_a_tensor():
    assert py_func(np.hypot, [3.0, 4.0], tf.float32) == 5


def test_several_results_come_as_a_list():
    found = py_func(lambda x: (x + 1, len(x)), [np.int64([1, 2])], [tf.int64, tf.int64])

    assert [each.tolist() for each in found] == [[2, 3], 2]


def test_text_is_bytes():
    found = py_func(lambda a, b: (a.decode() + "é", b + b"\0"), ["a", "b"], [tf.string] * 2)

    assert found == ["aé".encode(), b"b\0"]


def test_a_function_that_returns_nothing_is_an_operation():
    seen = []

    assert py_func(seen.append, [2.0], []) is None
    assert seen == [2.0]


def test_a_stateful_function_runs_at_each_call_a_stateless_one_may_be_shared():
    counts = []

    def count():
        counts.append(1)
        return np.int64(len(counts))

    def twice(*, stateful):
        return [tf.py_func(count, [], tf.int64, stateful=stateful) for _ in range(2)]

    assert sorted(run(lambda: twice(stateful=True))) == [1, 2]
    assert {each.op.type for each in twice(stateful=False)} == {"PyFuncStateless"}


def test_a_function_may_write_into_its_arguments():
    def clear(x):
        x[...] = 0
        return x

    def make():
        x = tf.constant([1.0, 2.0])
        return [tf.py_func(clear, [x], tf.float32), tf.identity(x)]

    cleared, kept = run(make)

    assert (cleared.tolist(), kept.tolist()) == ([0, 0], [1, 2])


def test_a_function_lives_as_long_as_its_graph():
    def function():
        return np.float32(1)

    with tf.Graph().as_default():
        tf.py_func(function, [], tf.float32)
    seen = weakref.ref(function)
    del function
    gc.collect()

    assert seen() is None


def test_a_graph_from_elsewhere_does_not_know_the_function():
    with tf.Graph().as_default() as graph:
        tf.py_func(np.sin, [1.0], tf.float32, name="sin")
    message = graph.as_graph_def()
    next(node for node in message.node if node.name == "sin").attr["token"].s = b"pyfunc_of_theirs"

    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(message, name="")
        with pytest.raises(
            errors.InvalidArgumentError, match="callback pyfunc_of_theirs is not fo"
        ):
            session.run("sin:0")


@pytest.mark.parametrize(
    ("function", "types", "phrase"),
    [
        (lambda: 2.0, tf.float32, "0-th value returned by pyfunc_.* is double, but expects float"),
        (lambda: (1, 2), tf.int64, "returns 2 values, but expects to see 1 values"),
        (lambda: None, tf.int64, "returns 0 values, but expects to see 1 values"),
    ],
)
def test_results_must_be_as_said(function, types, phrase):
    with pytest.raises(errors.InvalidArgumentError, match=phrase):
        py_func(function, [], types)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (ValueError("seven"), errors.InvalidArgumentError),
        (TypeError("seven"), errors.InvalidArgumentError),
        (StopIteration("seven"), errors.OutOfRangeError),
        (MemoryError("seven"), errors.ResourceExhaustedError),
        (NotImplementedError("seven"), errors.UnimplementedError),
        (ZeroDivisionError("seven"), errors.UnknownError),
    ],
)
def test_what_a_function_raises_is_told_with_its_line(raised, kind):
    def fail():
        raise raised

    with pytest.raises(kind, match=f"{type(raised).__name__}: seven(.|\\n)*in fail"):
        py_func(fail, [], tf.float32)


@pytest.mark.tensorflow
def test_the_nodes_are_tensorflows(tensorflow):
    def make(tf):
        x = fed(tf, np.float32([1, 2]))
        plain = tf.py_func(np.sin, [x], tf.float32, name="plain")
        several = tf.py_func(lambda x, n: (x + x, n), [x, 2], [tf.float32, tf.int32])
        pure = tf.py_func(np.cos, [x], [tf.float32], stateful=False)
        return [plain, *several, *pure, tf.numpy_function(np.exp, [x], tf.float32)]

    assert_same_graph(tensorflow, make)


def test_a_fact():
    assert run(tf.user_ops.my_fact) == b"0! == 1"


# --- libraries -----------------------------------------------------------------------------------

ZERO_OUT = '''
"""An op of a user."""

import numpy as np

from minitf.dtypes import types
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import int32


@op("ZeroOut{n}", outputs=("zeroed",))
def zero_out(to_zero: int32) -> int32:
    """Keep the first element, put zeros for the others."""
    zeroed = np.zeros_like(to_zero)
    zeroed.flat[:1] = to_zero.flat[:1]
    return zeroed


@zero_out.shape
def zero_out_shape(to_zero: Shape) -> Shape:
    return to_zero
'''


def library(folder, n, name="zero_out.py"):
    path = folder / name
    path.write_text(ZERO_OUT.replace("{n}", str(n)))
    return path


def test_a_library_of_python_ops_is_loaded_once(tmp_path):
    path = library(tmp_path, 1)
    module = tf.load_op_library(str(path))

    assert tf.load_op_library(path) is module
    assert run(lambda: module.zero_out([5, 4, 3], name="z")).tolist() == [5, 0, 0]


def test_a_folder_of_libraries_is_loaded(tmp_path):
    library(tmp_path, 2, "libtfkernel_a.py")
    library(tmp_path, 3, "libtfkernel_b.py")
    tf.load_library(tmp_path)

    assert ops.find_op("ZeroOut2").name == "ZeroOut2"
    assert ops.find_op("ZeroOut3").name == "ZeroOut3"


def test_an_op_of_a_name_that_exists_is_refused(tmp_path):
    known = tmp_path / "known.py"
    known.write_text(ZERO_OUT.replace("ZeroOut{n}", "Fact"))

    with pytest.raises((errors.AlreadyExistsError, ValueError), match=r"Fact.* registered already"):
        tf.load_op_library(known)


def test_what_is_no_python_file_is_refused_with_advice(tmp_path):
    path = tmp_path / "zero_out.so"
    with pytest.raises(errors.NotFoundError, match="cannot open shared object file"):
        tf.load_op_library(path)
    path.write_bytes(b"\x7fELF")
    with pytest.raises(
        errors.NotFoundError, match=r"(.|\n)*hint: MiniTF runs ops written in Python"
    ):
        tf.load_op_library(path)
    with pytest.raises(OSError, match="does not exist"):
        tf.load_library(tmp_path / "none")
