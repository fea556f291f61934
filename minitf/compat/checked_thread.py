"""Threads of a test whose errors are errors of the test.

Source: TensorFlow 1.15's tf.test.TestCase.checkedThread.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class CheckedThread:
    """A thread that hands its error to the one that joins it.

    Args:
        test: the test case, whose failure an error is.
        target: what the thread does.
        args: its arguments.
        kwargs: its arguments by name.
    """

    def __init__(
        self,
        test: Any,
        target: Callable[..., Any],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        self._test = test
        self._do: Callable[[], Any] = functools.partial(target, *args, **(kwargs or {}))
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._is_joined = False

    def _run(self) -> None:
        try:
            self._do()
        except BaseException as error:  # noqa: BLE001 whatever it is, the test must learn of it
            self._error = error

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end; fail if there was an error."""
        self._is_joined = True
        self._thread.join()
        if self._error is not None:
            self._test.fail(f"Error in checkedThread: {self._error}")

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._thread.is_alive()

    def check_termination(self) -> None:
        """Check, when the test ends, that it was joined or has ended.

        Raises:
            RuntimeError: if it was not.
        """
        if self._is_joined:
            return
        if self.is_alive():
            raise RuntimeError(
                "Thread was not joined with main thread, and is still running when the test "
                "finished."
            )
        self._test.fail("A checked thread was not joined.")
