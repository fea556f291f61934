"""What a wrapper of a session is told and answers: before a run, after it, when it is made.

Source: TensorFlow 1.15's `tensorflow.python.debug.wrappers.framework`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Texts = str | Sequence[str]


class OnSessionInitAction:
    """What a wrapper does when it is made."""

    PROCEED = "proceed"
    REMOTE_INSTR_LOOP = "remote_instr_loop"


class OnRunStartAction:
    """What a wrapper does with a run."""

    DEBUG_RUN = "debug_run"
    PROFILE_RUN = "profile_run"
    NON_DEBUG_RUN = "non_debug_run"


@dataclass
class OnSessionInitRequest:
    """A wrapper is being made: of which session."""

    session: Any


@dataclass
class OnSessionInitResponse:
    """What to do then, one of OnSessionInitAction."""

    action: str


@dataclass
class OnRunStartRequest:
    """A run is about to begin.

    Attributes:
        fetches, feed_dict, run_options, run_metadata: the arguments of `run`.
        run_call_count: the number of the run, from 1 on.
        is_callable_runner: whether a function of `make_callable` was called.
    """

    fetches: Any
    feed_dict: Any
    run_options: Any
    run_metadata: Any
    run_call_count: int
    is_callable_runner: bool = False


@dataclass
class OnRunStartResponse:
    """What to do with a run.

    Attributes:
        action: one of OnRunStartAction.
        debug_urls: where dumps go.
        debug_ops: what is kept of each output.
        node_name_regex_whitelist, op_type_regex_whitelist, tensor_dtype_regex_whitelist: which
            outputs; all if None.
        tolerate_debug_op_creation_failures: whether debug ops that do not fit are left out.
    """

    action: str
    debug_urls: Sequence[str]
    debug_ops: Texts = "DebugIdentity"
    node_name_regex_whitelist: str | None = None
    op_type_regex_whitelist: str | None = None
    tensor_dtype_regex_whitelist: str | None = None
    tolerate_debug_op_creation_failures: bool = False


@dataclass
class OnRunEndRequest:
    """A run is over.

    Attributes:
        performed_action: what was done, one of OnRunStartAction.
        run_metadata: the RunMetadata, filled.
        client_graph_def: the graph of the session, a GraphDef.
        tf_error: the OpError that ended it, if one did.
    """

    performed_action: str
    run_metadata: Any = None
    client_graph_def: Any = None
    tf_error: Any = None


class OnRunEndResponse:
    """What to do after a run: nothing."""


@dataclass
class WatchOptions:
    """What the `watch_fn` of a wrapper returns: what to watch in a run.

    Args:
        debug_ops: what to keep of each output; ["DebugIdentity"] if None.
        node_name_regex_whitelist, op_type_regex_whitelist, tensor_dtype_regex_whitelist: which
            outputs: those that fit all expressions given.
        tolerate_debug_op_creation_failures: whether debug ops that do not fit are left out.

    Source: TensorFlow 1.15.
    """

    debug_ops: Texts | None = field(default=None)
    node_name_regex_whitelist: str | None = None
    op_type_regex_whitelist: str | None = None
    tensor_dtype_regex_whitelist: str | None = None
    tolerate_debug_op_creation_failures: bool = False

    def __post_init__(self) -> None:
        """Put the default in place."""
        self.debug_ops = self.debug_ops or ["DebugIdentity"]
