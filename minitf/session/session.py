"""Session: runs parts of a graph and keeps the state between runs.

**State**: the graph, the devices, the store of its target; the Steps made so far; for each call of
`run` seen so far, a PreparedRun.

**Invariants**
1. A call of `run` that was seen before (same fetches, same feeds, graph only grown) parses, prunes
   and plans nothing.
2. Any number of threads may call `run` at once.
3. What `run` raises for a failed operation is one error whose traceback ends here.

Worked example:

    x = tf.placeholder(tf.float32)
    with tf.Session() as sess:
        sess.run({"twice": x + x}, {x: 3})      # -> {"twice": 6.0}

Source: 2015 §2 "Sessions"; OSDI §3.2.  `run`, `make_callable` and the rest: TensorFlow 1.15.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from minitf.default_graph import default_graph, entered
from minitf.errors import (
    CancelledError,
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    UnimplementedError,
)
from minitf.executor.config import read_config
from minitf.executor.failure import forget_frames, full_tracebacks
from minitf.executor.runs import Runs
from minitf.executor.step import Steps
from minitf.graph import Graph
from minitf.session import callables, starvation, uninitialized
from minitf.session import fetches as fetching
from minitf.session import store as session_store
from minitf.session.described import DeviceAttributes
from minitf.session.engine import engine_for
from minitf.session.feeds import flat_feeds, is_plain, keys_and_values
from minitf.session.growth import GrowthWatch
from minitf.session.partial_run import PartialSessionRun
from minitf.session.prepared_run import PreparedRun
from minitf.session.reports import Reports
from minitf.session.settings import present_config
from minitf.session.updates import UpdateWatch
from minitf.tensor import hooks


class _DefaultSessions(threading.local):
    """The stack of default sessions of one thread."""

    def __init__(self) -> None:
        self.stack: list[BaseSession] = []


DEFAULT = _DefaultSessions()
_PARTIAL_RUNS = itertools.count()


def get_default_session() -> BaseSession | None:
    """Return the session that `eval()` and `run()` of this thread use, None if there is none."""
    return DEFAULT.stack[-1] if DEFAULT.stack else None


hooks.fill(default_session=get_default_session)


class BaseSession:
    """What Session and InteractiveSession have in common.

    Source: 2015 §2 "Sessions".
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        if graph is None:
            graph = default_graph()
        elif not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if isinstance(target, bytes):
            target = target.decode()
        if not isinstance(target or "", str):
            raise TypeError(f"target must be a string, but got {type(target)}")
        config = present_config() if config is None else config
        options = read_config(config)
        self._graph = graph
        self._target = target or ""
        self._is_shared = bool(self._target) and not options.isolated
        engine = engine_for(self, self._target, graph, options, config)
        self._steps, self._devices, self._store, report = engine
        self._reports = Reports(report, self._devices[0].device_type)
        self._timeout_s = options.timeout_s
        self._adds_shapes = options.adds_shapes
        self._growth = GrowthWatch(graph)
        self._updates = UpdateWatch(graph)
        self._prepared: dict[Hashable, PreparedRun] = {}
        self._partial: dict[str, PartialSessionRun] = {}
        self._version = graph.structure_version
        self._is_closed = False
        self._is_cancelled = False

    # --- running ---------------------------------------------------------------------------------

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """Compute what is fetched and return it in the structure of `fetches`.

        Args:
            fetches: a Tensor, Operation, Variable, SparseTensor, IndexedSlices or name, or a list,
                tuple, namedtuple or dict of fetches.  An Operation is run and gives None.
            feed_dict: Tensor (or name) -> the value that replaces it for this run.
            options: a RunOptions: time limit, tracing.
            run_metadata: a RunMetadata, filled as `options` ask.

        Raises:
            RuntimeError: if the session is closed.
            TypeError, ValueError: if fetches or feeds do not fit the graph.
            OpError: if an operation fails.

        Source: 2015 §2 "Sessions" (Run), §4.2; OSDI §3.2.
        """
        try:
            prepared, values = self._prepare(fetches, feed_dict)
            if options is None and run_metadata is None:
                return prepared.run(values)
            return self._reports.run(self._steps, prepared, values, options, run_metadata)
        except OpError as error:
            if full_tracebacks():
                raise
            failure = self._explained(error, fetches, feed_dict)
            forget_frames(error)
        raise failure.with_traceback(None)  # its cause, if it has one, is kept

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """Return a function that does `run(fetches)` with its arguments as the feeds.

        Args:
            fetches: as of `run`.
            feed_list: the Tensors that the function's arguments are fed to.
            accept_options: whether the function takes `options=` and `run_metadata=`.

        Source: TensorFlow 1.15.
        """
        self._check_open()
        return callables.of_fetches(self, fetches, feed_list, accept_options)

    def _make_callable_from_options(self, callable_options: Any) -> Callable[..., Any]:
        """Return a function of what a CallableOptions says, as TensorFlow's private method."""
        self._check_open()
        return callables.of_options(self, callable_options)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> str:
        """Prepare one run in several calls; return its handle.

        Args:
            fetches: all that the calls will fetch.
            feeds: all Tensors that they will feed, none of which may be fetched.

        Source: TensorFlow 1.15.
        """
        self._check_open()
        if not isinstance(self._steps, Steps):
            raise UnimplementedError(None, None, "partial_run with a server")
        run = PartialSessionRun(self._graph, self._steps, fetches, feeds)
        handle = f"partial_run_{next(_PARTIAL_RUNS)}"
        self._partial[handle] = run
        return handle

    def partial_run(self, handle: str, fetches: Any, feed_dict: Any = None) -> Any:
        """Go on with a run that was set up: feed some of its feeds, return some of its fetches.

        Raises:
            InvalidArgumentError: if a feed or fetch was not set up, comes a second time, or cannot
                be computed yet.

        Source: TensorFlow 1.15.
        """
        self._check_open()
        run = self._partial.get(handle)
        if run is None:
            raise InvalidArgumentError(
                None, None, "Must run 'setup' before performing partial runs!"
            )
        result = run.run(fetches, feed_dict)
        if run.is_over:
            del self._partial[handle]
        return result

    def _prepare(self, fetches: Any, feed_dict: Any) -> tuple[PreparedRun, Iterable[Any]]:
        """Return the PreparedRun of these fetches and feeds, and the fed values."""
        graph = self._graph
        if self._is_closed or self._version != graph.structure_version:
            self._check_open()
            self._prepared.clear()
            self._version = graph.structure_version
        self._growth.look(graph)
        key = fetching.cache_key(fetches)
        if feed_dict is None:
            keys: tuple[Any, ...] = ()
            values: Any = ()
        else:
            keys, values = keys_and_values(fetches, feed_dict)
        if key is not None:
            prepared = self._prepared.get((key, keys))
            if prepared is not None:
                if prepared.is_counted:
                    self._updates.count()
                return prepared, values
        if not graph.version:
            raise RuntimeError(
                "The Session graph is empty.  Add operations to the graph before calling run()."
            )
        fed = flat_feeds(graph, feed_dict or {})
        wanted = fetching.Fetches(graph, fetches, self)
        prepared = PreparedRun(self._steps, wanted, [t for t, _ in fed], self._timeout_s)
        prepared.is_counted = self._updates.wants(prepared.step.operations)
        if prepared.is_counted:
            self._updates.count()
        if key is not None and len(fed) == len(keys) and all(map(is_plain, keys)):
            self._prepared[key, keys] = prepared
        return prepared, [value for _, value in fed]

    def _explained(self, error: OpError, fetches: Any, feed_dict: Any) -> OpError:
        """Add what only the session knows: variables without a value, queue runners that failed."""
        if not isinstance(error, FailedPreconditionError) or not isinstance(self._steps, Steps):
            return starvation.with_cause(error, self)
        request = self._prepare(fetches, feed_dict)[0].step.request
        return uninitialized.with_causes(error, request, self._steps.requests, self._store)

    @contextlib.contextmanager
    def stepped_by(self, kind: type[Steps], **options: Any) -> Iterator[None]:
        """Let runs be prepared and run by another kind of Steps for a while; the state is one.

        Args:
            kind: a subclass.
            options: attributes of StepOptions that are to be others.
        """
        before = self._steps, self._prepared
        self._steps, self._prepared = self._steps.twin(kind, **options), {}
        try:
            yield
        finally:
            self._steps, self._prepared = before

    # --- what it is ------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The graph whose parts it runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph as a GraphDef message."""
        return self._graph.as_graph_def(add_shapes=self._adds_shapes)

    @property
    def sess_str(self) -> bytes:
        """The target."""
        return self._target.encode()

    @property
    def runs(self) -> Runs:
        """The runs that are under way."""
        return self._steps.runs

    @property
    def shares_state(self) -> bool:
        """Whether other sessions may use its queues and variables."""
        return self._is_shared

    @property
    def is_closed(self) -> bool:
        """Whether it has been closed: nothing can be run any more."""
        return self._is_closed

    def list_devices(self) -> list[DeviceAttributes]:
        """Return a description of each device."""
        self._check_open()
        return list(self._devices)

    def forget(self, key: Hashable) -> None:
        """Drop what an operation has kept of earlier runs, if it is still there."""
        self._steps.local.pop(key, None)

    # --- the default session ----------------------------------------------------------------------

    @contextlib.contextmanager
    def as_default(self) -> Iterator[Any]:
        """Make this the default session of the thread for the block; it stays open after it."""
        DEFAULT.stack.append(self)
        try:
            yield self
        finally:
            if not DEFAULT.stack or DEFAULT.stack[-1] is not self:
                raise AssertionError("Nesting violated for default stack of Session objects")
            DEFAULT.stack.pop()

    # --- the end ---------------------------------------------------------------------------------

    def close(self) -> None:
        """Abort the runs that are under way, and free what the session holds."""
        self._is_closed = True
        self._prepared.clear()
        self._partial.clear()
        self._steps.close(CancelledError(None, None, "Session has been closed."))

    def cancel(self) -> None:
        """Close it from outside: runs under way and later ones raise CancelledError."""
        self._is_cancelled = True
        self.close()

    def _check_open(self) -> None:
        if self._is_cancelled:
            raise CancelledError(None, None, "Session has been closed.")
        if self._is_closed:
            raise RuntimeError("Attempted to use a closed Session.")


class Session(BaseSession):
    """Runs parts of a graph and keeps the state between runs.

    Args:
        target: "" for a session with state of its own, "local://NAME" to share the state with the
            other sessions of that target.
        graph: the graph to run; the default graph if None.
        config: a ConfigProto.

    As a context manager it makes itself and its graph the default ones, and closes at the end.

    Source: 2015 §2 "Sessions"; OSDI §3.2.
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._scopes: contextlib.ExitStack | None = None

    def __enter__(self) -> Self:
        """Make it and its graph the default ones.

        Raises:
            RuntimeError: within such a block of the same session.
        """
        if self._scopes is not None:
            raise RuntimeError("Session context managers are not re-entrant: use as_default().")
        with contextlib.ExitStack() as scopes:
            scopes.enter_context(entered(self._graph))
            scopes.enter_context(self.as_default())
            self._scopes = scopes.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the defaults as they were and close."""
        scopes, self._scopes = self._scopes, None
        assert scopes is not None
        scopes.close()
        self.close()

    @staticmethod
    def reset(
        target: str,
        containers: Sequence[str] | None = None,
        config: Any = None,  # noqa: ARG004 TensorFlow's signature
    ) -> None:
        """Drop the state in some containers of a target, in all of them if none is named.

        Sessions with state of their own (target "") are closed by it, as in TensorFlow.

        Source: 2015 §4.7.
        """
        session_store.reset(target or "", containers)


hooks.fill(new_session=Session)
