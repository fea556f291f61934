"""`tensorflow.python.training.monitored_session`'s layers, each around a session.

A `MonitoredSession` here is one object; these are its parts for those who stack them themselves.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from minitf.train.coordinator import Coordinator
from minitf.train.hooked_session import LOST, HookedSession
from minitf.train.monitored_session import MonitoredSession
from minitf.train.session_run_hook import SessionRunHook


class WrappedSession:
    """A session that can be asked to stop.

    Args:
        sess: a Session or another of these.
    """

    def __init__(self, sess: Any) -> None:
        self._sess = sess
        self._stops_by_itself = isinstance(sess, WrappedSession)

    @property
    def graph(self) -> Any:
        """The session's graph."""
        return self._sess.graph

    @property
    def sess_str(self) -> Any:
        """The session's target."""
        return self._sess.sess_str

    def should_stop(self) -> bool:
        """Tell whether this or an inner session is to stop; so is one that is closed."""
        if self._check_stop():
            return True
        return not self._sess or (self._stops_by_itself and self._sess.should_stop())

    def _check_stop(self) -> bool:
        return False

    def close(self) -> None:
        """Close the session; a second time does nothing."""
        if self._sess:
            try:
                with contextlib.suppress(*LOST):
                    self._sess.close()
            finally:
                self._sess = None

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run as the session does."""
        return self._sess.run(*args, **kwargs)

    def run_step_fn(
        self,
        step_fn: Callable[[Any], Any],
        raw_session: Any,
        run_with_hooks: Callable[..., Any] | None = None,
    ) -> Any:
        """Call a function with a StepContext of the raw session and of a way to run with hooks."""
        return step_fn(MonitoredSession.StepContext(raw_session, run_with_hooks or self.run))


class CoordinatedSession(WrappedSession):
    """A session that stops with the threads of a Coordinator.

    Args:
        sess: a Session or another of these.
        coord: the Coordinator.
        stop_grace_period_secs: how long threads may take to end.
    """

    def __init__(self, sess: Any, coord: Coordinator, stop_grace_period_secs: float = 120) -> None:
        super().__init__(sess)
        self._coord = coord
        self._grace_secs = stop_grace_period_secs

    def _check_stop(self) -> bool:
        self._coord.raise_requested_exception()
        return self._coord.should_stop()

    def close(self) -> None:
        """End the threads, then the session.

        Raises:
            BaseException: what a thread has failed with.
        """
        self._coord.request_stop()
        try:
            self._coord.join(stop_grace_period_secs=self._grace_secs, ignore_live_threads=True)
        finally:
            with contextlib.suppress(Exception):  # it is given up, whatever it says
                super().close()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run; where that fails as a thread has lost the session, the loss is what is raised."""
        try:
            return self._sess.run(*args, **kwargs)
        except LOST:
            raise
        except Exception as error:
            try:
                self._coord.raise_requested_exception()
            except LOST as lost:
                raise lost from error
            except Exception:  # noqa: BLE001, S110 the error of the run comes first
                pass
            raise


class RecoverableSession(WrappedSession):
    """A session that is made anew when it is lost.

    Args:
        sess_creator: has `create_session()`.
    """

    def __init__(self, sess_creator: Any) -> None:
        self._sess_creator = sess_creator
        super().__init__(self._create_session())

    def _create_session(self) -> Any:
        while True:
            with contextlib.suppress(*LOST):
                return self._sess_creator.create_session()

    def _check_stop(self) -> bool:
        try:
            return self._sess._check_stop() if self._sess else True
        except LOST:
            self._renew()
            return False
        except Exception:  # noqa: BLE001 the loop ends; the next run says why
            return True

    def _renew(self) -> None:
        self.close()
        self._sess = self._create_session()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run, in as many sessions as it takes."""
        while True:
            if not self._sess:
                self._sess = self._create_session()
            try:
                return self._sess.run(*args, **kwargs)
            except LOST:
                self.close()

    def run_step_fn(
        self,
        step_fn: Callable[[Any], Any],
        raw_session: Any,
        run_with_hooks: Callable[..., Any] | None = None,
    ) -> Any:
        """Call the function, with the session that is there, as often as that is lost."""
        while True:
            if not self._sess:
                self._sess = self._create_session()
            try:
                return self._sess.run_step_fn(step_fn, raw_session, run_with_hooks or self.run)
            except LOST:
                self.close()


class RunsHooks(WrappedSession):
    """A session that calls hooks around each run.

    Args:
        sess: a Session or another of these.
        hooks: the SessionRunHooks.
    """

    def __init__(self, sess: Any, hooks: Sequence[SessionRunHook]) -> None:
        super().__init__(sess)
        self._hooked = HookedSession(sess, Coordinator(), hooks)

    def _check_stop(self) -> bool:
        return self._hooked.should_stop()

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run with hooks.

        Raises:
            RuntimeError: if a hook has asked to stop, or a tensor is fed twice.
        """
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        return self._hooked.run(fetches, feed_dict, options, run_metadata)
