"""Monitored sessions: they call hooks around each run, and outlive the failure of a session.

    with tf.train.MonitoredTrainingSession(checkpoint_dir="train") as sess:
        while not sess.should_stop():
            sess.run(train_op)

**State**: what makes sessions; the hooks; the latest session and the HookedSession around it.

**Invariants**
1. After AbortedError or UnavailableError, of the run or of a thread, a MonitoredSession makes a new
   session, which the creator restores from the last checkpoint, and runs again.
2. `begin` of the hooks is called once, `after_create_session` for each session, `end` unless an
   error ended the loop; OutOfRangeError and StopIteration are the end of the work, not errors.
3. What was made for a session that could not be finished is closed.

Source: TensorFlow 1.15's classes of the same names; OSDI §4.3.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from minitf.api.framework import get_default_graph
from minitf.errors import OutOfRangeError
from minitf.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator
from minitf.train.hooked_session import LOST, HookedSession
from minitf.train.queue_runner import start_queue_runners
from minitf.train.scaffold import Scaffold
from minitf.train.session_creators import ChiefSessionCreator, SessionCreator
from minitf.train.session_run_hook import SessionRunHook

_LOG = logging.getLogger("tensorflow")
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class _Monitored:
    """What both kinds of monitored session do."""

    _recovers = True

    class StepContext:
        """What the function of `run_step_fn` gets.

        Args:
            session: the session, for runs without hooks.
            run_with_hooks_fn: runs with hooks.

        Source: TensorFlow 1.15.
        """

        def __init__(self, session: Any, run_with_hooks_fn: Callable[..., Any]) -> None:
            self._session = session
            self._run_with_hooks_fn = run_with_hooks_fn

        @property
        def session(self) -> Any:
            """The session, for runs without hooks."""
            return self._session

        def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
            """Do as `MonitoredSession.run`."""
            return self._run_with_hooks_fn(*args, **kwargs)

        def request_stop(self) -> None:
            """End the loop, by StopIteration."""
            raise StopIteration("step_fn has requested the iterations to stop.")

    def __init__(
        self,
        session_creator: SessionCreator | None,
        hooks: Sequence[SessionRunHook] | None,
        stop_grace_period_secs: float,
    ) -> None:
        self._graph = get_default_graph()
        self._graph_was_finalized = self._graph.finalized
        self._hooks = list(hooks or ())
        self._grace_secs = stop_grace_period_secs
        for hook in self._hooks:
            hook.begin()
        self._creator = session_creator or ChiefSessionCreator()
        self._is_closed = False
        self._sess: Any = None
        self._hooked: HookedSession | None = self._created()

    # --- sessions ---------------------------------------------------------------------------------

    def _created(self) -> HookedSession:
        """Return a new session; try again while each is lost before it is finished."""
        while True:
            try:
                with self._graph.as_default():
                    return self._created_once()
            except LOST as error:
                if not self._recovers:
                    raise
                _LOG.info(
                    "An error was raised while a session was being created. This may be due to a "
                    "preemption of a connected worker or parameter server. A new session will be "
                    "created. Error: %s",
                    error,
                )

    def _created_once(self) -> HookedSession:
        """Return a new session with its queue runners started, after telling the hooks."""
        self._sess = self._creator.create_session()
        coord = Coordinator(clean_stop_exception_types=())
        made = HookedSession(self._sess, coord, self._hooks)
        try:
            if self._graph.get_collection(GraphKeys.QUEUE_RUNNERS):
                start_queue_runners(sess=self._sess, coord=coord)
            for hook in self._hooks:
                hook.after_create_session(self._sess, coord)
        except BaseException:
            with contextlib.suppress(Exception):  # what comes first is raised
                made.close(self._grace_secs)
            raise
        return made

    def _persevere(self, work: Callable[[HookedSession], Any]) -> Any:
        """Do some work in the session; if that is lost, in a new one."""
        while True:
            if self._is_closed:
                raise RuntimeError("Session is already closed.")
            if self._hooked is None:  # the last attempt to make one has failed
                self._hooked = self._created()
            try:
                return work(self._hooked)
            except LOST as error:
                if not self._recovers:
                    raise
                self._drop(error)

    def _drop(self, error: BaseException) -> None:
        """Close a session that is lost."""
        _LOG.info(
            "An error was raised. This may be due to a preemption in a connected worker or "
            "parameter server. The current session will be closed and a new session will be "
            "created. Error: %s",
            error,
        )
        hooked, self._hooked = self._hooked, None
        if hooked is not None:
            self._give_up(hooked)

    def _give_up(self, hooked: HookedSession) -> None:
        """Close a session; that it is lost is no news."""
        try:
            hooked.close(self._grace_secs)
        except LOST as error:
            _LOG.error(
                "An error occurred when attempting to close the session. This may be due to a "
                "preemption in a connected worker or parameter server. Error: %s",
                error,
            )

    # --- running ----------------------------------------------------------------------------------

    @property
    def graph(self) -> Any:
        """The graph that it runs; None once it is closed."""
        return None if self._sess is None else self._sess.graph

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run with hooks; arguments and result as of `Session.run`.

        Raises:
            RuntimeError: if it is closed, a hook has asked to stop, or a tensor is fed twice.
        """
        return self._persevere(lambda hooked: hooked.run(fetches, feed_dict, options, run_metadata))

    def run_step_fn(self, step_fn: Callable[..., Any]) -> Any:
        """Call a function with a StepContext and return what it returns.

        Args:
            step_fn: a function with one argument, `step_context`; a method has `self` before it.

        Raises:
            ValueError: if it takes something else.
            RuntimeError: if the session is closed.
        """
        parameters = inspect.signature(step_fn).parameters.values()
        names = tuple(each.name for each in parameters if each.kind in _POSITIONAL)
        if names not in {("step_context",), ("self", "step_context")}:
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and "
                f"`step_context` arguments if it's an instance method. Got {names} instead."
            )
        return self._persevere(
            lambda hooked: step_fn(self.StepContext(self._sess, hooked.run)),
        )

    def should_stop(self) -> bool:
        """Tell whether the loop is to end."""
        if self._is_closed or self._hooked is None:
            return True
        if not self._recovers:
            return self._hooked.should_stop()
        try:
            return self._hooked.should_stop()
        except LOST as error:
            self._drop(error)
            self._hooked = self._created()
            return False
        except Exception:  # noqa: BLE001 a thread has failed: `close` raises it
            return True

    # --- the end ----------------------------------------------------------------------------------

    def close(self) -> None:
        """Call the hooks' `end` and close.

        Raises:
            RuntimeError: if it is closed.
            BaseException: what a thread has failed with.
        """
        self._close(None)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Close; swallow OutOfRangeError and StopIteration, which are the end of the work."""
        if kind in {OutOfRangeError, StopIteration}:
            kind = None
        self._close(kind)
        return kind is None

    def _close(self, kind: type[BaseException] | None) -> None:
        if self._is_closed:
            raise RuntimeError("Session is already closed.")
        try:
            if kind is None:
                for hook in self._hooks:
                    hook.end(self._sess)
        finally:
            hooked, self._hooked = self._hooked, None
            self._is_closed = True
            self._sess = None
            try:
                if hooked is not None and self._recovers:
                    self._give_up(hooked)
                elif hooked is not None:
                    hooked.close(self._grace_secs)
            finally:
                if not self._graph_was_finalized:
                    self._graph._unsafe_unfinalize()  # noqa: SLF001 as TensorFlow


class MonitoredSession(_Monitored):
    """A session with hooks that makes a new session when one is lost.

    Args:
        session_creator: makes the sessions; a ChiefSessionCreator by default.
        hooks: the SessionRunHooks.
        stop_grace_period_secs: how long threads may take to end at the close.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        session_creator: SessionCreator | None = None,
        hooks: Sequence[SessionRunHook] | None = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        super().__init__(session_creator, hooks, stop_grace_period_secs)


class SingularMonitoredSession(_Monitored):
    """A session with hooks that raises when it is lost; arguments as of ChiefSessionCreator.

    Source: TensorFlow 1.15.
    """

    _recovers = False

    def __init__(
        self,
        hooks: Sequence[SessionRunHook] | None = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: Any = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: Any = None,
    ) -> None:
        creator = ChiefSessionCreator(
            scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path
        )
        super().__init__(creator, hooks, stop_grace_period_secs)

    def raw_session(self) -> Any:
        """Return the session underneath; None once it is closed."""
        return self._sess
