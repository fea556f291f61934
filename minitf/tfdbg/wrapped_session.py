"""Sessions that watch what they run: what all wrappers of sessions have in common.

A wrapper does what the session does; `run` and functions of `make_callable` ask it before and after
each run.  Everything else it hands on.

Source: TensorFlow 1.15's `tensorflow.python.debug.wrappers.framework`.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from minitf import nest, protos
from minitf.compat import logging
from minitf.default_graph import entered
from minitf.errors import OpError
from minitf.session import callables
from minitf.session.session import BaseSession
from minitf.tfdbg.requests import (
    OnRunEndRequest,
    OnRunEndResponse,
    OnRunStartAction,
    OnRunStartRequest,
    OnRunStartResponse,
    OnSessionInitAction,
    OnSessionInitRequest,
    OnSessionInitResponse,
    WatchOptions,
)
from minitf.tfdbg.watching import watch_graph
from minitf.train.monitored_session import MonitoredSession, SingularMonitoredSession

_MONITORED = MonitoredSession, SingularMonitoredSession
_SESSIONS = BaseSession, *_MONITORED
WatchFunction = Callable[[Any, Any], WatchOptions]


class BaseDebugWrapperSession:
    """A session whose runs may be watched; subclasses say what and when.

    Args:
        sess: a Session or MonitoredSession.
        thread_name_filter: a regular expression of names of threads: runs of others go on as if
            there were no wrapper.
        pass_through_operrors: whether an OpError of a watched run is raised; if not it is what
            `run` returns.

    Raises:
        TypeError: if `sess` is no session.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        sess: Any,
        thread_name_filter: str | None = None,
        pass_through_operrors: bool | None = False,
    ) -> None:
        if not isinstance(sess, (*_SESSIONS, BaseDebugWrapperSession)):
            raise TypeError(f"Expected type {_SESSIONS}; got type {type(sess)}")
        self._sess: Any = sess
        self._threads = re.compile(thread_name_filter) if thread_name_filter else None
        self._passes_errors = bool(pass_through_operrors)
        self._run_call_count = 0
        self._scopes: contextlib.ExitStack | None = None
        response = self.on_session_init(OnSessionInitRequest(sess))
        if response.action != OnSessionInitAction.PROCEED:
            raise NotImplementedError(f"{response.action} is not implemented")

    # --- what subclasses say ---------------------------------------------------------------------

    def on_session_init(self, request: OnSessionInitRequest) -> OnSessionInitResponse:
        """Say what to do when the wrapper is made."""
        _ = request
        return OnSessionInitResponse(OnSessionInitAction.PROCEED)

    def on_run_start(self, request: OnRunStartRequest) -> OnRunStartResponse:
        """Say what to do with a run."""
        raise NotImplementedError

    def on_run_end(self, request: OnRunEndRequest) -> OnRunEndResponse:
        """Take note that a run is over."""
        raise NotImplementedError

    # --- running ---------------------------------------------------------------------------------

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run as the session does, watched if `on_run_start` says so.

        Args:
            fetches, feed_dict, options, run_metadata: as of Session.run.

        Returns:
            The fetched structure, or the OpError that ended a watched run if errors do not pass.

        Raises:
            OpError: if an operation fails and errors pass, or the run is not watched.
        """
        return self._watched(fetches, feed_dict, options, run_metadata, is_callable=False)

    def _watched(
        self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any, *, is_callable: bool
    ) -> Any:
        self.increment_run_call_count()
        if not nest.flatten(fetches):
            logging.warning(
                "Due to empty fetches, tfdbg Session wrapper is letting a Session.run pass through "
                "without any debugging actions."
            )
            return self._sess.run(fetches, feed_dict, options, run_metadata)
        if self.is_disabled_thread():
            return self._sess.run(fetches, feed_dict, options, run_metadata)
        response = self.on_run_start(
            OnRunStartRequest(
                fetches, feed_dict, options, run_metadata, self._run_call_count, is_callable
            )
        )
        error: OpError | None = None
        result: Any = None
        if response.action == OnRunStartAction.NON_DEBUG_RUN:
            result = self._sess.run(fetches, feed_dict, options, run_metadata)
        else:
            run_metadata = protos.RunMetadata() if run_metadata is None else run_metadata
            asked = self.options_for(response, options)
            try:
                result = self._sess.run(fetches, feed_dict, asked, run_metadata)
            except OpError as raised:
                error = raised
        is_plain = response.action == OnRunStartAction.NON_DEBUG_RUN
        graph_def = None if is_plain else self.graph_def
        self.on_run_end(OnRunEndRequest(response.action, run_metadata, graph_def, error))
        if error is None:
            return result
        if self._passes_errors:
            raise error
        return error

    def is_disabled_thread(self) -> bool:
        """Tell whether runs of the calling thread are not to be watched."""
        name = threading.current_thread().name
        return self._threads is not None and not self._threads.match(name)

    def options_for(self, response: OnRunStartResponse, options: Any) -> Any:
        """Return the RunOptions of a run that is watched or traced."""
        asked = protos.RunOptions()
        if options is not None:
            asked.CopyFrom(options)
        if response.action == OnRunStartAction.PROFILE_RUN:
            asked.trace_level = protos.RunOptions.FULL_TRACE
            return asked
        asked.output_partition_graphs = True
        watch_graph(
            asked,
            self.graph,
            response.debug_ops,
            list(response.debug_urls),
            response.node_name_regex_whitelist,
            response.op_type_regex_whitelist,
            response.tensor_dtype_regex_whitelist,
            response.tolerate_debug_op_creation_failures,
            reset_disk_byte_usage=self._resets_disk_usage(),
        )
        return asked

    def _resets_disk_usage(self) -> bool:
        """Tell whether what a run writes is gone when the next one begins."""
        return False

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """Return a function that does `run(fetches)` with its arguments as the feeds."""
        return callables.of_fetches(_CallableRunner(self), fetches, feed_list, accept_options)

    def run_step_fn(self, step_fn: Callable[[Any], Any]) -> Any:
        """Run a function of a StepContext, as a MonitoredSession does."""
        return self._sess.run_step_fn(step_fn)

    def _make_callable_from_options(self, callable_options: Any) -> Callable[..., Any]:
        """Return a function of what a CallableOptions says, as TensorFlow's private method."""
        return callables.of_options(_CallableRunner(self), callable_options)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> Any:
        """Not for watched sessions.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(
            "partial_run_setup is not implemented for debug-wrapper sessions."
        )

    def partial_run(self, handle: str, fetches: Any, feed_dict: Any = None) -> Any:
        """Not for watched sessions.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("partial_run is not implemented for debug-wrapper sessions.")

    # --- what it is ------------------------------------------------------------------------------

    @property
    def session(self) -> Any:
        """The session that is wrapped."""
        return self._sess

    @property
    def graph(self) -> Any:
        """The session's graph."""
        return self._sess.graph

    @property
    def graph_def(self) -> Any:
        """The graph as a GraphDef message."""
        return self.graph.as_graph_def()

    @property
    def run_call_count(self) -> int:
        """How often `run` was called."""
        return self._run_call_count

    def increment_run_call_count(self) -> None:
        """Count a run."""
        self._run_call_count += 1

    def __getattr__(self, name: str) -> Any:
        """Return what else the session has."""
        if name == "_sess":
            raise AttributeError(name)
        return getattr(self._sess, name)

    # --- the default session ---------------------------------------------------------------------

    @contextlib.contextmanager
    def as_default(self) -> Iterator[Any]:
        """Make the wrapper the default session of the thread for the block."""
        with BaseSession.as_default(self):  # type: ignore[arg-type]  # all it needs is an object
            yield self

    def __enter__(self) -> Self:
        """Make the wrapper and its graph the default ones."""
        with contextlib.ExitStack() as scopes:
            if isinstance(self._sess, _MONITORED):
                scopes.enter_context(self._sess)
            else:
                scopes.callback(self._sess.close)
                scopes.enter_context(entered(self.graph))
                scopes.enter_context(self.as_default())
            self._scopes = scopes.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        """Leave the defaults as they were and close the session."""
        scopes, self._scopes = self._scopes, None
        assert scopes is not None
        return scopes.__exit__(kind, error, traceback)

    def close(self) -> None:
        """Close the session."""
        self._sess.close()


class _CallableRunner:
    """What a function of `make_callable` runs by."""

    def __init__(self, wrapper: BaseDebugWrapperSession) -> None:
        self._wrapper = wrapper
        self.graph = wrapper.graph

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run as the wrapper does."""
        return self._wrapper._watched(  # noqa: SLF001 ours
            fetches, feed_dict, options, run_metadata, is_callable=True
        )


class NonInteractiveDebugWrapperSession(BaseDebugWrapperSession):
    """A session that watches each run without asking anybody.

    Args:
        sess: a Session or MonitoredSession.
        watch_fn: says by fetches and feeds what to watch: everything if None.
        thread_name_filter, pass_through_operrors: as of BaseDebugWrapperSession.

    Raises:
        TypeError: if `watch_fn` is no function.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        sess: Any,
        watch_fn: WatchFunction | None = None,
        thread_name_filter: str | None = None,
        pass_through_operrors: bool | None = False,
    ) -> None:
        super().__init__(sess, thread_name_filter, pass_through_operrors)
        self._watch_fn = checked_watch_fn(watch_fn)

    def prepare_run_debug_urls(self, fetches: Any, feed_dict: Any) -> str | Sequence[str]:
        """Return where the dumps of a run go."""
        raise NotImplementedError

    def on_run_start(self, request: OnRunStartRequest) -> OnRunStartResponse:
        """Watch what `watch_fn` says."""
        urls = self.prepare_run_debug_urls(request.fetches, request.feed_dict)
        found = WatchOptions()
        if self._watch_fn is not None:
            found = self._watch_fn(request.fetches, request.feed_dict)
        return OnRunStartResponse(
            OnRunStartAction.DEBUG_RUN,
            [urls] if isinstance(urls, str) else urls,
            found.debug_ops or (),
            found.node_name_regex_whitelist,
            found.op_type_regex_whitelist,
            found.tensor_dtype_regex_whitelist,
            found.tolerate_debug_op_creation_failures,
        )

    def on_run_end(self, request: OnRunEndRequest) -> OnRunEndResponse:
        """Do nothing."""
        _ = request
        return OnRunEndResponse()


def checked_watch_fn(watch_fn: WatchFunction | None) -> WatchFunction | None:
    """Return it.

    Raises:
        TypeError: if it is no function.
    """
    if watch_fn is not None and not callable(watch_fn):
        raise TypeError("watch_fn is not callable")
    return watch_fn
