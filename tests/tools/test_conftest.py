"""The options that tests/conftest.py adds."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough  # each test starts pytest anew

CONFTEST = Path(__file__).parent.parent / "conftest.py"

TESTS = """
import pytest

@pytest.mark.parametrize("n", range(40))
def test_number(n): ...
"""

ORACLE = """
import pytest

@pytest.mark.tensorflow
@pytest.mark.parametrize("n", range(3))
def test_equal(n):
    pytest.skip("2.21 allows more types")

def test_alone():
    pytest.skip("no network")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\nmarkers = tensorflow: compares with TensorFlow\n")
    return pytester


def test_slices_share_out_every_test_once(project):
    project.makepyfile(TESTS)

    passed = [
        project.runpytest_subprocess("--slice", f"{n}/3").parseoutcomes()["passed"]
        for n in (1, 2, 3)
    ]

    assert sum(passed) == 40
    assert min(passed) > 5


@pytest.mark.parametrize("of", ["0/3", "4/3"])
def test_a_slice_that_does_not_exist_is_refused(project, of):
    project.makepyfile(TESTS)

    run = project.runpytest_subprocess("--slice", of)

    assert run.ret == pytest.ExitCode.USAGE_ERROR


def test_skipped_comparisons_are_listed_by_reason(project):
    project.makepyfile(ORACLE)

    lines = project.runpytest_subprocess().stdout

    lines.fnmatch_lines(["*skipped comparisons with TensorFlow*", "    3  2.21 allows more types"])
    lines.no_fnmatch_line("    1  no network")
