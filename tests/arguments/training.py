"""Arguments of optimizers, savers, sessions that are monitored, and supervisors."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from arguments.told import told

NAME = "mine"


def descent(tf, make, **given):
    """Take three steps down from (1, 2); return where they end, and the names of what was made."""
    v = tf.Variable([1.0, 2.0], name="v")
    with tf.Session() as session:
        train = make(**given).minimize(tf.reduce_sum(v * v * v))
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(train)
        return [session.run(v), train.name, [each.name for each in tf.global_variables()]]


def averaged(tf, make, **given):
    v = tf.Variable([1.0, 2.0], name="v")
    with tf.Session() as session:
        averages = make(**given)
        update = averages.apply([v])
        session.run(tf.global_variables_initializer())
        session.run(v.assign([5.0, 5.0]))
        session.run(update)
        return session.run(averages.average(v))


def decayed(tf, function, **given):
    return function(1.0, global_step=15, decay_steps=10, decay_rate=0.5, **given)


MOMENTUM = {"learning_rate": 0.1, "momentum": 0.5}
OPTIMIZERS = [
    *told("tf.train.AdagradOptimizer", {"learning_rate": 0.1}, descent, learning_rate=0.2),
    *told("tf.train.AdamOptimizer", {}, descent, learning_rate=0.2),
    *told("tf.train.AdamOptimizer", {"learning_rate": 0.5}, descent, beta1=0.3, beta2=0.5),
    *told("tf.train.GradientDescentOptimizer", {"learning_rate": 0.01}, descent, learning_rate=0.1),
    *told("tf.train.MomentumOptimizer", MOMENTUM, descent, learning_rate=0.05, momentum=0.9),
    *told(
        "tf.train.RMSPropOptimizer",
        {"learning_rate": 0.1},
        descent,
        learning_rate=0.2,
        decay=0.5,
        momentum=0.5,
        epsilon=1.0,
        name=NAME,
    ),
    *told("tf.train.ExponentialMovingAverage", {"decay": 0.9}, averaged, decay=0.5),
    *told("tf.train.exponential_decay", {}, decayed, staircase=True),
]


def saved(tf, make, **given):
    """Save three times; return the files that are kept."""
    v = tf.Variable(1.0)
    with tf.Session() as session, tempfile.TemporaryDirectory() as folder:
        saver = make(**given)
        session.run(v.initializer)
        for step in range(3):
            saver.save(session, os.path.join(folder, "model"), global_step=step)  # noqa: PTH118
        return sorted(path.name for path in Path(folder).glob("*.index"))


def ready_at_once(tf, **given):
    """A scaffold of a worker that waits for nobody."""
    nothing = tf.constant([], tf.string)
    return tf.train.Scaffold(ready_op=nothing, ready_for_local_init_op=nothing, **given)


def monitored(tf, make, folder=False, **given):
    """Open a session and take two steps; return what became of it."""
    step = tf.train.get_or_create_global_step()
    add = tf.assign_add(step, 1)
    with tempfile.TemporaryDirectory() as made:
        if folder:
            given["checkpoint_dir"] = made
        if given.get("checkpoint_dir") == "a folder":
            given["checkpoint_dir"] = os.path.join(made, "b")  # noqa: PTH118
        init = tf.assign(step, 40) if given.pop("scaffold", False) else None
        try:
            with make(scaffold=ready_at_once(tf, init_op=init), **given) as session:
                for _ in range(2):
                    if not session.should_stop():
                        last = session.run(add)
        except tf.errors.OpError as error:
            return type(error).__name__
        kept = sorted(path.name for path in Path(made).rglob("*.index"))
        return [int(last), kept]


def impatient(tf):
    return tf.ConfigProto(operation_timeout_in_ms=50)


def stuck(tf, make, config=None):
    """Wait in a session at an empty queue; return how that ends."""
    empty = tf.FIFOQueue(1, tf.int32).dequeue()
    if config is None:
        return "would wait for ever"
    try:
        with make(config=config, scaffold=ready_at_once(tf)) as session:
            session.run(empty)
    except tf.errors.OpError as error:
        return type(error).__name__


def stopped(tf, make, **given):
    return monitored(tf, tf.train.MonitoredTrainingSession, hooks=[make(**given)])


def scaffolded(tf, make, **given):
    """Let a chief make its session by a scaffold; return the variables that it initialised."""
    first = tf.Variable(1.0, name="first")
    local = tf.get_local_variable("local", initializer=2.0, dtype=tf.float32)
    ops = {"init_op": tf.assign(first, 5.0), "local_init_op": tf.assign(local, 6.0)}
    nothing = tf.constant([], tf.string)
    rest = {"ready_op": nothing, "ready_for_local_init_op": nothing}
    scaffold = make(**{name: ops[name] for name in given}, **rest)
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)) as session:
        return [float(each) for each in session.run([first.value(), local.value()])]


MONITORED = [
    *told(
        "tf.train.MonitoredTrainingSession",
        {"folder": True},
        monitored,
        master="nonsense://host:1",
        is_chief=False,
        hooks=lambda tf: [tf.train.StopAtStepHook(last_step=1)],
        save_checkpoint_secs=0,
        scaffold=True,
    ),
    *told("tf.train.MonitoredTrainingSession", {}, monitored, checkpoint_dir="a folder"),
    *told("tf.train.MonitoredTrainingSession", {}, stuck, config=impatient),
    *told("tf.train.StopAtStepHook", {"last_step": 1}, stopped, last_step=2),
    *told("tf.train.Scaffold", {}, scaffolded, init_op=True, local_init_op=True),
]


def supervised(tf, make, **given):
    """Make a supervisor; return what it holds."""
    with tf.device("/cpu:0"):  # where replicas must be told
        v = tf.Variable(1.0, name="v")
        step = tf.Variable(0, trainable=False, name="mine")
    mine = {
        "global_step": lambda: step,
        "init_op": lambda: tf.assign(v, 5.0),
        "saver": lambda: None,
        "summary_op": lambda: tf.summary.scalar("mine", v),
    }
    made = {key: mine[key]() if key in mine else each for key, each in given.items()}
    with tempfile.TemporaryDirectory() as folder:
        if "logdir" in made:
            made["logdir"] = os.path.join(folder, made["logdir"])  # noqa: PTH118
        supervisor = make(**made)
    held = [
        supervisor.save_path and Path(supervisor.save_path).name,
        supervisor.save_model_secs,
        supervisor.is_chief,
        supervisor.saver is None,
        *(
            None if each is None else each.name
            for each in (supervisor.global_step, supervisor.init_op, supervisor.summary_op)
        ),
    ]
    return [*held, supervisor.summary_writer is None]


SUPERVISOR = told(
    "tf.train.Supervisor",
    {},
    supervised,
    logdir="logs",
    save_model_secs=7,
    is_chief=False,
    global_step=True,
    init_op=True,
    summary_op=True,
    saver=True,
)

ENTRIES = [
    *OPTIMIZERS,
    *told("tf.train.Saver", {}, saved, max_to_keep=2),
    *MONITORED,
    *SUPERVISOR,
]
