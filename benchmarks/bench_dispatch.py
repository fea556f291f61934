"""How fast operations that compute nothing are run one by one: 10,000 of them in a step.

All passes are off (`opt_level=-1`), so every operation is executed; a traced run counts them.

python benchmarks/bench_dispatch.py
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call

COUNT = 10_000


def chain_of_identities(tf: ModuleType, x: object) -> object:
    for _ in range(COUNT):
        x = tf.identity(x)
    return x.op


def identities_side_by_side(tf: ModuleType, x: object) -> object:
    return tf.group(*[tf.identity(x) for _ in range(COUNT)])


def chain_of_no_ops(tf: ModuleType, x: object) -> object:
    last = tf.no_op()
    for _ in range(COUNT - 1):
        with tf.control_dependencies([last]):
            last = tf.no_op()
    return last


def no_ops_side_by_side(tf: ModuleType, x: object) -> object:
    return tf.group(*[tf.no_op() for _ in range(COUNT)])


GRAPHS = {
    "chain of Identity": chain_of_identities,
    "Identity side by side": identities_side_by_side,
    "chain of NoOp": chain_of_no_ops,
    "NoOp side by side": no_ops_side_by_side,
}


def config(tf: ModuleType, threads: int, level: int) -> object:
    made = tf.ConfigProto(inter_op_parallelism_threads=threads, intra_op_parallelism_threads=1)
    made.graph_options.optimizer_options.opt_level = level
    if level < 0:
        made.graph_options.rewrite_options.disable_meta_optimizer = True
    return made


def calls(
    tf: ModuleType, name: str, build: Callable[..., object], level: int
) -> dict[str, Callable[[], float]]:
    """Return column -> a call that returns the seconds of one operation."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [])
        last = build(tf, x)
    columns = {name: 1} if name == "MiniTF" else {f"{name}, {n} threads": n for n in (1, 2)}
    feeds = {x: np.float32(1)} if "id" in build.__name__ else {}
    found = {}
    for column, threads in columns.items():
        session = tf.Session(graph=graph, config=config(tf, threads, level))
        if level < 0:
            assert executed(tf, session, last, feeds) >= COUNT
        for _ in range(5):
            session.run(last, feeds)
        found[column] = lambda session=session: (
            seconds_per_call(lambda: session.run(last, feeds)) / COUNT
        )
    return found


def executed(tf: ModuleType, session: object, last: object, feeds: dict[object, object]) -> int:
    """Return how many operations a traced run has executed, by its RunMetadata."""
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    session.run(last, feeds, options, metadata)
    return sum(len(device.node_stats) for device in metadata.step_stats.dev_stats)


if __name__ == "__main__":
    modules = backends()
    for title, level in (("Operations executed one by one", -1), ("The same by default", 0)):
        rows = {
            what: {
                column: call
                for name, tf in modules.items()
                for column, call in calls(tf, name, build, level).items()
            }
            for what, build in GRAPHS.items()
        }
        compare(title, rows, "1/s")
