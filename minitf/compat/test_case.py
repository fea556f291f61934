"""`tf.test.TestCase`: sessions for tests, and comparisons of arrays, messages and errors.

**State** of a test: its cached session, made when it is first asked for, and a folder of its own.
Each test starts with an empty default graph, seeds that are always the same, and no session.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import contextlib
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import dtypes, errors, protos
from minitf.api.framework import get_default_graph, reset_default_graph
from minitf.api.random import DEFAULT_GRAPH_SEED
from minitf.compat.array_assertions import ArrayAssertions
from minitf.compat.checked_thread import CheckedThread
from minitf.compat.plain_assertions import because
from minitf.compat.test_support import get_temp_dir
from minitf.default_graph import default_graphs
from minitf.devices import DeviceSpec
from minitf.graph_def import GRAPH_DEF_VERSION, GRAPH_DEF_VERSION_MIN_CONSUMER
from minitf.session.session import Session, get_default_session
from minitf.tensor import Tensor

Predicate = str | Callable[[Exception], bool]


class TestCase(ArrayAssertions):
    """A test case with sessions and comparisons of arrays."""

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._cached_session: Session | None = None
        self._folder: str | None = None
        self._threads: list[CheckedThread] = []

    def setUp(self) -> None:
        """Start with an empty graph and the same seeds."""
        self._close_cached_session()
        random.seed(DEFAULT_GRAPH_SEED)
        np.random.seed(DEFAULT_GRAPH_SEED)  # noqa: NPY002 tests draw from this generator
        default_graphs().clear()  # a test that failed may have left graphs there
        reset_default_graph()
        get_default_graph().seed = DEFAULT_GRAPH_SEED

    def tearDown(self) -> None:
        """Check that the threads have ended, and close the cached session."""
        for thread in self._threads:
            thread.check_termination()
        self._close_cached_session()

    def checkedThread(
        self, target: Callable[..., Any], args: Any = None, kwargs: Any = None
    ) -> CheckedThread:
        """Return a thread whose errors are errors of this test; the test must join it.

        Args:
            target: what it does.
            args: its arguments.
            kwargs: its arguments by name.
        """
        self._threads.append(CheckedThread(self, target, args or (), kwargs))
        return self._threads[-1]

    def _close_cached_session(self) -> None:
        if self._cached_session is not None:
            self._cached_session.close()
            self._cached_session = None

    def get_temp_dir(self) -> str:
        """Return a folder for the files of this test."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(dir=get_temp_dir())
        return self._folder

    # --- sessions --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def session(
        self, graph: Any = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """Open a session of this test alone, as the default one.

        Args:
            graph: the default graph if None.
            config: a ConfigProto.
            use_gpu: whether operations may be placed elsewhere than on the CPU.
            force_gpu: whether they must be placed on the GPU.
        """
        config = _test_config(config, force_gpu)
        with Session(graph=graph, config=config) as session, _placed(session, use_gpu, force_gpu):
            yield session

    @contextlib.contextmanager
    def cached_session(
        self, graph: Any = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """Open the session that all parts of this test share, as the default one.

        Args:
            graph: as `session`'s, and so are the others.

        Raises:
            ValueError: if it was opened for another graph.
        """
        if self._cached_session is None:
            self._cached_session = Session(graph=graph, config=_test_config(config, force_gpu))
        elif graph is not None and graph is not self._cached_session.graph:
            raise ValueError(
                "The graph used to get the cached session is different than the one that was used "
                "to create the session. Maybe create a new session with self.session()"
            )
        session = self._cached_session
        with (
            session.graph.as_default(),
            session.as_default(),
            _placed(session, use_gpu, force_gpu),
        ):
            yield session

    def test_session(
        self, graph: Any = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> contextlib.AbstractContextManager[Session]:
        """Open the cached session, or one of its own for another graph.

        Args:
            graph: as `session`'s, and so are the others.
        """
        if self._testMethodName == "test_session":  # its name begins as those of tests do
            self.skipTest("Not a test.")
        own = self.cached_session if graph is None else self.session
        return own(graph, config, use_gpu, force_gpu)

    test_session.__test__ = False  # type: ignore[attr-defined]

    def evaluate(self, tensors: Any) -> Any:
        """Run tensors, or a structure of them, in the default session or the cached one."""
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.test_session() as session:
            return session.run(tensors)

    # --- types, shapes, devices ------------------------------------------------------------------

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """Check the element type of a Tensor or array."""
        found = target.dtype if hasattr(target, "dtype") else np.asarray(target).dtype
        self.assertEqual(dtypes.as_dtype(found).base_dtype, dtypes.as_dtype(expected_dtype))

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: str | None = None) -> None:
        """Check that an array and a Tensor have one shape, as far as it is known.

        Raises:
            TypeError: if they are not an array and a Tensor.
        """
        if not isinstance(np_array, (np.ndarray, np.generic)):
            raise TypeError("np_array must be a Numpy ndarray or Numpy scalar")
        if not isinstance(tf_tensor, Tensor):
            raise TypeError("tf_tensor must be a Tensor")
        self.assertEqual(list(np_array.shape), tf_tensor.shape.as_list(), msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: str | None = None) -> None:
        """Check that two names mean the same device."""
        one, other = (
            DeviceSpec.from_string(str(each or "")).to_string() for each in (device1, device2)
        )
        self.assertEqual(one, other, f"Devices {device1} and {device2} are not equal{because(msg)}")

    # --- messages --------------------------------------------------------------------------------

    def assertProtoEquals(
        self, expected_message_maybe_ascii: Any, message: Any, msg: str | None = None
    ) -> None:
        """Check that a message equals another one, or what a text says.

        Args:
            expected_message_maybe_ascii: a message of the same class, or its text.
            message: what is checked.
            msg: what an error begins with.
        """
        from google.protobuf import text_format

        expected = expected_message_maybe_ascii
        if isinstance(expected, (str, bytes)):
            text = expected if isinstance(expected, str) else expected.decode()
            expected = text_format.Parse(text, type(message)())
        if type(expected) is not type(message):
            self.fail(f"Can't compare protos of type {type(expected)} and {type(message)}")
        self.assertMultiLineEqual(str(expected), str(message), msg)

    def assertProtoEqualsVersion(
        self,
        expected: str,
        actual: Any,
        producer: int = GRAPH_DEF_VERSION,
        min_consumer: int = GRAPH_DEF_VERSION_MIN_CONSUMER,
        msg: str | None = None,
    ) -> None:
        """Check a GraphDef against the text of one without `versions`.

        Args:
            expected: the text.
            actual: the GraphDef.
            producer: its version.
            min_consumer: the least version that reads it.
            msg: what an error begins with.
        """
        least = f" min_consumer: {min_consumer}" if min_consumer else ""
        self.assertProtoEquals(
            f"versions {{ producer: {producer}{least} }}\n{expected}", actual, msg
        )

    # --- errors ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(
        self, exception_type: Any, expected_err_re_or_predicate: Predicate
    ) -> Iterator[None]:
        """Check that a block raises an error that fits.

        Args:
            exception_type: its class.
            expected_err_re_or_predicate: a pattern to find in its message and the names of the
                operations it comes from, or a function that tells whether an error fits.

        Raises:
            AssertionError: if it raises none, one of another class or one that does not fit.
        """
        wanted = expected_err_re_or_predicate
        try:
            yield
        except Exception as error:
            fits = isinstance(error, exception_type) and (
                wanted(error) if callable(wanted) else re.search(wanted, _described(error))
            )
            if not fits:
                raise AssertionError(
                    f"Exception of type {type(error)}: {error}\ndoes not fit {wanted!r}"
                ) from error
            return
        name = getattr(exception_type, "__name__", exception_type)
        self.fail(f"{name} not raised")

    def assertRaisesOpError(
        self, expected_err_re_or_predicate: Predicate
    ) -> contextlib.AbstractContextManager[None]:
        """Check that a block raises an OpError that fits, see `assertRaisesWithPredicateMatch`."""
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)


def _described(error: Exception) -> str:
    """Return an error's message with the names of the operation that failed."""
    if not isinstance(error, errors.OpError):
        return str(error)
    name = "" if error.op is None else f"\nCaused by: {error.op.name}"
    return f"{error.message}{name}"


def _test_config(config: Any, force_gpu: bool) -> Any:
    """Return the ConfigProto of a test's session: it computes what the test wrote, as it is."""
    chosen = protos.ConfigProto()
    if config is None:
        chosen.allow_soft_placement = not force_gpu
    else:
        chosen.CopyFrom(config)
        chosen.allow_soft_placement = config.allow_soft_placement and not force_gpu
    chosen.graph_options.optimizer_options.opt_level = protos.OptimizerOptions.L0
    return chosen


def _placed(
    session: Session, use_gpu: bool, force_gpu: bool
) -> contextlib.AbstractContextManager[None]:
    """Request the device that a test's operations are for."""
    if force_gpu:
        return session.graph.device("/device:GPU:0")
    return contextlib.nullcontext() if use_gpu else session.graph.device("/device:CPU:0")
