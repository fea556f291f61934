"""What all tests share: Hypothesis profiles, a fresh graph, the TensorFlow oracle, slices."""

from __future__ import annotations

import os
import signal
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent

DEV_EXAMPLES = 15  # a person at the keyboard; `make check`
CI_EXAMPLES = 16  # `make test`: the same examples every time
SLICE_EXAMPLES = 100  # the slice of the long tier that CI runs: the same examples every time
NIGHTLY_EXAMPLES = 200  # `make test-long`: other examples every time

CATALOGUE = "tests/conformance/"

# Rooms of many small tests, of one op or function each: left out of `make check`.
THOROUGH_ROOMS = frozenset(
    {
        "api",
        "conformance",
        "contrib",
        "data_pipelines",
        "debug",
        "distributed",
        "distributions",
        "estimator",
        "examples",
        "feature_column",
        "keras",
        "kernels_cpu",
        "layers",
        "linear_operators",
        "lookup",
        "metrics",
        "object_checkpoint",
        "ops",
        "ragged",
        "rnn",
        "saved_model",
        "summary",
        "testing",
        "train",
        "v2",
    }
)

# TensorFlow reads this when it is first imported, by whomever: see minitf.testing.oracle.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# No deadline: the first call of a kernel compiles it, and timing is measured in benchmarks/.
for profile, options in {
    "dev": {"max_examples": DEV_EXAMPLES},
    "ci": {"max_examples": CI_EXAMPLES, "derandomize": True, "print_blob": True},
    "slice": {"max_examples": SLICE_EXAMPLES, "derandomize": True, "print_blob": True},
    "nightly": {"max_examples": NIGHTLY_EXAMPLES, "print_blob": True},
}.items():
    settings.register_profile(
        profile, deadline=None, suppress_health_check=[HealthCheck.too_slow], **options
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(autouse=True)
def _fresh_default_graph() -> None:
    """Give each test an empty default graph; tests that never load the graph stay free of it."""
    if "minitf.graph" in sys.modules:
        import minitf as tf

        tf.reset_default_graph()


@pytest.fixture(scope="session")
def tensorflow() -> ModuleType:
    """Return TensorFlow's 1.x API, the second oracle; skip the test where it is not installed.

    Session-scoped, as importing takes seconds and Hypothesis refuses narrower fixtures: a test
    opens a Graph of its own for each example.
    """
    from minitf.errors import NotFoundError
    from minitf.testing import oracle

    try:
        return oracle.tensorflow()
    except NotFoundError:
        pytest.skip("TensorFlow is not installed")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let an interrupt be an exception in workers of a test run too, which ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sessions warn of steps that have waited for a hundredth of a second."""
    from minitf.executor.step_options import StepOptions

    *others, _ = StepOptions.__init__.__defaults__
    monkeypatch.setattr(StepOptions.__init__, "__defaults__", (*others, 0.01))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slice",
        metavar="N/M",
        default="1/1",
        help="run the Nth of M slices of the selected tests; a test's slice depends on its name",
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the traces of the golden scripts anew; a person reviews the diff",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read the thorough rooms for a run that leaves them out: their lists take seconds."""
    leaves_out = "not thorough" in config.getoption("markexpr")
    return True if leaves_out and _is_thorough(collection_path) else None


def _is_thorough(path: Path) -> bool:
    return path.is_relative_to(TESTS) and not THOROUGH_ROOMS.isdisjoint(
        path.relative_to(TESTS).parts[:1]
    )


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _is_thorough(item.path):
            item.add_marker("thorough")
        if "tensorflow" in getattr(item, "fixturenames", ()):
            item.add_marker("tensorflow")
    number, count = (int(part) for part in config.getoption("--slice").split("/"))
    if not 1 <= number <= count:
        raise pytest.UsageError(f"--slice: 1 <= N <= M does not hold for {number}/{count}")
    slices = [zlib.crc32(item.nodeid.encode()) % count + 1 for item in items]
    dropped = [item for item, of in zip(items, slices, strict=True) if of != number]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item, of in zip(items, slices, strict=True) if of == number]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what the conformance suite took, and why comparisons with TensorFlow were skipped."""
    reports = [each for outcome in terminalreporter.stats.values() for each in outcome]
    calls = [each for each in reports if getattr(each, "when", "") == "call"]
    laws = [each for each in calls if each.nodeid.startswith(CATALOGUE)]
    if laws:
        seconds = sum(each.duration for each in laws)
        terminalreporter.section("conformance of the catalogue")
        terminalreporter.line(f"{len(laws)} tests took {seconds:.0f} s of one core")
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if "tensorflow" in report.keywords and isinstance(report.longrepr, tuple)
    )
    if reasons:
        terminalreporter.section("skipped comparisons with TensorFlow")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count:5d}  {reason}")
