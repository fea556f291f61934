"""Arguments of sessions, graphs, variables, programs and messages."""

from __future__ import annotations

import os
import sys
import tempfile

from arguments.told import told

NAME = "mine"


def kind_of_error(tf, session):
    """Wait at an empty queue, and return how that ends."""
    empty = tf.FIFOQueue(1, tf.int32).dequeue()
    try:
        session.run(empty)
    except tf.errors.OpError as error:
        return type(error).__name__
    finally:
        session.close()


def impatient(tf):
    return tf.ConfigProto(operation_timeout_in_ms=50)


def waits(tf, make, config=None):
    return kind_of_error(tf, make(config=config)) if config else "would wait for ever"


def graph_of(tf, make, graph=None):
    with make(graph=graph() if graph else None) as session:
        return session.graph is tf.get_default_graph() and bool(graph) is False


def refused(tf, make, **given):
    try:
        make(**given).close()
    except tf.errors.NotFoundError as error:
        return type(error).__name__
    return "opened"


SESSIONS = [
    *told("tf.Session", {}, waits, config=impatient),
    *told("tf.InteractiveSession", {}, waits, config=impatient),
    *told("tf.Session", {}, graph_of, graph=lambda tf: tf.Graph),
    *told("tf.Session", {}, refused, target="nonsense://host:1"),
]


def levels(tf):
    return tf.OptimizerOptions(opt_level=tf.OptimizerOptions.L0)


def one_feature(tf):
    floats = tf.train.FloatList(value=[0.5])
    return tf.train.Features(feature={"b": tf.train.Feature(float_list=floats)})


MESSAGES = [
    *told(
        "tf.ConfigProto",
        {},
        log_device_placement=True,
        allow_soft_placement=True,
        graph_options=lambda tf: tf.GraphOptions(optimizer_options=levels(tf)),
        intra_op_parallelism_threads=3,
        inter_op_parallelism_threads=2,
    ),
    *told("tf.GraphOptions", {}, optimizer_options=levels),
    *told("tf.OptimizerOptions", {}, opt_level=-1),
    *told("tf.RunOptions", {}, trace_level=3),
    *told("tf.train.BytesList", {}, value=[b"a", b"bc"]),
    *told("tf.train.Int64List", {}, value=[1, -2, 300]),
    *told(
        "tf.train.Feature",
        {},
        int64_list=lambda tf: tf.train.Int64List(value=[1]),
        bytes_list=lambda tf: tf.train.BytesList(value=[b"a"]),
    ),
    *told(
        "tf.train.Features",
        {},
        feature=lambda tf: {"a": tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))},
    ),
    *told("tf.train.Example", {}, features=one_feature),
    *told(
        "tf.contrib.util.make_tensor_proto",
        {"values": [1, 2, 3, 4]},
        oracle="tf.make_tensor_proto",
        shape=[2, 2],
    ),
]


def variable(tf, function, **given):
    """Make a variable; return it, and what the graph's collections hold."""
    made = function(**given)
    keys = [tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.TRAINABLE_VARIABLES, "kept"]
    tf.add_to_collection("always", made.initializer)
    session = tf.Session()
    session.run(tf.get_collection("always"))
    value = session.run(made)
    session.close()
    found = [[each.name for each in tf.get_collection(key)] for key in keys]
    return [made.op.name, made.dtype.base_dtype.name, value, found]


def in_a_scope(tf, function, **given):
    """Make variables in the scope twice; return their names, or that it is refused."""
    names = []
    for _ in range(2):
        with function("scope", **given):
            try:
                names.append(tf.get_variable("v", [2]).name)
            except ValueError as error:
                names.append(type(error).__name__)
    return names


def initialized(tf, function, **given):
    with function("scope", **{"initializer": tf.zeros_initializer(), **given}):
        return tf.get_variable("v", [2])


VARIABLES = [
    *told(
        "tf.Variable",
        {"initial_value": [1, 2]},
        variable,
        initial_value=[5, 6],
        name=NAME,
        trainable=False,
        dtype="float64",
        collections=["kept"],
    ),
    *told(
        "tf.get_variable",
        {"name": "v", "shape": [2], "initializer": lambda tf: tf.zeros_initializer()},
        variable,
        name=NAME,
        shape=[3, 1],
        initializer=lambda tf: tf.ones_initializer(),
        dtype="float64",
        trainable=False,
        collections=["kept"],
    ),
    *told("tf.variable_scope", {}, in_a_scope, reuse=lambda tf: tf.AUTO_REUSE),
    *told("tf.variable_scope", {}, initialized, initializer=lambda tf: tf.ones_initializer()),
]


def collected(tf, function, scope=None):
    for name in ("a/x", "a/y", "b/x"):
        tf.add_to_collection("kept", tf.identity(1, name=name))
    return [each.name for each in function("kept", scope=scope)]


def imported(tf, function, **given):
    with tf.Graph().as_default() as other:
        tf.constant(3.0, name="three")
    returned = function(other.as_graph_def(), **given)
    return [[each.name for each in tf.get_default_graph().get_operations()], returned]


def derived(tf, function, grad_ys=None):
    x = tf.constant([1.0, 2.0])
    return function(x * x, [x], grad_ys=grad_ys)


def events(tf, function, **given):
    """Write an empty event file; return the kinds of its events."""
    with tempfile.TemporaryDirectory() as folder:
        function(folder, **given).close()
        file = os.path.join(folder, os.listdir(folder)[0])  # noqa: PTH118, PTH208 a file of either
        return [each.WhichOneof("what") for each in tf.train.summary_iterator(file)]


def app(tf, function, main=None, argv=None):
    """Run a program's `main`; return what it was given, and how it ended."""
    given = []
    caller = sys.modules["__main__"]
    before, sys.argv = (sys.argv, getattr(caller, "main", None)), ["program", "a"]
    caller.main = given.append
    try:
        function(main=(lambda argv: given.append(("told", argv)) or 3) if main else None, argv=argv)
    except SystemExit as end:
        return [given, end.code]
    finally:
        sys.argv, caller.main = before


GRAPHS = [
    *told("tf.no_op", {}, name=NAME),
    *told("tf.get_collection", {}, collected, scope="a/"),
    *told("tf.import_graph_def", {}, imported, name=NAME, return_elements=["three:0"]),
    *told("tf.gradients", {}, derived, grad_ys=[[3.0, 5.0]]),
    *told("tf.summary.FileWriter", {}, events, graph=lambda tf: tf.get_default_graph()),
    *told(
        "tf.train.SummaryWriter",
        {},
        events,
        oracle="tf.summary.FileWriter",
        graph=lambda tf: tf.get_default_graph(),
    ),
    *told("tf.app.run", {}, app, main=True, argv=["program", "b", "c"]),
]

ENTRIES = [*SESSIONS, *MESSAGES, *VARIABLES, *GRAPHS]
