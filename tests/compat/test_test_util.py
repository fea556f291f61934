"""What unit tests of TensorFlow 1.x find in `test_util`: decorators, devices, layouts, checks."""

from __future__ import annotations

import threading
import unittest

import pytest

import minitf as tf
from minitf.compat import test_decorators as decorators
from minitf.compat import test_placement as placement
from minitf.compat.internal import context, stacks, test_util


def outcome(case, name="test_it"):
    """Run one test of a case and return its result."""
    result = unittest.TestResult()
    case(name).run(result)
    return result


def first_failure(result):
    return (result.failures + result.errors)[0][1]


def test_a_test_for_both_modes_runs_in_its_session():
    class Case(tf.test.TestCase):
        @test_util.run_in_graph_and_eager_modes
        def test_it(self):
            assert tf.constant(3).eval() == 3

    assert outcome(Case).wasSuccessful()
    with pytest.raises(ValueError, match="only supports test methods"):
        test_util.run_in_graph_and_eager_modes(Case)


def test_all_tests_of_a_class_are_decorated_and_nothing_else():
    seen = []

    def noted(test):
        seen.append(test.__name__)
        return test

    @test_util.for_all_test_methods(noted)
    class Case(tf.test.TestCase):
        def test_it(self):
            pass

        def help_it(self):
            pass

    assert seen == ["test_it"]
    assert test_util.run_all_in_graph_and_eager_modes(Case) is Case
    assert outcome(Case).wasSuccessful()


def test_a_test_of_eager_execution_is_skipped():
    class Case(tf.test.TestCase):
        def test_it(self):
            with context.eager_mode():
                raise AssertionError("not reached")

        @test_util.run_v2_only
        def test_new(self):
            raise AssertionError("not reached")

        @test_util.assert_no_garbage_created
        def test_garbage(self):
            raise AssertionError("not reached")

        @test_util.run_gpu_only
        def test_gpu(self):
            raise AssertionError("not reached")

    for name in ("test_it", "test_new", "test_garbage", "test_gpu"):
        assert len(outcome(Case, name).skipped) == 1
    assert issubclass(context.NoEagerModeError, RuntimeError)


@pytest.mark.parametrize("condition", [True, lambda: True])
def test_a_condition_skips_a_test_when_it_is_to_run(condition):
    class Case(tf.test.TestCase):
        @test_util.skip_if(condition)
        def test_it(self):
            raise AssertionError("not reached")

        @test_util.skip_if(False)
        def test_other(self):
            pass

    assert len(outcome(Case).skipped) == 1
    assert not outcome(Case, "test_other").skipped


@pytest.mark.parametrize(
    "decorator",
    [
        test_util.run_deprecated_v1,
        test_util.run_deprecated_v1(),
        test_util.run_v1_only("a reason"),
        test_util.disable_xla("a reason"),
        test_util.build_as_function_and_v1_graph,
        test_util.disable_control_flow_v2("a reason"),
    ],
)
def test_decorators_of_other_modes_leave_a_test_as_it_is(decorator):
    def test(self):
        return self

    assert decorator(test) is test


@pytest.mark.thorough
def test_tensors_that_outlive_their_test_are_told():
    kept = []

    class Case(tf.test.TestCase):
        @test_util.assert_no_new_tensors
        def test_it(self):
            kept.append(tf.constant(1))

        @test_util.assert_no_new_tensors
        def test_clean(self):
            with tf.Graph().as_default():
                tf.constant(1)

    assert "not deallocated" in first_failure(outcome(Case))
    assert outcome(Case, "test_clean").wasSuccessful()


def test_combinations_are_all_and_named():
    made = decorators.generate_combinations_with_testcase_name(b=[1, 2], a=["x"])

    assert [dict(each) for each in made] == [
        {"a": "x", "b": 1, "testcase_name": "_ax_b1"},
        {"a": "x", "b": 2, "testcase_name": "_ax_b2"},
    ]


def test_an_error_in_a_checked_thread_fails_the_test():
    class Case(tf.test.TestCase):
        def test_it(self):
            thread = self.checkedThread(lambda: 1 // 0)
            thread.start()
            thread.join()

        def test_fine(self):
            thread = self.checkedThread(max, args=(1, 2))
            thread.start()
            thread.join()

        def test_left(self):
            thread = self.checkedThread(threading.Event().wait)
            thread.start()

    assert "ZeroDivisionError" not in first_failure(outcome(Case))
    assert "division" in first_failure(outcome(Case))
    assert outcome(Case, "test_fine").wasSuccessful()
    assert "not joined" in first_failure(outcome(Case, "test_left"))


def test_a_test_starts_without_graphs_that_a_failed_one_has_left():
    class Case(tf.test.TestCase):
        def test_it(self):
            assert not stacks._default_graph_stack.stack

    stacks._default_graph_stack.stack.append(tf.Graph())
    assert outcome(Case).wasSuccessful()


def test_a_session_of_a_test_places_softly_unless_the_gpu_is_forced():
    class Case(tf.test.TestCase):
        def test_it(self):
            with self.session(use_gpu=True), tf.device("/device:GPU:0"):
                assert tf.constant(1).eval() == 1

        def test_forced(self):
            with (
                self.session(force_gpu=True),
                pytest.raises(tf.errors.InvalidArgumentError, match="GPU"),
            ):
                tf.constant(1).eval()

    assert outcome(Case).wasSuccessful()
    assert outcome(Case, "test_forced").wasSuccessful()


def test_layouts_change_shapes_and_tensors_there_and_back():
    assert placement.NHWCToNCHW([1, 2, 3, 4]) == [1, 4, 2, 3]
    assert placement.NCHWToNHWC(placement.NHWCToNCHW([1, 2, 3, 4, 5])) == [1, 2, 3, 4, 5]
    with tf.Graph().as_default():
        assert placement.NHWCToNCHW(tf.zeros([1, 2, 3, 4])).shape.as_list() == [1, 4, 2, 3]


def test_graphs_are_looked_at_by_names_and_types():
    with tf.Graph().as_default() as graph:
        tf.constant(1, name="one")

    assert placement.assert_ops_in_graph({"one": "Const"}, graph)["one"].op == "Const"
    with pytest.raises(ValueError, match="is different"):
        placement.assert_ops_in_graph({"one": "Add"}, graph)
    with pytest.raises(ValueError, match="Not all expected ops"):
        placement.assert_ops_in_graph({"two": "Const"}, graph)
    definition = graph.as_graph_def()
    assert placement.get_node_def_from_graph("one", definition).name == "one"
    assert placement.get_node_def_from_graph("two", definition) is None


def test_meta_graphs_are_equal_whatever_the_order_of_their_nodes():
    def meta_graph(first, second):
        with tf.Graph().as_default():
            for name in (first, second):
                tf.Variable(1.0, name=name)
            return tf.train.export_meta_graph()

    class Case(tf.test.TestCase):
        def test_it(self):
            one = meta_graph("a", "b")
            test_util.assert_meta_graph_protos_equal(
                self, one, type(one).FromString(one.SerializeToString())
            )

        def test_other(self):
            test_util.assert_meta_graph_protos_equal(
                self, meta_graph("a", "b"), meta_graph("a", "c")
            )

    assert outcome(Case).wasSuccessful()
    assert not outcome(Case, "test_other").wasSuccessful()


PASSES = {
    "assertEquals": (1, 1),
    "assertNotEquals": (1, 2),
    "assertAlmostEquals": (1.0, 1.0 + 1e-9),
    "assert_": (True,),
    "assertRegexpMatches": ("tensor", "ten"),
    "assertNotRegexpMatches": ("tensor", "flow"),
    "assertSameElements": ([1, 2, 2], [2, 1]),
    "assertContainsSubset": ([1], [1, 2]),
    "assertNoCommonElements": ([1], [2]),
    "assertSequenceAlmostEqual": ([1.0, 2.0], [1.0, 2.0 + 1e-9]),
    "assertBetween": (1, 0, 2),
    "assertEndsWith": ("tensor", "sor"),
}
FAILS = {
    "assertEquals": (1, 2),
    "assertNotEquals": (1, 1),
    "assertAlmostEquals": (1.0, 1.1),
    "assert_": (False,),
    "assertRegexpMatches": ("tensor", "flow"),
    "assertNotRegexpMatches": ("tensor", "ten"),
    "assertSameElements": ([1, 2], [1]),
    "assertContainsSubset": ([3], [1, 2]),
    "assertNoCommonElements": ([1], [1]),
    "assertSequenceAlmostEqual": ([1.0], [1.1]),
    "assertBetween": (3, 0, 2),
    "assertEndsWith": ("tensor", "ten"),
}


@pytest.mark.parametrize("name", sorted(PASSES))
def test_an_assertion_tells_right_from_wrong(name):
    case = tf.test.TestCase()
    getattr(case, name)(*PASSES[name])
    with pytest.raises(AssertionError):
        getattr(case, name)(*FAILS[name])


def test_errors_are_compared_whole_or_by_patterns():
    case = tf.test.TestCase()
    with case.assertRaisesWithLiteralMatch(ValueError, "bad (1)"):
        raise ValueError("bad (1)")
    regexp = case.assertRaisesRegexp
    with regexp(ValueError, "bad"):
        raise ValueError("bad (1)")
    with (
        pytest.raises(AssertionError),
        case.assertRaisesWithLiteralMatch(ValueError, "bad"),
    ):
        raise ValueError("bad (1)")
