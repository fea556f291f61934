"""HookedSession: one session, the threads that feed it, and the hooks that are asked at each run.

**State**: the session, its Coordinator, the hooks; whether a hook has asked to stop.

**Invariants**
1. One call of `run` is one run of the session: what hooks fetch and feed is merged into it.
2. All hooks have been asked what they want before it is compared with what the caller feeds.
3. An error of the run comes before an error of a thread, unless the thread has lost the session.

Source: TensorFlow 1.15's monitored sessions; OSDI §4.3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Any

from minitf import protos
from minitf.errors import AbortedError, UnavailableError
from minitf.train.coordinator import Coordinator
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)

LOST = (AbortedError, UnavailableError)  # the session is gone; another may go on


class HookedSession:
    """Runs a session with hooks.

    Args:
        sess: the session.
        coord: the Coordinator of the threads that work for it.
        hooks: the SessionRunHooks.
    """

    def __init__(self, sess: Any, coord: Coordinator, hooks: Sequence[SessionRunHook]) -> None:
        self._sess = sess
        self._coord = coord
        self._hooks = hooks
        self._asked_to_stop = False

    def should_stop(self) -> bool:
        """Tell whether a hook or a thread has asked to stop.

        Raises:
            BaseException: what a thread has failed with.
        """
        self._coord.raise_requested_exception()
        return self._coord.should_stop() or self._asked_to_stop

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Run with hooks; arguments and result as of `Session.run`.

        Raises:
            RuntimeError: if a hook has asked to stop, or a tensor is fed twice.
        """
        try:
            return self._run(fetches, feed_dict, options, run_metadata)
        except LOST:
            raise
        except Exception as error:
            lost = self._loss_in_a_thread()
            if lost is None:
                raise
            raise lost from error

    def _loss_in_a_thread(self) -> BaseException | None:
        """Return what a thread has failed with if that is the loss of the session."""
        try:
            self._coord.raise_requested_exception()
        except LOST as error:
            return error
        except Exception:  # noqa: BLE001 the error of the run comes first
            return None
        return None

    def _run(self, fetches: Any, feed_dict: Any, options: Any, run_metadata: Any) -> Any:
        if self._asked_to_stop:
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._sess)
        options = protos.RunOptions() if options is None else options
        metadata = protos.RunMetadata() if run_metadata is None else run_metadata
        wanted: dict[Any, Any] = {"caller": fetches}
        feeds = self._feeds(context, wanted, feed_dict, options)
        report = {}
        if run_metadata is not None or options.ByteSize():  # else a run is not slowed by reporting
            report = {"options": options, "run_metadata": metadata}
        values = self._sess.run(wanted, feed_dict=feeds, **report)
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(values.get(hook), options, metadata))
        self._asked_to_stop = context.stop_requested
        return values["caller"]

    def _feeds(
        self, context: SessionRunContext, wanted: dict[Any, Any], feed_dict: Any, options: Any
    ) -> Any:
        """Ask the hooks; add what they fetch to `wanted`, and return all feeds."""
        feeds: dict[Any, Any] = {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[hook] = request.fetches
            if request.feed_dict:
                _check_apart(feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                feeds.update(request.feed_dict)
            if request.options is not None:
                _merge_options(options, request.options)
        if not feeds:
            return feed_dict
        _check_apart(feed_dict or {}, feeds, "Same tensor is fed by a SessionRunHook and user.")
        return {**feeds, **(feed_dict or {})}

    def close(self, grace_secs: float) -> None:
        """End the threads, then close the session.

        Args:
            grace_secs: how long the threads may take.

        Raises:
            BaseException: what a thread has failed with.
        """
        self._coord.request_stop()
        try:
            self._coord.join(stop_grace_period_secs=grace_secs, ignore_live_threads=True)
        finally:
            with contextlib.suppress(Exception):  # it is given up, whatever it says
                self._sess.close()


def _check_apart(some: Iterable[Any], others: Iterable[Any], message: str) -> None:
    both = set(some) & set(others)
    if both:
        raise RuntimeError(f"{message} Conflict(s): {list(both)}")


def _merge_options(options: Any, asked: Any) -> None:
    """Let options give whatever either asks for."""
    options.trace_level = max(options.trace_level, asked.trace_level)
    options.timeout_in_ms = max(options.timeout_in_ms, asked.timeout_in_ms)
    options.inter_op_thread_pool = max(options.inter_op_thread_pool, asked.inter_op_thread_pool)
    options.output_partition_graphs |= asked.output_partition_graphs
    options.report_tensor_allocations_upon_oom |= asked.report_tensor_allocations_upon_oom
    watched = asked.debug_options
    options.debug_options.debug_tensor_watch_opts.extend(watched.debug_tensor_watch_opts)
    options.debug_options.reset_disk_byte_usage |= watched.reset_disk_byte_usage
