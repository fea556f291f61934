"""Coordinator: threads that stop together, and whose first error is raised where they are joined.

    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coord)
    with coord.stop_on_exception():
        while not coord.should_stop():
            sess.run(train_op)
    coord.request_stop()
    coord.join(threads)          # raises what a thread has failed with

**State**: whether they are to stop; the first error reported; the threads that registered; whether
they have been joined.

**Invariants**
1. The first error reported is the one that is raised; those after a request to stop are dropped.
2. The end of input (OutOfRangeError) is no error: it only makes all stop.

Source: TensorFlow 1.15's class of the same name; 2015 §4.6 (queues are filled by threads).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from minitf.errors import OutOfRangeError

_LOOK_S = 0.2  # how often a join looks whether somebody has asked to stop


class Coordinator:
    """Makes several threads stop together.

    Args:
        clean_stop_exception_types: kinds of exception that are no errors but the end of the work;
            by default OutOfRangeError, with which queues say that their input has ended.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, clean_stop_exception_types: Iterable[type[BaseException]] | None = None
    ) -> None:
        self._clean = (OutOfRangeError,)
        if clean_stop_exception_types is not None:
            self._clean = tuple(clean_stop_exception_types)  # type: ignore[assignment]
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._threads: set[threading.Thread] = set()

    # --- stopping ---------------------------------------------------------------------------------

    def request_stop(self, ex: Any = None) -> None:
        """Ask all threads to stop.

        Args:
            ex: an exception to raise from `join`, or what `sys.exc_info()` gives.

        Raises:
            BaseException: `ex` itself, if the threads have been joined already.
        """
        error = ex[1] if isinstance(ex, tuple) else ex
        if isinstance(error, self._clean):
            error = None
        with self._lock:
            if self._joined and error is not None:
                raise error
            if not self._stop.is_set() and error is not None:
                kind = type(error).__name__
                logging.getLogger("tensorflow").info(
                    "Error reported to Coordinator: %s, %s", kind, error
                )
                self._error = error
            self._stop.set()

    def clear_stop(self) -> None:
        """Take the request to stop back, and forget the error."""
        with self._lock:
            self._joined = False
            self._error = None
            self._stop.clear()

    def should_stop(self) -> bool:
        """Tell whether somebody has asked to stop."""
        return self._stop.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """Ask to stop if the block raises; the exception goes to whoever joins."""
        try:
            yield
        except BaseException as error:  # noqa: BLE001 whatever it is, `join` raises it
            self.request_stop(error)

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Wait until somebody asks to stop; tell whether somebody did.

        Args:
            timeout: how many seconds at most.
        """
        return self._stop.wait(timeout)

    # --- joining ----------------------------------------------------------------------------------

    def register_thread(self, thread: threading.Thread) -> None:
        """Add a thread to those that are joined."""
        with self._lock:
            self._threads.add(thread)

    def join(
        self,
        threads: Iterable[threading.Thread] | None = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Wait until the threads have ended, then raise the error that was reported, if any.

        Args:
            threads: threads to wait for, beside those that registered.
            stop_grace_period_secs: how long they may take to end after the request to stop.
            ignore_live_threads: whether threads that go on after that are no error.

        Raises:
            BaseException: what was passed to `request_stop`.
            RuntimeError: if threads go on after the time.
        """
        with self._lock:
            waited_for = list(self._threads | set(threads or ()))
        for thread in waited_for:
            while thread.is_alive() and not self._stop.is_set():
                thread.join(_LOOK_S)
        end_s = time.monotonic() + stop_grace_period_secs
        for thread in waited_for:
            if thread.is_alive():
                thread.join(max(0.0, end_s - time.monotonic()))
        late = [thread.name for thread in waited_for if thread.is_alive()]
        with self._lock:
            self._joined = True
            self._threads = set()
            if self._error is not None:
                raise self._error
        if not late:
            return
        message = f"Coordinator stopped with threads still running: {' '.join(late)}"
        if not ignore_live_threads:
            raise RuntimeError(message)
        logging.getLogger("tensorflow").info(message)

    @property
    def joined(self) -> bool:
        """Whether the threads have been joined."""
        return self._joined

    def raise_requested_exception(self) -> None:
        """Raise the error that was passed to `request_stop`, if any."""
        with self._lock:
            if self._error is not None:
                raise self._error


class LooperThread(threading.Thread):
    """A thread that calls a function again and again until its Coordinator stops.

    Args:
        coord: the Coordinator, which gets what the function raises.
        timer_interval_secs: seconds from one call to the next; None for one right after the other.
        target: the function; without one a subclass defines `run_loop`.
        args: its arguments.
        kwargs: its named arguments.

    Raises:
        ValueError: if `coord` is no Coordinator, or there are arguments without a target.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any] | None = None,
        args: Any = None,
        kwargs: Any = None,
    ) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        super().__init__(daemon=True)
        self._coord = coord
        self._timer_interval_secs = timer_interval_secs
        self._call = target
        self._call_args = args or ()
        self._call_kwargs = kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """Start a thread that calls a function; arguments as of the class."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        """Call until the Coordinator stops."""
        with self._coord.stop_on_exception():
            self.start_loop()
            interval_s = self._timer_interval_secs
            due_s = time.monotonic()
            while not (
                self._coord.should_stop()
                if interval_s is None
                else self._coord.wait_for_stop(max(0.0, due_s - time.monotonic()))
            ):
                due_s += interval_s or 0
                self.run_loop()
            self.stop_loop()

    def start_loop(self) -> None:
        """Do what is to be done before the first call: nothing here."""

    def stop_loop(self) -> None:
        """Do what is to be done after the last call: nothing here."""

    def run_loop(self) -> None:
        """Call the function once."""
        if self._call is not None:
            self._call(*self._call_args, **self._call_kwargs)

    def isAlive(self) -> bool:  # noqa: N802 TensorFlow's, of Python 2
        """Do as `is_alive`."""
        return self.is_alive()
