"""Programs with monitored sessions, for MiniTF and TensorFlow alike: each returns what happened.

A program takes a library and an empty folder and returns a list that tells the calls of its hooks,
what was raised, and what it computed, in order.  What depends on which of a step's operations came
first is not told.
"""

from __future__ import annotations

import builtins
import contextlib
import logging
import re
import threading
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from event_logs import EventLog


class Training:
    """A graph that counts its steps, and the log of what happens in it."""

    def __init__(self, tf):
        self.tf = tf
        self.log = []
        self.step = tf.train.get_or_create_global_step()
        self.count = self.adding(1)

    def adding(self, stride):
        """Add to the step, after whatever a hook reads of it: else either may come first."""
        name = "minitf.train" if self.tf.__name__ == "minitf" else "tensorflow.python.training"
        reading = import_module(f"{name}.training_util")._get_or_create_global_step_read()
        with self.tf.control_dependencies([reading]):
            return self.tf.assign_add(self.step, stride)

    def hook(self, name="hook", **acts):
        """Make a hook that logs its calls; `before_run=act` lets it call `act(call, argument)`."""
        log = self.log
        calls = dict.fromkeys(acts, 0)

        def act(kind, *arguments):
            log.append(f"{name}.{kind}")
            if kind in acts:
                calls[kind] += 1
                return acts[kind](calls[kind], *arguments)
            return None

        class Recorder(self.tf.train.SessionRunHook):
            def begin(self):
                act("begin")

            def after_create_session(self, session, coord):
                act("after_create_session", session, coord)

            def before_run(self, run_context):
                return act("before_run", run_context)

            def after_run(self, run_context, run_values):
                act("after_run", run_context, run_values)

            def end(self, session):
                act("end", session)

        return Recorder()

    def error(self, name):
        """Make an error: one of Python's, or one of the library's."""
        kind = getattr(self.tf.errors, name, None)
        return getattr(builtins, name)("made up") if kind is None else kind(None, None, "made up")

    @contextlib.contextmanager
    def noted(self):
        """Log what the block raises."""
        try:
            yield
        except BaseException as error:  # noqa: BLE001 KeyboardInterrupt too
            self.log.append(type(error).__name__)

    def run(self, session, times, fetches=None):
        """Run so many steps or until the session says to stop, and log how many and the last."""
        runs, value = 0, None
        while runs < times and not session.should_stop():
            value = session.run(self.count if fetches is None else fetches)
            runs += 1
        self.log.append((runs, None if value is None else int(value)))


def raising(training, name, at=2):
    """Return an act that raises at its call number `at`, and only there."""

    def act(number, *arguments):
        if number == at:
            raise training.error(name)

    return act


# --- the order of calls -------------------------------------------------------------------------


def hooks_in_order(tf, folder):
    t = Training(tf)
    with tf.train.MonitoredSession(hooks=[t.hook("a"), t.hook("b")]) as session:
        t.run(session, 3)
    return t.log


def a_hook_asks_to_stop(tf, folder):
    t = Training(tf)

    def asks(number, context, values):
        return number == 2 and context.request_stop()

    with tf.train.MonitoredSession(hooks=[t.hook("a", after_run=asks), t.hook("b")]) as session:
        t.run(session, 5)
        with t.noted():
            session.run(t.count)
    return t.log


def ended_by(name):
    def program(tf, folder):
        t = Training(tf)
        with t.noted(), tf.train.MonitoredSession(hooks=[t.hook()]) as session:
            t.run(session, 1)
            raise t.error(name)
        t.log.append((session.should_stop(), session.graph, tf.get_default_graph().finalized))
        return t.log

    return program


def the_graph_stays_as_it_was(tf, folder):
    Training(tf)
    scaffold = tf.train.Scaffold(init_op=tf.global_variables_initializer()).finalize()
    with tf.train.SingularMonitoredSession(scaffold=scaffold):
        pass
    return [tf.get_default_graph().finalized]


# --- failures -----------------------------------------------------------------------------------


def lost(where, name, at, is_singular):
    """The session is lost in a hook's method, at its call number `at`."""

    def program(tf, folder):
        t = Training(tf)
        hooks = [t.hook("a"), t.hook("b", **{where: raising(t, name, at)}), t.hook("c")]
        kind = tf.train.SingularMonitoredSession if is_singular else tf.train.MonitoredSession
        with t.noted(), kind(hooks=hooks) as session:
            t.run(session, 3)
        return t.log

    return program


def the_session_is_lost_while_it_is_made(tf, folder):
    t = Training(tf)
    attempts = []

    class Creator(tf.train.SessionCreator):
        def create_session(self):
            attempts.append(1)
            if len(attempts) < 3:
                raise t.error("UnavailableError")
            return tf.train.ChiefSessionCreator().create_session()

    with tf.train.MonitoredSession(Creator(), hooks=[t.hook()]) as session:
        t.run(session, 2)
    return [*t.log, len(attempts)]


def a_thread_fails_before_the_session_is_lost(tf, folder):
    t = Training(tf)

    def fail(number, session, coord):
        if number == 1:
            with coord.stop_on_exception():
                raise t.error("ValueError")
            raise t.error("UnavailableError")

    with tf.train.MonitoredSession(hooks=[t.hook(after_create_session=fail)]) as session:
        t.run(session, 2)
    return t.log


def a_thread_fails_and_then_the_run_loses_the_session(tf, folder):
    t = Training(tf)
    coords = []
    hook = t.hook(after_create_session=lambda number, session, coord: coords.append(coord))
    lose = t.hook(after_run=raising(t, "AbortedError"))
    with t.noted():
        session = tf.train.MonitoredSession(hooks=[hook, lose])
        t.run(session, 1)
        with coords[0].stop_on_exception():
            raise t.error("ValueError")
        with t.noted():
            session.run(t.count)
        t.log += [session.should_stop(), len(coords)]
        session.close()
    return t.log


def another_session_cannot_be_made(tf, folder):
    t = Training(tf)
    attempts = []

    class Creator(tf.train.SessionCreator):
        def create_session(self):
            attempts.append(1)
            if len(attempts) == 2:
                raise ValueError
            return tf.train.ChiefSessionCreator().create_session()

    hook = t.hook(after_run=raising(t, "AbortedError"))
    with t.noted():
        session = tf.train.MonitoredSession(Creator(), hooks=[hook])
        t.run(session, 1)
        with t.noted():
            t.run(session, 1)
        t.log.append(session.should_stop())
        t.log.append(int(session.run(t.count)))
        t.log.append(session.should_stop())
        session.close()
    return t.log


def thread_fails_with(name, is_singular, then):
    """A thread fails; then the main thread asks whether to stop, runs or closes."""

    def program(tf, folder):
        t = Training(tf)
        failed = []

        def start(number, session, coord):
            def fail():
                with coord.stop_on_exception():
                    raise t.error(name)

            if number == 1:
                thread = threading.Thread(target=fail)
                thread.start()
                thread.join()
                failed.append(coord.should_stop())

        kind = tf.train.SingularMonitoredSession if is_singular else tf.train.MonitoredSession
        with t.noted():
            session = kind(hooks=[t.hook(after_create_session=start)])
            with t.noted():
                t.log.append(then(t, session))
            session.close()
        return [*t.log, failed]

    return program


def ask(t, session):
    return session.should_stop()


def run(t, session):
    return int(session.run(t.count))


def run_what_fails(t, session):
    return session.run(t.tf.get_default_graph().get_tensor_by_name("bad:0"))


def thread_fails_beside_a_run(name):
    def program(tf, folder):
        tf.check_numerics(tf.constant(np.nan), "bad", name="bad")
        return thread_fails_with(name, is_singular=True, then=run_what_fails)(tf, folder)

    return program


def a_thread_that_does_not_end_is_left(tf, folder):
    t = Training(tf)
    may_end = threading.Event()
    threads = []

    def start(number, session, coord):
        threads.append(threading.Thread(target=may_end.wait))
        coord.register_thread(threads[-1])
        threads[-1].start()

    hook = t.hook(after_create_session=start, after_run=raising(t, "AbortedError"))
    with tf.train.MonitoredSession(hooks=[hook], stop_grace_period_secs=0.01) as session:
        t.run(session, 2)
    t.log += [thread.is_alive() for thread in threads]
    may_end.set()
    for thread in threads:
        thread.join()
    return t.log


# --- one run ------------------------------------------------------------------------------------


def what_hooks_fetch_and_feed(tf, folder):
    t = Training(tf)
    x, y, z = (tf.placeholder(tf.float32, name=name) for name in "xyz")
    twice = x * 2
    fetching = tf.train.SessionRunArgs({"sum": x + y, "all": [x, (y, t.count.op)]})
    feeding = tf.train.SessionRunArgs(None, {y: 2.0})

    def seen(number, context, values):
        t.log.append(
            (values.results if values.results is None else values.results["sum"].item(), None)
        )

    hooks = [
        t.hook("a", before_run=lambda *_: fetching, after_run=seen),
        t.hook("b", before_run=lambda *_: feeding, after_run=seen),
    ]
    with tf.train.MonitoredSession(hooks=hooks) as session:
        t.log.append(session.run({"twice": twice, "y": [y]}, {x: 1.0})["twice"].item())
        t.log.append(session.run([x, z], feed_dict={x: 1.0, z: 4.0}))
        with t.noted():
            session.run(x, {x: 1.0, y: 3.0})
    return t.log


def two_hooks_feed_one_tensor(tf, folder):
    t = Training(tf)
    x = tf.placeholder(tf.float32)

    def feeding(*_):
        return tf.train.SessionRunArgs(None, {x: 2.0})

    hooks = [t.hook("a", before_run=feeding), t.hook("b", before_run=feeding), t.hook("c")]
    with t.noted(), tf.train.MonitoredSession(hooks=hooks) as session:
        session.run(x)
    return t.log


def what_a_hook_is_told(tf, folder):
    t = Training(tf)
    x = tf.placeholder(tf.float32, name="x")

    def told(number, context, values=None):
        t.log.append(
            (
                *(context.original_args.fetches.name, context.original_args.options),
                *(context.stop_requested, [key.name for key in context.original_args.feed_dict]),
                int(context.session.run(t.step)),
            )
        )

    with tf.train.MonitoredSession(hooks=[t.hook(before_run=told, after_run=told)]) as session:
        session.run(x, {x: 1.0})
    return t.log


def options_are_merged(tf, folder):
    t = Training(tf)
    options = [
        tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, timeout_in_ms=10_000),
        tf.RunOptions(output_partition_graphs=True, timeout_in_ms=60_000),
    ]

    def seen(number, context, values):
        t.log.append(
            (
                values.options.trace_level,
                values.options.timeout_in_ms,
                values.options.output_partition_graphs,
                values.options.report_tensor_allocations_upon_oom,
                len(values.run_metadata.step_stats.dev_stats) > 0,
                len(values.run_metadata.partition_graphs) > 0,
            )
        )

    hooks = [
        t.hook(before_run=lambda _, context, each=each: tf.train.SessionRunArgs(None, None, each))
        for each in options
    ]
    metadata = tf.RunMetadata()
    with tf.train.MonitoredSession(hooks=[*hooks, t.hook(after_run=seen)]) as session:
        session.run(t.count, run_metadata=metadata)
        mine = tf.RunOptions(report_tensor_allocations_upon_oom=True, timeout_in_ms=90_000)
        session.run(t.count, options=mine)
    return [*t.log, len(metadata.step_stats.dev_stats) > 0]


def functions_of_a_step(tf, folder):
    t = Training(tf)

    def seen(number, context, values):
        return t.log.append(int(context.session.run(t.step)))

    def both(step_context):
        before = int(step_context.session.run(t.count))  # without hooks
        return before, int(step_context.run_with_hooks(t.count))

    class Model:
        def step(self, step_context):
            return int(step_context.run_with_hooks(t.count, feed_dict=None))

    with tf.train.MonitoredSession(hooks=[t.hook(after_run=seen)]) as session:
        t.log.append(session.run_step_fn(both))
        t.log.append(session.run_step_fn(Model().step))
        t.log.append(session.run_step_fn(lambda step_context: "nothing"))
        for wrong in (lambda: 1, lambda context: 1, lambda step_context, more: 1):
            with t.noted():
                session.run_step_fn(wrong)
        session.run_step_fn(lambda step_context: step_context.request_stop())
    t.log.append(session.should_stop())
    return t.log


def a_step_function_loses_the_session(tf, folder):
    t = Training(tf)
    hook = t.hook(before_run=raising(t, "AbortedError"))
    with tf.train.MonitoredSession(hooks=[hook]) as session:

        def step(step_context):
            return int(step_context.run_with_hooks(t.count))

        t.log.extend([session.run_step_fn(step), session.run_step_fn(step)])
    return t.log


# --- what is in the graph -----------------------------------------------------------------------


def scaffolds(tf, folder):
    t = Training(tf)
    local = tf.get_variable("local", [], collections=[tf.GraphKeys.LOCAL_VARIABLES])
    v = tf.get_variable("v", initializer=tf.placeholder_with_default(1.0, [], name="x") * 2)
    x = tf.get_default_graph().get_tensor_by_name("x:0")

    def init_fn(scaffold, session):
        t.log.append((scaffold is built, session.run(v).item()))
        session.run(add)

    add = v.assign_add(10.0)
    first = tf.train.Scaffold(init_feed_dict={x: 3.0}, init_fn=init_fn)
    built = tf.train.Scaffold(copy_from_scaffold=first)
    with t.noted():
        tf.train.Scaffold(copy_from_scaffold=t)
    with tf.train.SingularMonitoredSession(scaffold=built) as session:
        t.log.append((session.run(v).item(), session.run(local).shape))
    keys = tf.GraphKeys
    for key in (keys.INIT_OP, keys.READY_OP, keys.LOCAL_INIT_OP, keys.SUMMARY_OP, keys.SAVERS):
        t.log.append((key, len(tf.get_collection(key))))
    t.log.append(len(tf.get_collection(keys.READY_FOR_LOCAL_INIT_OP)))
    t.log.append([built.ready_op.dtype.name, built.ready_for_local_init_op.shape.ndims])
    t.log.append([first.init_op, first.saver, built.summary_op, built.init_feed_dict == {x: 3.0}])
    with t.noted():
        first.init_op = built.init_op
    return t.log


def two_savers_in_the_collection(tf, folder):
    t = Training(tf)
    for _ in range(2):
        tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
    with t.noted():
        tf.train.Scaffold().finalize()
    with t.noted():
        tf.train.Scaffold.get_or_default("saver", tf.GraphKeys.SAVERS, lambda: 1)
    return t.log


def tables_are_initialized(tf, folder):
    t = Training(tf)
    for _ in range(2):
        t.log.append(tf.tables_initializer().name)
        table = tf.Variable(7.0, collections=[])
        tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, table.initializer)
    with tf.train.MonitoredSession() as session:
        t.log.append(session.run(table).item())
    return t.log


def local_variables_wait_for_global_ones(tf, folder):
    t = Training(tf)
    v = tf.get_variable("v", initializer=2.0)
    local = tf.get_variable(
        "local", initializer=v.initialized_value() * 3, collections=[tf.GraphKeys.LOCAL_VARIABLES]
    )
    with tf.train.MonitoredSession() as session:
        t.log.append(session.run([v, local]))
    return t.log


# --- sessions by a manager ----------------------------------------------------------------------


def sessions_of_a_manager(tf, folder):
    t = Training(tf)
    v = tf.get_variable("v", initializer=1.0)
    saver, init = tf.train.Saver(), tf.global_variables_initializer()
    ready = tf.report_uninitialized_variables()
    path = f"{folder}/model"
    manager = tf.train.SessionManager(ready_op=ready, recovery_wait_secs=0.01)
    options = {"saver": saver, "checkpoint_dir": str(folder)}
    with t.noted():
        manager.prepare_session("", **options)
    with t.noted():
        manager.prepare_session("", init_op=tf.no_op(), **options)
    session, is_ready = manager.recover_session("", **options)
    t.log.append(is_ready)
    session = manager.prepare_session(
        "", init_op=init, init_fn=lambda session: t.log.append("init_fn"), **options
    )
    session.run(t.count)
    saver.save(session, path, global_step=t.step)
    session = manager.prepare_session("", init_op=init, **options)
    t.log.append(session.run([t.step, v])[0].item())
    session = manager.prepare_session("", saver=saver, checkpoint_filename_with_path=f"{path}-1")
    t.log.append(session.run(t.step).item())
    session, is_ready = manager.recover_session("", **options)
    t.log.append((is_ready, session.run(t.step).item(), len(saver.last_checkpoints)))
    with t.noted():
        manager.recover_session("", checkpoint_filename_with_path=path, **options)
    with t.noted():
        manager.wait_for_session("", max_wait_secs=0)
    with t.noted():
        tf.train.SessionManager(ready_for_local_init_op=ready)
    return t.log


def a_manager_waits_for_a_checkpoint(tf, folder):
    t = Training(tf)
    saver, init = tf.train.Saver(), tf.global_variables_initializer()
    manager = tf.train.SessionManager(recovery_wait_secs=7)
    options = {"saver": saver, "checkpoint_dir": str(folder), "wait_for_checkpoint": True}
    waits = []

    def others_save(seconds):
        waits.append(1)
        if len(waits) == 3:
            with tf.Session() as session:
                session.run(init)
                session.run(t.count)
                saver.save(session, f"{folder}/model", global_step=t.step)

    slept, time.sleep = time.sleep, others_save
    try:
        session = manager.prepare_session("", init_op=init, **options)
        t.log += [session.run(t.step).item(), len(waits)]
        session, is_ready = manager.recover_session("", max_wait_secs=0, **options)
        t.log += [is_ready, len(waits)]
        options["checkpoint_dir"] += "/elsewhere"
        session, is_ready = manager.recover_session("", max_wait_secs=0, **options)
        t.log += [is_ready, len(waits)]
    finally:
        time.sleep = slept
    return t.log


def readiness(kind):
    """What `ready_op` gives that means ready, or not."""

    def program(tf, folder):
        t = Training(tf)
        ready = {
            "numbers": lambda: tf.constant([1, 2]),
            "names": lambda: tf.constant(["v", "w"]),
            "nothing": lambda: tf.constant([], tf.string),
            "operation": tf.no_op,
            "uninitialized": lambda: tf.identity(tf.Variable(["s"])),
        }[kind]()
        manager = tf.train.SessionManager(ready_op=ready, local_init_op=tf.no_op())
        with t.noted():
            manager.prepare_session("", init_op=t.step.initializer)
            t.log.append("ready")
        return t.log

    return program


# --- hooks of the library -----------------------------------------------------------------------


def stops(stride, **options):
    def program(tf, folder):
        t = Training(tf)
        add = t.adding(stride)
        with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(**options)]) as session:
            t.run(session, 30, add)
        return t.log

    return program


def checkpoints(stride, runs, **options):
    """Save by steps, with a listener that asks to stop at its third save."""

    def program(tf, folder):
        t = Training(tf)
        add = t.adding(stride)

        class Listener(tf.train.CheckpointSaverListener):
            def begin(self):
                t.log.append("begin")

            def before_save(self, session, global_step_value):
                t.log.append(("before", int(global_step_value)))

            def after_save(self, session, global_step_value):
                t.log.append(("after", int(global_step_value)))
                return len(t.log) > 6

            def end(self, session, global_step_value):
                t.log.append(("end", int(global_step_value)))

        hook = tf.train.CheckpointSaverHook(
            str(folder),
            scaffold=(scaffold := tf.train.Scaffold()),
            listeners=[Listener()],
            **options,
        )
        creator = tf.train.ChiefSessionCreator(scaffold, checkpoint_dir=str(folder))
        for _ in range(2):
            with tf.train.MonitoredSession(creator, hooks=[hook]) as session:
                t.run(session, runs, add)
        state = tf.train.get_checkpoint_state(str(folder))
        kept = [Path(path).name for path in state.all_model_checkpoint_paths]
        return [*t.log, kept, (Path(folder) / "graph.pbtxt").exists()]

    return program


def training_sessions(**options):
    """The hooks that MonitoredTrainingSession adds, by what they leave in the folders."""

    def program(tf, folder):
        t = Training(tf)
        hooks = {"hooks": [t.hook("all")], "chief_only_hooks": [t.hook("chief")]}
        places = {k: str(folder / v) for k, v in options.items() if k.endswith("_dir")}
        with (
            t.noted(),
            tf.train.MonitoredTrainingSession(**{**hooks, **options, **places}) as session,
        ):
            t.run(session, 3)
        for each in sorted(set(places.values())):
            saved = Path(each).glob("*.index")
            t.log.append([path.name for path in sorted(saved)])
        return t.log

    return program


def summaries(runs, **options):
    def program(tf, folder):
        t = Training(tf)
        summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
        written = tf.constant(summary.SerializeToString())
        events = EventLog()
        hook = tf.train.SummarySaverHook(
            summary_writer=events, summary_op=[written, written], **options
        )
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            t.run(session, runs)
        return [*t.log, *events.events, *events.summaries]

    return program


def rates(runs, **options):
    def program(tf, folder):
        t = Training(tf)
        events = EventLog()
        hook = tf.train.StepCounterHook(summary_writer=events, **options)
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            t.run(session, runs)
        return [*t.log, *events.events, [tag for tag, _ in events.summaries]]

    return program


class _Lines(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@contextlib.contextmanager
def logged(pattern):
    """Give the list of the library's log lines that match, with seconds left out."""
    logger = logging.getLogger("tensorflow")
    handler, level = _Lines(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    found = []
    try:
        yield found
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
        lines = (re.sub(r"\(\d+\.\d+ sec\)", "(... sec)", line) for line in handler.lines)
        found.extend(line for line in lines if re.search(pattern, line))


def logs(tensors, runs=5, **options):
    def program(tf, folder):
        t = Training(tf)
        tf.constant([1e-9, 1.0, 2.0], name="x")
        tf.identity(2.5, name="y")
        hook = tf.train.LoggingTensorHook(tensors(tf), **options)
        with logged(r" = |^got"), tf.train.MonitoredSession(hooks=[hook]) as session:
            pass
        with logged(r" = |^got") as lines, tf.train.MonitoredSession(hooks=[hook]) as session:
            t.run(session, runs)
        return [*t.log, *lines]

    return program


def y_of(tf):
    return tf.get_default_graph().get_tensor_by_name("y:0")


def what_cannot_be_logged(tf, folder):
    t = Training(tf)
    tf.split([1, 2], 2, name="pair")
    for tensors, options in [
        (["x"], {}),
        (["x"], {"every_n_iter": 0}),
        (["x"], {"every_n_iter": 1, "every_n_secs": 1}),
    ]:
        with t.noted():
            tf.train.LoggingTensorHook(tensors, **options)
    for tensors in (["missing"], ["pair"], [1]):
        with t.noted():
            tf.train.LoggingTensorHook(tensors, every_n_iter=1).begin()
    return t.log


def a_loss_is_nan(fails):
    def program(tf, folder):
        t = Training(tf)
        loss = tf.where(tf.equal(t.count, 3), np.nan, 1.0)
        hook = tf.train.NanTensorHook(loss, fail_on_nan_loss=fails)
        with t.noted(), tf.train.MonitoredSession(hooks=[hook, t.hook()]) as session:
            t.run(session, 5)
        return t.log

    return program


def final_values(tf, folder):
    t = Training(tf)
    x = tf.placeholder(tf.int64)
    hook = tf.train.FinalOpsHook({"sum": x + t.step}, {x: 10})
    t.log.append(hook.final_ops_values)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        t.run(session, 2)
    t.log.append(hook.final_ops_values["sum"].item())
    queue = tf.FIFOQueue(1, tf.int32)
    hook = tf.train.FinalOpsHook(queue.dequeue())
    close = queue.close()
    with t.noted(), tf.train.MonitoredSession(hooks=[hook]) as session:
        session.run(close)
    return t.log


def hooks_need_a_global_step(tf, folder):
    t = Training(tf)
    train = tf.train
    hooks = [
        train.StopAtStepHook(1),
        train.CheckpointSaverHook(str(folder), 1),
        train.StepCounterHook(1),
        train.SummarySaverHook(1, summary_op=tf.constant("")),
        train.GlobalStepWaiterHook(1),
    ]
    with tf.Graph().as_default():
        for hook in hooks:
            with t.noted():
                hook.begin()
    for kind, options in [
        (train.StopAtStepHook, {}),
        (train.StopAtStepHook, {"num_steps": 1, "last_step": 1}),
        (train.StepCounterHook, {"every_n_secs": 1}),
        (train.StepCounterHook, {"every_n_steps": None}),
        (train.SummarySaverHook, {"save_steps": 1}),
        (train.SummarySaverHook, {"summary_op": "", "scaffold": train.Scaffold()}),
        (train.CheckpointSaverHook, {"checkpoint_dir": "x"}),
        (train.CheckpointSaverHook, {"checkpoint_dir": "x", "save_secs": 1, "save_steps": 1}),
        (train.CheckpointSaverHook, {"checkpoint_dir": "x", "saver": 1, "scaffold": 1}),
        (train.SecondOrStepTimer, {}),
        (train.SecondOrStepTimer, {"every_secs": 1, "every_steps": 1}),
    ]:
        with t.noted():
            kind(**options)
    return t.log


def a_timer_of_steps(tf, folder):
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    log = [timer.last_triggered_step(), timer.should_trigger_for_step(0)]
    log.append(timer.update_last_triggered_step(5))
    log += [timer.should_trigger_for_step(step) for step in (0, 5, 7, 8, 9)]
    log.append(timer.update_last_triggered_step(9)[1])
    log.append(timer.last_triggered_step())
    timer.reset()
    log += [timer.last_triggered_step(), timer.should_trigger_for_step(9)]
    return log


def a_timer_of_seconds(tf, folder):
    timer = tf.train.SecondOrStepTimer(every_secs=3600)
    timer.update_last_triggered_step(1)
    at_once = tf.train.SecondOrStepTimer(every_secs=0)
    at_once.update_last_triggered_step(1)
    return [each.should_trigger_for_step(step) for each in (timer, at_once) for step in (1, 2)]


PROGRAMS = {
    program.__name__: program
    for program in (
        *(hooks_in_order, a_hook_asks_to_stop, the_graph_stays_as_it_was),
        *(the_session_is_lost_while_it_is_made, another_session_cannot_be_made),
        *(what_hooks_fetch_and_feed, two_hooks_feed_one_tensor, what_a_hook_is_told),
        *(options_are_merged, functions_of_a_step, a_step_function_loses_the_session),
        *(scaffolds, two_savers_in_the_collection, local_variables_wait_for_global_ones),
        *(
            tables_are_initialized,
            sessions_of_a_manager,
            what_cannot_be_logged,
            final_values,
            hooks_need_a_global_step,
        ),
        *(a_timer_of_steps, a_timer_of_seconds, a_thread_that_does_not_end_is_left),
        *(a_manager_waits_for_a_checkpoint, a_thread_fails_before_the_session_is_lost),
        *(a_thread_fails_and_then_the_run_loses_the_session,),
    )
}
for error in (
    "OutOfRangeError",
    "StopIteration",
    "AbortedError",
    "ValueError",
    "KeyboardInterrupt",
):
    PROGRAMS[f"ended_by({error})"] = ended_by(error)
    for then in (ask, run):
        for is_singular in (False, True):
            PROGRAMS[f"thread_fails({error}, {is_singular}, {then.__name__})"] = thread_fails_with(
                error, is_singular, then
            )
    PROGRAMS[f"thread_fails_beside_a_run({error})"] = thread_fails_beside_a_run(error)
for where, at in (
    ("begin", 1),
    ("after_create_session", 1),
    ("before_run", 2),
    ("after_run", 2),
    ("end", 1),
):
    for error in ("AbortedError", "UnavailableError", "OutOfRangeError", "InternalError"):
        for is_singular in (False, True):
            PROGRAMS[f"lost({where}, {error}, {is_singular})"] = lost(where, error, at, is_singular)
for kind in ("numbers", "names", "nothing", "operation", "uninitialized"):
    PROGRAMS[f"readiness({kind})"] = readiness(kind)
for stride, options in [(1, {"num_steps": 4}), (1, {"last_step": 5}), (3, {"num_steps": 7})]:
    PROGRAMS[f"stops({stride}, {options})"] = stops(stride, **options)
for stride, runs, options in [
    (1, 5, {"save_steps": 2}),
    (2, 3, {"save_steps": 3}),
    (1, 3, {"save_secs": 3600, "checkpoint_basename": "net"}),
]:
    PROGRAMS[f"checkpoints({stride}, {options})"] = checkpoints(stride, runs, **options)
for options in (
    {},
    {"checkpoint_dir": "train"},
    {"checkpoint_dir": "train", "save_checkpoint_steps": 1, "summary_dir": "events"},
    {"checkpoint_dir": "train", "save_checkpoint_secs": None},
    {"checkpoint_dir": "train", "save_checkpoint_secs": 0, "save_summaries_steps": 0},
    {"summary_dir": "events", "log_step_count_steps": 1, "save_summaries_secs": 1},
    {"checkpoint_dir": "train", "save_checkpoint_secs": 5, "save_checkpoint_steps": 5},
):
    PROGRAMS[f"training_sessions({options})"] = training_sessions(**options)
for options in ({"save_steps": 1}, {"save_steps": 2}, {"save_steps": 3}, {"save_secs": 3600}):
    PROGRAMS[f"summaries({options})"] = summaries(6, **options)
for options in ({"every_n_steps": 1}, {"every_n_steps": 3}):
    PROGRAMS[f"rates({options})"] = rates(7, **options)
for name, tensors, options in [
    ("listed names", lambda tf: ["y", "x:0"], {"every_n_iter": 2}),
    ("listed tensors", lambda tf: [y_of(tf)], {"every_n_iter": 4}),
    ("by tag", lambda tf: {"b": "x", "a": y_of(tf)}, {"every_n_iter": 2, "at_end": True}),
    ("at the end", lambda tf: {"b": "x"}, {"at_end": True}),
    ("once", lambda tf: ["x"], {"every_n_secs": 3600}),
    (
        "formatted",
        lambda tf: {"b": "y"},
        {"every_n_iter": 3, "formatter": lambda values: f"got {values['b']}"},
    ),
]:
    PROGRAMS[f"logs({name})"] = logs(tensors, **options)
for fails in (False, True):
    PROGRAMS[f"a_loss_is_nan({fails})"] = a_loss_is_nan(fails)
