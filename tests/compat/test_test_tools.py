"""Tools of tests: combinations of arguments, checks of samples."""

import math
import unittest

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import random_test_util
from minitf.compat.internal import test_combinations as combinations


def test_combinations_are_products_sorted_by_name():
    made = combinations.combine(b=[1, 2], a="x")
    assert [dict(each) for each in made] == [{"a": "x", "b": 1}, {"a": "x", "b": 2}]
    assert [list(each) for each in made] == [["a", "b"]] * 2
    both = combinations.times(made, combinations.combine(c=[3, 4]))
    assert [each["c"] for each in both] == [3, 4, 3, 4]
    assert combinations.combine() == [{}]
    assert combinations.times() == []
    with pytest.raises(ValueError, match="Keys need to not overlap"):
        combinations.times(made, combinations.combine(a=1))


def test_a_test_runs_once_for_each_combination():
    parameterized = pytest.importorskip("absl.testing.parameterized", reason="needs absl-py")
    seen = []

    class Case(tf.test.TestCase, parameterized.TestCase):
        @combinations.generate(
            combinations.combine(
                mode=["graph", "eager"],
                tf_api_version=[1, 2],
                size=[1.5, combinations.NamedObject("many", [7, 8])],
            )
        )
        def testSize(self, size):
            assert not tf.get_default_graph().get_operations()
            seen.append(list(size) if hasattr(size, "__iter__") else size)
            tf.constant(1)

    names = unittest.defaultTestLoader.getTestCaseNames(Case)
    assert len(names) == 8 + names.count("test_session")
    assert "testSize_test_mode_graph_size_many_tfapiversion_1" in names
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert not result.errors
    assert not result.failures
    assert sorted(seen, key=str) == [1.5, [7, 8]]
    assert len(result.skipped) == 6 + names.count("test_session")


def test_an_argument_that_a_test_does_not_ask_for_is_not_passed():
    modifier = combinations.OptionalParameter("mode")
    assert modifier.modified_arguments({"mode": "graph"}, ["mode"]) == {}
    assert modifier.modified_arguments({"mode": "graph"}, ["size"]) == {
        "mode": combinations.ParameterModifier.DO_NOT_PASS_TO_THE_TEST
    }
    assert modifier == combinations.OptionalParameter("mode")


def test_statistics_tell_uniform_samples_from_others():
    uniform = (np.arange(1000) + 0.5) / 1000
    assert random_test_util.chi_squared(uniform, 10) == 0
    assert random_test_util.chi_squared(uniform**2, 10) > 100
    np.testing.assert_allclose(random_test_util.normal_cdf([0.0, 1.96]), [0.5, 0.975], atol=1e-4)


def test_a_statistic_tells_normal_samples_from_others():
    grid = np.linspace(-5, 5, 2001)
    levels = (np.arange(1000) + 0.5) / 1000
    normal = np.interp(levels, random_test_util.normal_cdf(grid), grid)
    assert random_test_util.anderson_darling(normal) < 0.5
    assert random_test_util.anderson_darling(levels) > 10


class _Uniform:
    def moment(self, order):
        return 1 / (order + 1)


def test_moments_of_samples_are_compared_in_standard_errors():
    uniform = (np.arange(1000) + 0.5) / 1000
    assert max(random_test_util.moment_matching(uniform, 3, _Uniform())) < 0.01
    scores = random_test_util.moment_matching(uniform + 0.1, 1, _Uniform())
    every_third = random_test_util.moment_matching(uniform, 2, _Uniform(), stride=2)
    expected = abs(np.mean(uniform[::3] ** 2) - 1 / 3) / math.sqrt((1 / 5 - 1 / 9) / 334)
    assert every_third[1] == pytest.approx(expected)
    assert scores[0] == pytest.approx(0.1 / math.sqrt((1 / 3 - 1 / 4) / 1000), rel=1e-3)


def test_samples_of_the_truncated_law_pass_and_others_do_not():
    case = tf.test.TestCase()
    grid = np.linspace(-2, 2, 40001)[:-1] + 5e-5
    weights = np.exp(-(grid**2) / 2)
    drawn = np.interp((np.arange(10000) + 0.5) / 10000, np.cumsum(weights) / weights.sum(), grid)
    random_test_util.check_truncated_normal(case.assertEqual, case.assertAllClose, 10000, drawn)
    with pytest.raises(AssertionError):
        random_test_util.check_truncated_normal(
            case.assertEqual, case.assertAllClose, 10000, drawn * 0.9
        )
