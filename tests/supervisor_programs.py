"""Programs with a Supervisor, for MiniTF and TensorFlow alike: each returns what happened.

As `session_programs`; what threads have done beside the program is told without its order.
"""

from __future__ import annotations

from pathlib import Path

from event_logs import EventLog
from session_programs import Training

DEADLINE_S = 60


def supervised(t, **options):
    """Make a Supervisor that does nothing on the side but what is asked for."""
    return t.tf.train.Supervisor(**{"save_model_secs": 0, "save_summaries_secs": 0, **options})


def goes_on_where_it_ended(tf, folder):
    log = []
    for last in (3, 5):
        with tf.Graph().as_default():
            t = Training(tf)
            sv = supervised(t, logdir=str(folder), summary_writer=None)
            with sv.managed_session() as session:
                t.log.append(int(session.run(t.step)))
                while not sv.should_stop():
                    if int(session.run(t.count)) == last:
                        sv.request_stop()
                sv.saver.save(session, sv.save_path, global_step=sv.global_step)
            with t.noted():
                session.run(t.step)
            log += t.log
    return [*log, sorted(each.name for each in Path(folder).iterdir() if "-" not in each.name)]


def ended_by(name):
    def program(tf, folder):
        t = Training(tf)
        sv = supervised(t)
        with t.noted(), sv.managed_session() as session:
            session.run(t.count)
            raise t.error(name)
        return [*t.log, sv.should_stop(), tf.get_default_graph().finalized]

    return program


def loop_fails_with(name):
    def program(tf, folder):
        t = Training(tf)
        sv = supervised(t)

        def fail(error, more):
            raise t.error(error)

        with t.noted(), sv.managed_session():
            sv.loop(None, fail, args=(name,), kwargs={"more": 1})
            sv.wait_for_stop()
            t.log.append(sv.should_stop())
        return t.log

    return program


def loops_end_with_the_session(tf, folder):
    t = Training(tf)
    sv = supervised(t)
    with sv.managed_session() as session:
        looper = sv.Loop(0.001, lambda: session.run(t.count) > 3 and sv.request_stop())
        sv.coord.wait_for_stop(DEADLINE_S)
        with sv.stop_on_exception():
            t.log.append(int(session.run(t.step)) >= 4)
    return [*t.log, looper.is_alive()]


def services(tf, folder):
    t = Training(tf)
    value = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
    events = EventLog()
    sv = tf.train.Supervisor(
        logdir=str(folder),
        summary_op=tf.constant(value.SerializeToString()),
        summary_writer=events,
        save_summaries_secs=0.001,
        save_model_secs=0.001,
    )
    wanted = {("START", 0), ("summary", 0), ("CHECKPOINT", 0), ("graph", None)}
    with sv.managed_session() as session:
        sv.loop(0.001, lambda: wanted <= set(events.events) and sv.request_stop())
        sv.coord.wait_for_stop(DEADLINE_S)
        t.log.append(session.run(t.step).item())
        sv.summary_computed(session, value)
        sv.summary_computed(session, value, global_step=7)
    t.log += sorted({*events.events}, key=str)
    t.log += [sorted({tag for tag, _ in events.summaries}), events.is_open]
    state = tf.train.get_checkpoint_state(str(folder))
    return [*t.log, Path(state.model_checkpoint_path).name, (folder / "graph.pbtxt").exists()]


def services_without_a_folder(tf, folder):
    t = Training(tf)
    sv = tf.train.Supervisor()
    with sv.managed_session() as session:
        t.log.append(sv.start_standard_services(session))
        with t.noted():
            sv.summary_computed(session, b"")
    return [*t.log, sv.summary_writer, sv.save_path, sv.save_model_secs, sv.save_summaries_secs]


def not_the_chief(tf, folder):
    t = Training(tf)
    with t.noted():
        supervised(t, is_chief=False)
    with tf.Graph().as_default(), tf.device("/cpu:0"):
        t = Training(tf)
        sv = supervised(t, is_chief=False, logdir=str(folder), recovery_wait_secs=0.01)
        t.log += [sv.is_chief, sv.summary_writer, sv.save_path, sv.save_model_secs]
        with t.noted():
            sv.start_standard_services(None)
        with t.noted():
            sv.prepare_or_wait_for_session(max_wait_secs=0)
    return t.log


def what_it_finds_and_makes(tf, folder):
    t = Training(tf)
    v = tf.get_variable("v", initializer=tf.placeholder_with_default(1.0, [], name="x") * 2)
    local = tf.get_variable("l", initializer=5.0, collections=[tf.GraphKeys.LOCAL_VARIABLES])
    feeds = {tf.get_default_graph().get_tensor_by_name("x:0"): 3.0}
    init_fn = lambda session: t.log.append(session.run(v).item())  # noqa: E731
    sv = supervised(t, init_feed_dict=feeds, init_fn=init_fn)
    with sv.managed_session(start_standard_services=False) as session:
        t.log.append([value.item() for value in session.run([v, local])])
    keys = tf.GraphKeys
    found = {
        keys.INIT_OP: sv.init_op,
        keys.READY_OP: sv.ready_op,
        keys.SAVERS: sv.saver,
        keys.GLOBAL_STEP: sv.global_step,
    }
    for key, item in found.items():
        t.log.append([key, [each is item for each in tf.get_collection(key)]])
    t.log.append(len(tf.get_collection(keys.LOCAL_INIT_OP)))
    t.log += [sv.summary_op, sv.ready_for_local_init_op, sv.init_feed_dict is feeds]
    with t.noted():
        sv.init_op = None
    return t.log


def what_it_is_given(tf, folder):
    t = Training(tf)
    init = t.step.initializer
    sv = supervised(
        t, init_op=init, saver=None, global_step=None, ready_op=None, local_init_op=None
    )
    t.log += [sv.init_op is init, sv.saver, sv.global_step, sv.ready_op]
    t.log += [len(tf.get_collection(key)) for key in (tf.GraphKeys.INIT_OP, tf.GraphKeys.SAVERS)]
    with sv.managed_session() as session:
        t.log.append(session.run(t.step).item())
    return t.log


def a_step_found_by_name(tf, folder):
    log = []
    for dtype in (tf.int32, tf.int64, tf.float32):
        with tf.Graph().as_default():
            tf.Variable(tf.zeros([], dtype), name="global_step")
            step = tf.train.Supervisor().global_step
            log.append(None if step is None else (step.name, step.dtype.base_dtype.name))
    with tf.Graph().as_default():
        sv = tf.train.Supervisor(init_op=None, local_init_op=None)
        log += [sv.global_step, sv.saver]
    return log


def queues_are_filled(tf, folder):
    t = Training(tf)
    number = tf.train.range_input_producer(3, num_epochs=2, shuffle=False).dequeue()
    sv = supervised(t)
    with sv.managed_session() as session:
        while not sv.should_stop():
            t.log.append(int(session.run(number)))
    return t.log


def a_loop_begins_anew(tf, folder):
    t = Training(tf)
    sv = supervised(t)

    def step(session, first, last):
        t.log.append(int(session.run(t.count)))
        if len(t.log) == first:
            raise t.error("AbortedError")
        if len(t.log) == last:
            sv.request_stop()

    tf.train.basic_train_loop(sv, step, args=(2,), kwargs={"last": 4})
    with t.noted():
        tf.train.basic_train_loop(sv, step, args=(5, 9))
        tf.train.basic_train_loop(sv, lambda session: 1 / 0)
    return t.log


PROGRAMS = {
    program.__name__: program
    for program in (
        *(goes_on_where_it_ended, loops_end_with_the_session, services),
        *(services_without_a_folder, not_the_chief, what_it_finds_and_makes, what_it_is_given),
        *(a_step_found_by_name, queues_are_filled, a_loop_begins_anew),
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
    PROGRAMS[f"loop_fails_with({error})"] = loop_fails_with(error)
