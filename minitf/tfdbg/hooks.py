"""Hooks of monitored sessions that watch each run: by the command line, or into folders.

Source: TensorFlow 1.15's `tensorflow.python.debug.wrappers.hooks`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.tfdbg.data import DebugTensorDatum
from minitf.tfdbg.dumping import DumpingDebugWrapperSession
from minitf.tfdbg.local_cli import LocalCLIDebugWrapperSession
from minitf.tfdbg.requests import OnRunEndRequest, OnRunStartAction, OnRunStartRequest
from minitf.tfdbg.wrapped_session import (
    BaseDebugWrapperSession,
    WatchFunction,
    checked_watch_fn,
)
from minitf.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook


class _DebugHook(SessionRunHook):
    """Asks a wrapper before and after each run; the wrapper is made at the first."""

    def __init__(self) -> None:
        self._wrapper: BaseDebugWrapperSession | None = None
        self._action = OnRunStartAction.NON_DEBUG_RUN

    def _wrap(self, session: Any) -> BaseDebugWrapperSession:
        raise NotImplementedError

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Let the run be watched, if the wrapper says so."""
        if self._wrapper is None:
            self._wrapper = self._wrap(run_context.session)
        wrapper, given = self._wrapper, run_context.original_args
        wrapper.increment_run_call_count()
        self._action = OnRunStartAction.NON_DEBUG_RUN
        if wrapper.is_disabled_thread():
            return SessionRunArgs(None)
        response = wrapper.on_run_start(
            OnRunStartRequest(
                given.fetches, given.feed_dict, given.options, None, wrapper.run_call_count
            )
        )
        self._action = response.action
        if response.action == OnRunStartAction.NON_DEBUG_RUN:
            return SessionRunArgs(None)
        return SessionRunArgs(None, options=wrapper.options_for(response, None))

    def after_run(self, run_context: SessionRunContext, run_values: Any) -> None:
        """Tell the wrapper that the run is over."""
        _ = run_context
        if self._wrapper is not None and not self._wrapper.is_disabled_thread():
            request = OnRunEndRequest(
                self._action, run_values.run_metadata, self._wrapper.graph_def
            )
            self._wrapper.on_run_end(request)


class LocalCLIDebugHook(_DebugHook):
    """Lets each run of a monitored session be looked at on the command line.

    Args:
        ui_type, dump_root, thread_name_filter: as of LocalCLIDebugWrapperSession.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        ui_type: str = "curses",
        dump_root: str | None = None,
        thread_name_filter: str | None = None,
    ) -> None:
        super().__init__()
        self._arguments = dump_root, ui_type, thread_name_filter
        self._filters: dict[str, Callable[[DebugTensorDatum, Any], bool]] = {}

    def add_tensor_filter(
        self, filter_name: str, tensor_filter: Callable[[DebugTensorDatum, Any], bool]
    ) -> None:
        """Give a name to a predicate of dumps, as LocalCLIDebugWrapperSession does."""
        if isinstance(self._wrapper, LocalCLIDebugWrapperSession):
            self._wrapper.add_tensor_filter(filter_name, tensor_filter)
        else:
            self._filters[filter_name] = tensor_filter

    def _wrap(self, session: Any) -> BaseDebugWrapperSession:
        wrapper = LocalCLIDebugWrapperSession(session, *self._arguments)
        for name, predicate in self._filters.items():
            wrapper.add_tensor_filter(name, predicate)
        return wrapper


class DumpingDebugHook(_DebugHook):
    """Writes what each run of a monitored session gives to a folder of its own.

    Args:
        session_root, watch_fn, thread_name_filter: as of DumpingDebugWrapperSession.

    Raises:
        TypeError: if `watch_fn` is no function.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        session_root: str,
        watch_fn: WatchFunction | None = None,
        thread_name_filter: str | None = None,
    ) -> None:
        super().__init__()
        self._arguments = session_root, checked_watch_fn(watch_fn), thread_name_filter

    def _wrap(self, session: Any) -> BaseDebugWrapperSession:
        return DumpingDebugWrapperSession(session, *self._arguments)
