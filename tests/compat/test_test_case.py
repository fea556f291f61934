"""tf.test: test cases as programs write them; what passes and what fails."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import types
import unittest
from pathlib import Path

import numpy as np
import pytest

import minitf as tf


class Case(tf.test.TestCase):
    """A case of which each test calls what it likes."""

    __test__ = False

    def runTest(self):
        pass


@pytest.fixture
def case():
    made = Case()
    made.setUp()
    yield made
    made.tearDown()


PASSES = {
    "assertNear": (1.0, 1.05, 0.1),
    "assertArrayNear": ([1.0, 2.0], [1.05, 2.0], 0.1),
    "assertNDArrayNear": (np.array([1.0, 2.0]), np.array([1.05, 2.0]), 0.1),
    "assertAllClose": ({"a": [1.0, (2.0, [3.0, 4.0])]}, {"a": [1.0, (2.0, [3.0, 4.0 + 1e-7])]}),
    "assertAllCloseAccordingToType": (np.float16([1.0]), np.float32([1.0005])),
    "assertNotAllClose": ([1.0], [1.1]),
    "assertAllEqual": ([[1, 2]], np.array([[1, 2]])),
    "assertAllGreater": ([2, 3], 1),
    "assertAllLess": ([2, 3], 4),
    "assertAllGreaterEqual": ([2, 3], 2),
    "assertAllLessEqual": ([2, 3], 3),
    "assertAllInRange": ([2.0, 3.0], 2, 3),
    "assertAllInSet": ([2, 3, 2], [2, 3]),
    "assertDTypeEqual": (np.float32(1), tf.float32),
    "assertDeviceEqual": ("/job:w/device:CPU:0", "/job:w/cpu:0"),
    "assertProtoEquals": ("op: 'Add'", tf.NodeDef(op="Add") if hasattr(tf, "NodeDef") else None),
    "assertItemsEqual": ([1, 2, 2], [2, 1, 2]),
    "assertStartsWith": ("tensor", "ten"),
    "assertLen": ([1, 2], 2),
    "assertEmpty": ([],),
    "assertNotEmpty": ([1],),
}
FAILS = {
    "assertNear": (1.0, 1.2, 0.1),
    "assertArrayNear": ([1.0, 2.0], [1.2, 2.0], 0.1),
    "assertNDArrayNear": (np.array([1.0, 2.0]), np.array([1.2, 2.0]), 0.1),
    "assertAllClose": ([1.0, 2.0], [1.0, 2.1]),
    "assertAllCloseAccordingToType": (np.float16([1.0]), np.float32([1.1])),
    "assertNotAllClose": ([1.0], [1.0]),
    "assertAllEqual": ([1, 2], [1, 3]),
    "assertAllGreater": ([1, 3], 1),
    "assertAllLess": ([2, 4], 4),
    "assertAllGreaterEqual": ([1, 3], 2),
    "assertAllLessEqual": ([2, 4], 3),
    "assertAllInRange": ([2.0, 3.5], 2, 3),
    "assertAllInSet": ([2, 4], [2, 3]),
    "assertDTypeEqual": (np.float32(1), tf.float64),
    "assertDeviceEqual": ("/device:CPU:0", "/device:CPU:1"),
    "assertItemsEqual": ([1, 2, 2], [2, 1, 1]),
    "assertStartsWith": ("tensor", "sor"),
    "assertLen": ([1, 2], 3),
    "assertEmpty": ([1],),
    "assertNotEmpty": ([],),
}
PASSES = {name: args for name, args in PASSES.items() if args[-1] is not None}


@pytest.mark.parametrize("name", PASSES)
def test_what_holds_passes(case, name):
    getattr(case, name)(*PASSES[name])


@pytest.mark.parametrize("name", FAILS)
def test_what_does_not_hold_fails(case, name):
    with pytest.raises(AssertionError):
        getattr(case, name)(*FAILS[name])


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", FAILS)
def test_tensorflows_case_agrees(name, tensorflow):
    theirs = type("Case", (tensorflow.test.TestCase,), {"runTest": lambda self: None})()
    if not hasattr(theirs, name):
        pytest.skip("absl's, gone or renamed")
    passing = [a.name if isinstance(a, tf.DType) else a for a in PASSES[name]]
    failing = [a.name if isinstance(a, tf.DType) else a for a in FAILS[name]]

    getattr(theirs, name)(*passing)
    with pytest.raises(AssertionError):
        getattr(theirs, name)(*failing)


def test_a_failing_comparison_says_where(case):
    with pytest.raises(AssertionError, match=r"(?s)1 of 4 places : why.*at \[1, 0\]: .*3.*5"):
        case.assertAllEqual([[1, 2], [3, 4]], [[1, 2], [5, 4]], "why")


def test_tensors_are_run(case):
    case.assertAllClose(tf.constant([1.0, 2.0]) * 2, [2, 4])
    case.assertAllEqual({"a": 1}["a"], tf.constant(1))


def test_the_cached_session_lives_as_long_as_the_test(case):
    v = tf.get_variable("v", initializer=1.0)
    with case.test_session() as session:
        session.run(v.initializer)
    with case.cached_session() as again:
        assert again is session
        assert v.eval() == 1
    with case.session() as other, pytest.raises(tf.errors.FailedPreconditionError):
        other.run(v)


def test_a_session_of_another_graph_is_refused(case):
    with case.cached_session():
        pass
    with (
        pytest.raises(ValueError, match="graph used to get the cached session is different"),
        case.cached_session(graph=tf.Graph()),
    ):
        pass


def test_each_test_starts_with_the_same_seeds(case):
    found = []
    for _ in range(2):
        case.setUp()
        with case.cached_session() as session:
            found.append((session.run(tf.random_uniform([])), np.random.rand()))  # noqa: NPY002

    assert found[0] == found[1]


def test_errors_are_matched_by_message_and_operation(case):
    x = tf.placeholder(tf.float32, name="the_input")
    with case.cached_session() as session:
        with case.assertRaisesOpError("must feed a value"):
            session.run(x)
        with case.assertRaisesWithPredicateMatch(tf.errors.OpError, lambda e: "feed" in e.message):
            session.run(x)
        with (
            pytest.raises(AssertionError, match="does not fit"),
            case.assertRaisesOpError("no such words"),
        ):
            session.run(x)
    with pytest.raises(AssertionError, match="not raised"), case.assertRaisesOpError("any"):
        pass
    with pytest.raises(AssertionError, match="KeyError"), case.assertRaisesOpError("any"):
        raise KeyError("any")


def test_shapes_of_arrays_and_tensors_are_compared(case):
    case.assertShapeEqual(np.zeros((2, 3)), tf.zeros([2, 3]))
    with pytest.raises(AssertionError):
        case.assertShapeEqual(np.zeros((2, 3)), tf.zeros([3, 2]))
    with pytest.raises(TypeError, match="must be a Tensor"):
        case.assertShapeEqual(np.zeros(2), np.zeros(2))


def test_graphs_are_compared_with_texts_and_each_other(case):
    tf.constant(1.0, name="a")
    actual = tf.get_default_graph().as_graph_def()
    other = tf.GraphDef()
    other.CopyFrom(actual)

    tf.test.assert_equal_graph_def(actual, other)
    case.assertProtoEquals(actual, other)
    empty = tf.Graph().as_graph_def()
    case.assertProtoEqualsVersion("", empty)
    other.node[0].name = "b"
    with pytest.raises(AssertionError, match=r"a.*b"):
        tf.test.assert_equal_graph_def(actual, other)
    with pytest.raises(TypeError, match=r"Expected tf\.GraphDef"):
        tf.test.assert_equal_graph_def(actual, "text")


def test_a_test_has_a_folder_of_its_own(case):
    assert Path(case.get_temp_dir()).is_dir()
    assert case.get_temp_dir() == case.get_temp_dir() != Case().get_temp_dir()
    assert case.get_temp_dir().startswith(tf.test.get_temp_dir())


def test_gradients_are_checked_against_differences():
    x = tf.placeholder(tf.float32, [2])
    w = tf.placeholder(tf.float32, [2])
    y = tf.square(x) * w
    point = np.float32([1, 3])
    with tf.Session():
        exact, measured = tf.test.compute_gradient(
            x, [2], y, [2], x_init_value=point, extra_feed_dict={w: [1, 10]}
        )
        error = tf.test.compute_gradient_error(
            [x, w], [[2], [2]], y, [2], x_init_value=[point, point]
        )

    np.testing.assert_array_equal(exact, [[2, 0], [0, 60]])
    np.testing.assert_allclose(measured, exact, atol=0.05)
    assert error < 0.02


@pytest.mark.tensorflow
def test_the_two_jacobians_are_tensorflows(tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session():
            x = lib.placeholder(lib.complex64, [2])
            y = x * lib.conj(x) * lib.constant([1 + 2j, 3.0], lib.complex64)
            point = np.complex64([1 + 1j, 2 - 1j])
            found.append(lib.test.compute_gradient(x, [2], y, [2], x_init_value=point))

    np.testing.assert_allclose(found[0][0], found[1][0], atol=1e-5)
    np.testing.assert_allclose(found[0][1], found[1][1], atol=2e-2)


def test_gradient_checks_need_a_session():
    x = tf.placeholder(tf.float32, [2])
    with pytest.raises(tf.errors.InvalidArgumentError, match="default session"):
        tf.test.compute_gradient(x, [2], x, [2])


def test_stubs_are_put_back():
    module = types.SimpleNamespace(value=1)

    class Above:
        @staticmethod
        def name():
            return "above"

    class Below(Above):
        pass

    with tf.test.StubOutForTesting() as stubs:
        stubs.Set(module, "value", 2)
        stubs.SmartSet(Below(), "name", staticmethod(lambda: "stub"))
        assert (module.value, Below.name()) == (2, "stub")
    assert (module.value, Below.name()) == (1, "above")
    with pytest.raises(AttributeError):
        tf.test.StubOutForTesting().SmartSet(Below(), "missing", None)


def test_benchmarks_report_the_median_time(capsys):
    class Sum(tf.test.Benchmark):
        def benchmark_one(self):
            with tf.Session() as session:
                return self.run_op_benchmark(session, tf.constant(1) + 1, mbs=2)

    report = Sum().benchmark_one()

    assert report["iters"] == 10
    assert report["throughput"] == pytest.approx(2 / report["wall_time"])
    assert capsys.readouterr().out.startswith("Sum.benchmark_one: iters=10 wall_time=")
    assert tf.test.Benchmark.is_abstract()
    assert not Sum.is_abstract()


def test_the_machine_can_be_asked():
    assert tf.test.is_built_with_cuda() is False
    assert tf.test.is_gpu_available() == bool(tf.test.gpu_device_name())
    assert tf.test.mock is unittest.mock


def test_a_program_of_tests_runs_them_with_its_flags(tmp_path):
    program = tmp_path / "program_test.py"
    program.write_text(
        textwrap.dedent("""
            import minitf as tf
            tf.flags.DEFINE_integer("count", 1, "How many.")

            class Test(tf.test.TestCase):
                def test_count(self):
                    with self.test_session():
                        self.assertEqual(tf.constant(tf.flags.FLAGS.count).eval(), 3)
                        print(tf.resource_loader.get_data_files_path())

            if __name__ == "__main__":
                tf.test.main()
        """)
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program), "--count=3"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert str(tmp_path.resolve()) in done.stdout
    assert "Ran 2 tests" in done.stderr  # test_session, which skips itself, is one of them
    assert "skipped=1" in done.stderr


def test_data_files_lie_beside_the_caller():
    here = Path(__file__).resolve().parent

    assert tf.resource_loader.get_path_to_datafile("x.txt") == str(here / "x.txt")
    assert b"data files lie beside" in tf.resource_loader.load_resource("test_test_case.py")
    assert tf.resource_loader.readahead_file_path("some/file") == "some/file"
    assert tf.test.test_src_dir_path("x").endswith("x")


def test_versions_are_those_of_the_api():
    assert tf.VERSION == tf.__version__ == tf.version.VERSION
    assert tf.__git_version__ == tf.GIT_VERSION == f"minitf-{tf.release}"
    assert tf.__compiler_version__ == tf.COMPILER_VERSION
    assert (tf.__cxx11_abi_flag__, tf.__monolithic_build__) == (0, 0)


def test_values_that_differ_anywhere_are_not_all_equal(case):
    case.assertNotAllEqual([1, 2], [1, 3])
    with pytest.raises(AssertionError, match="equal at all elements"):
        case.assertNotAllEqual([1, 2], [1, 2])
