"""Hooks: what happens before and after every run of a monitored session.

Of each hook, in the order in which they are listed: `begin` before the graph is finalized,
`after_create_session`, then `before_run` and `after_run` for each run, and `end` if no error ended
the loop.  What `before_run` asks for is merged into the run of the caller.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunArgs(NamedTuple):
    """What a hook adds to a run: fetches, feeds and RunOptions.

    Source: TensorFlow 1.15.
    """

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunValues(NamedTuple):
    """What a hook gets from a run: the values of its fetches, the options and the metadata.

    Source: TensorFlow 1.15.
    """

    results: Any
    options: Any
    run_metadata: Any


class SessionRunContext:
    """Tells a hook what the caller runs, in which session, and lets it ask to stop.

    Args:
        original_args: the SessionRunArgs of the caller.
        session: the session that runs.

    Source: TensorFlow 1.15.
    """

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args = original_args
        self._session = session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        """What the caller fetches and feeds."""
        return self._original_args

    @property
    def session(self) -> Any:
        """The session that runs."""
        return self._session

    @property
    def stop_requested(self) -> bool:
        """Whether a hook has asked to stop."""
        return self._stop_requested

    def request_stop(self) -> None:
        """Ask that the loop end after this run."""
        self._stop_requested = True


class SessionRunHook:
    """What a hook may define; each method does nothing here.

    Source: TensorFlow 1.15.
    """

    def begin(self) -> None:
        """Act before the session is made; the graph may still change."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Act on a new session, also on one that is made after a failure."""

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Return what to add to the run, or None."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Act on what the run gave."""

    def end(self, session: Any) -> None:
        """Act at the end of a loop that no error has ended."""
