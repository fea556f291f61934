"""Monitored sessions: they call hooks around each run, and outlive the failure of a session.

    with tf.train.MonitoredTrainingSession(checkpoint_dir="train") as sess:
        while not sess.should_stop():
            sess.run(train_op)

**Invariants**
1. One call of `run` is one run of the session: what hooks fetch and feed is merged into it.
2. After AbortedError or UnavailableError a MonitoredSession makes a new session, which the creator
   restores from the last checkpoint, and runs again.
3. `end` of the hooks is called unless an error ended the loop; OutOfRangeError is none.

Source: TensorFlow 1.15's classes of the same names; OSDI §4.3.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from minitf import protos
from minitf.api.framework import get_default_graph
from minitf.errors import AbortedError, OutOfRangeError, UnavailableError
from minitf.graph_keys import GraphKeys
from minitf.train.coordinator import Coordinator
from minitf.train.queue_runner import start_queue_runners
from minitf.train.scaffold import ChiefSessionCreator, Scaffold, SessionCreator
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)

_LOST = (AbortedError, UnavailableError)  # the session is gone; another may go on


class _HookedSession:
    """A session, its coordinator, and its hooks; whether a hook has asked to stop."""

    def __init__(self, sess: Any, coord: Coordinator, hooks: Sequence[SessionRunHook]) -> None:
        self.sess = sess
        self.coord = coord
        self._hooks = hooks
        self._asked_to_stop = False

    def should_stop(self) -> bool:
        return self._asked_to_stop or self.coord.should_stop()

    def run(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        if self._asked_to_stop:
            raise RuntimeError("Run called even after should_stop requested.")
        try:
            return self._run(fetches, feed_dict, options, run_metadata)
        except _LOST:
            raise
        except Exception:
            self._raise_lost()
            raise

    def _raise_lost(self) -> None:
        """Raise what a thread has failed with, if that is the loss of the session."""
        try:
            self.coord.raise_requested_exception()
        except _LOST:
            raise
        except Exception:  # noqa: BLE001 the error of the run comes first
            return

    def _run(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self.sess)
        options = options or protos.RunOptions()
        metadata = protos.RunMetadata() if run_metadata is None else run_metadata
        wanted: dict[Any, Any] = {"caller": fetches}
        feeds = self._asked(context, wanted, feed_dict, options)
        values = self.sess.run(wanted, feed_dict=feeds, options=options, run_metadata=metadata)
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(values.get(hook), options, metadata))
        self._asked_to_stop = self._asked_to_stop or context.stop_requested
        return values["caller"]

    def _asked(
        self, context: SessionRunContext, wanted: dict[Any, Any], feed_dict: Any, options: Any
    ) -> dict[Any, Any]:
        """Ask the hooks; add what they fetch to `wanted`, and return all feeds."""
        feeds: dict[Any, Any] = {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[hook] = request.fetches
            for key in request.feed_dict or {}:
                if key in feeds:
                    raise RuntimeError(f"Same tensor is fed by two hooks: {key}")
                if key in (feed_dict or {}):
                    raise RuntimeError(f"Same tensor is fed by a SessionRunHook and user: {key}")
            feeds.update(request.feed_dict or {})
            if request.options is not None:
                _merge_options(options, request.options)
        return {**(feed_dict or {}), **feeds}

    def close(self, grace_secs: float) -> None:
        self.coord.request_stop()
        try:
            self.coord.join(stop_grace_period_secs=grace_secs, ignore_live_threads=True)
        finally:
            self.sess.close()


def _merge_options(options: Any, asked: Any) -> None:
    """Let options give whatever either asks for."""
    options.trace_level = max(options.trace_level, asked.trace_level)
    options.timeout_in_ms = max(options.timeout_in_ms, asked.timeout_in_ms)
    options.inter_op_thread_pool = max(options.inter_op_thread_pool, asked.inter_op_thread_pool)
    options.output_partition_graphs |= asked.output_partition_graphs


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


class _Monitored:
    """What both kinds of monitored session do."""

    StepContext = StepContext
    _recovers = True

    def __init__(
        self,
        session_creator: SessionCreator | None,
        hooks: Sequence[SessionRunHook] | None,
        stop_grace_period_secs: float,
    ) -> None:
        self._graph_was_finalized = get_default_graph().finalized
        self._hooks = list(hooks or ())
        self._creator = session_creator or ChiefSessionCreator()
        self._grace_secs = stop_grace_period_secs
        for hook in self._hooks:
            hook.begin()
        self._inner: _HookedSession | None = None
        self._graph = get_default_graph()
        self._inner = self._created()

    def _created(self) -> _HookedSession:
        """Return a new session with its queue runners started, after telling the hooks."""
        with self._graph.as_default():
            while True:
                try:
                    sess = self._creator.create_session()
                    coord = Coordinator(clean_stop_exception_types=())
                    if self._graph.get_collection(GraphKeys.QUEUE_RUNNERS):
                        start_queue_runners(sess=sess, coord=coord)
                    for hook in self._hooks:
                        hook.after_create_session(sess, coord)
                    return _HookedSession(sess, coord, self._hooks)
                except _LOST as error:
                    if not self._recovers:
                        raise
                    _log_lost(error)

    @property
    def graph(self) -> Any:
        """The graph that it runs; None once it is closed."""
        return None if self._inner is None else self._inner.sess.graph

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run with hooks; arguments and result as of `Session.run`.

        Raises:
            RuntimeError: if it is closed, a hook has asked to stop, or a tensor is fed twice.
        """
        return self._persevere(lambda inner: inner.run(fetches, feed_dict, options, run_metadata))

    def run_step_fn(self, step_fn: Callable[[StepContext], Any]) -> Any:
        """Call a function with a StepContext and return what it returns.

        Args:
            step_fn: a function with one argument, `step_context`; a method has `self` before it.

        Raises:
            ValueError: if it takes something else.
        """
        names = list(inspect.signature(step_fn).parameters)
        if names not in (["step_context"], ["self", "step_context"]):
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and "
                f"`step_context` arguments if it's an instance method. Got {names} instead."
            )

        def step(inner: _HookedSession) -> Any:
            def run(
                fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
            ) -> Any:
                return inner.run(fetches, feed_dict, options, run_metadata)

            return step_fn(StepContext(inner.sess, run))

        return self._persevere(step)

    def _persevere(self, work: Callable[[_HookedSession], Any]) -> Any:
        """Do some work in the session; if that is lost, in a new one."""
        while True:
            if self._inner is None:
                raise RuntimeError("Session is already closed.")
            try:
                return work(self._inner)
            except _LOST as error:
                if not self._recovers:
                    raise
                _log_lost(error)
                self._drop()
                self._inner = self._created()

    def _drop(self) -> None:
        """Close a session that is lost."""
        if self._inner is not None:
            with contextlib.suppress(_LOST):
                self._inner.close(self._grace_secs)
            self._inner = None

    def should_stop(self) -> bool:
        """Tell whether the loop is to end."""
        return self._inner is None or self._inner.should_stop()

    def close(self) -> None:
        """Call the hooks' `end` and close."""
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
        inner = self._inner
        if inner is None:
            raise RuntimeError("Session is already closed.")
        try:
            if kind is None and inner is not None:
                for hook in self._hooks:
                    hook.end(inner.sess)
        finally:
            self._inner = None
            try:
                if inner is not None:
                    inner.close(self._grace_secs)
            finally:
                if not self._graph_was_finalized:
                    self._graph._finalized = False  # noqa: SLF001 as TensorFlow: more may be built afterwards


def _log_lost(error: BaseException) -> None:
    logging.getLogger("tensorflow").info(
        "An error was raised. This may be due to a preemption in a connected worker or parameter "
        "server. The current session will be closed and a new session will be created. Error: %s",
        error,
    )


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
        """Return the session underneath."""
        return None if self._inner is None else self._inner.sess
