"""Functions that run a session: `make_callable`.

Source: TensorFlow 1.15's Session.make_callable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def of_fetches(
    session: Any, fetches: Any, feed_list: Any, accept_options: bool
) -> Callable[..., Any]:
    """Return a function that does `session.run(fetches)` with its arguments as the feeds.

    Args:
        session: the session.
        fetches: as of `run`.
        feed_list: the Tensors that the function's arguments are fed to.
        accept_options: whether the function takes `options=` and `run_metadata=`.

    Raises:
        TypeError: if `feed_list` is no list.
    """
    if feed_list is not None and not isinstance(feed_list, (list, tuple)):
        raise TypeError("`feed_list` must be a list or tuple.")
    keys = tuple(feed_list or ())

    def call(*values: Any, **options: Any) -> Any:
        if options and not accept_options:
            raise TypeError(f"got unexpected arguments {sorted(options)}: accept_options=False")
        if len(values) != len(keys):
            raise TypeError(f"takes {len(keys)} values to feed, got {len(values)}")
        feeds = dict(zip(keys, values, strict=True)) if keys else None
        return session.run(fetches, feeds, **options)

    return call


def of_options(session: Any, options: Any) -> Callable[..., Any]:
    """Return a function of what a CallableOptions message says; it returns a list.

    Args:
        session: the session.
        options: its `feed`, `fetch`, `target` and `run_options`.
    """
    graph = session.graph
    fetches = list(options.fetch)
    targets = [graph.as_graph_element(name) for name in options.target]
    run = of_fetches(session, [*fetches, *targets], list(options.feed), accept_options=True)

    def call(*values: Any, run_metadata: Any = None) -> list[Any]:
        found = run(*values, options=options.run_options, run_metadata=run_metadata)
        return found[: len(fetches)]  # type: ignore[no-any-return]

    return call
