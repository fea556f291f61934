"""FileWriter: what is added, under which step, into which file."""

from __future__ import annotations

import re
import socket
import time

import pytest
from event_files import events, steps, summary

import minitf as tf


def kinds(folder):
    return [each.WhichOneof("what") for each in events(folder)]


@pytest.fixture
def a_graph():
    with tf.Graph().as_default() as graph:
        tf.Variable([1.0, 2.0], name="v")
    return graph


# --- summaries ------------------------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_a_program_shows_its_loss_over_steps_and_over_time(tmp_path):
    x = tf.placeholder(tf.float32, [])
    tf.summary.scalar("loss", x)
    everything = tf.summary.merge_all()
    before = time.time()
    with tf.Session() as session, tf.summary.FileWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_summary(session.run(everything, {x: 0.5 * step}), 10 * step)

    found = events(tmp_path)[1:]
    assert [each.step for each in found] == [0, 10, 20]
    assert [each.summary for each in found] == [summary("loss", 0.5 * i) for i in range(3)]
    times = [before, *(each.wall_time for each in found), time.time()]
    assert times == sorted(times)


def test_a_summary_may_be_a_message_and_have_no_step(tmp_path):
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        writer.add_summary(summary("a", 1))
        writer.add_summary(summary("b", 2).SerializeToString(), global_step=2)

    assert [each.summary for each in events(tmp_path)[1:]] == [summary("a", 1), summary("b", 2)]
    assert steps(tmp_path) == [0, 2]


def test_metadata_are_written_once_for_each_tag(tmp_path):
    given = tf.Summary()
    for tag in "ab":
        given.value.add(tag=tag, simple_value=1).metadata.display_name = f"the {tag}"
    before = given.SerializeToString()
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        for _ in range(3):
            writer.add_summary(given)

    first, *others = (each.summary for each in events(tmp_path)[1:])
    assert first == given
    assert not any(value.HasField("metadata") for each in others for value in each.value)
    assert given.SerializeToString() == before


def test_an_event_is_added_as_it_is(tmp_path):
    event = tf.Event(wall_time=12.5, step=3, log_message=tf.LogMessage(message="hello"))
    log = tf.SessionLog(status=tf.SessionLog.CHECKPOINT, checkpoint_path="here")
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        writer.add_event(event)
        writer.add_session_log(log, 4)

    as_it_is, logged = events(tmp_path)[1:]
    assert as_it_is == event
    assert (logged.session_log, logged.step) == (log, 4)


# --- graphs and steps -----------------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_a_graph_given_at_the_start_is_written_with_shapes_and_collections(tmp_path, a_graph):
    with tf.summary.FileWriter(str(tmp_path), a_graph):
        pass

    _, graph, meta_graph = events(tmp_path)
    message = tf.GraphDef.FromString(graph.graph_def)
    assert message == a_graph.as_graph_def(add_shapes=True)
    whole = tf.MetaGraphDef.FromString(meta_graph.meta_graph_def)
    assert whole.graph_def == message
    assert "variables" in whole.collection_def


@pytest.mark.parametrize("as_what", ["graph", "graph_def", "second graph_def"])
def test_a_graph_may_be_added_as_a_message(tmp_path, a_graph, as_what):
    message = a_graph.as_graph_def()
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        if as_what == "graph":
            writer.add_graph(message, 5)
        elif as_what == "graph_def":
            writer.add_graph(None, global_step=5, graph_def=message)
        else:
            writer.add_graph(graph=None, graph_def=a_graph, global_step=5)
            message = a_graph.as_graph_def(add_shapes=True)

    (found,) = events(tmp_path)[1:]
    assert (tf.GraphDef.FromString(found.graph_def), found.step) == (message, 5)


def test_what_is_no_graph_is_refused(tmp_path, a_graph):
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        for given in (None, "graph", tf.ConfigProto()):
            with pytest.raises(TypeError, match="The passed graph must be an instance of `Graph`"):
                writer.add_graph(given)
        with pytest.raises(ValueError, match="Please pass only graph, or graph_def"):
            writer.add_graph(a_graph, graph_def=a_graph.as_graph_def())
        with pytest.raises(TypeError, match="meta_graph_def must be type MetaGraphDef, saw type"):
            writer.add_meta_graph(a_graph.as_graph_def())

    assert kinds(tmp_path) == ["file_version"]


@pytest.mark.paper("W-56")
def test_a_traced_step_is_written_under_a_tag_of_its_own(tmp_path):
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as session, tf.summary.FileWriter(str(tmp_path)) as writer:
        session.run(tf.constant(1.0) + 1, options=options, run_metadata=metadata)
        writer.add_run_metadata(metadata, "step1", 1)
        with pytest.raises(ValueError, match="The provided tag was already used for this event"):
            writer.add_run_metadata(metadata, "step1", 2)
        writer.add_run_metadata(metadata, "step2", 2)

    found = events(tmp_path)[1:]
    assert [(each.tagged_run_metadata.tag, each.step) for each in found] == [
        *(("step1", 1), ("step2", 2))
    ]
    assert tf.RunMetadata.FromString(found[0].tagged_run_metadata.run_metadata) == metadata


# --- files ----------------------------------------------------------------------------------------


def test_the_file_is_named_as_tensorboard_looks_for_it(tmp_path):
    before = int(time.time())
    writer = tf.summary.FileWriter(tmp_path / "new" / "run", filename_suffix=".mine")
    writer.close()

    assert writer.get_logdir() == str(tmp_path / "new" / "run")
    (path,) = (tmp_path / "new" / "run").iterdir()
    host = re.escape(socket.gethostname())
    (seconds,) = re.fullmatch(
        rf"events\.out\.tfevents\.(\d{{10}})\.{host}\.mine", path.name
    ).groups()
    assert before <= int(seconds) <= time.time()


def test_a_closed_writer_warns_and_does_nothing_until_it_is_opened_again(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path))
    writer.reopen()  # is open
    writer.add_summary(summary("a", 1), 1)
    writer.close()
    writer.close()
    for act in (lambda: writer.add_summary(summary("a", 2), 2), writer.flush):
        with pytest.warns(UserWarning, match="Attempting to use a closed FileWriter") as told:
            act()
    assert told[0].filename == __file__
    writer.reopen()
    writer.add_summary(summary("a", 3), 3)
    writer.flush()
    assert steps(tmp_path) == [1, 3]
    writer.close()


def test_two_writers_of_one_folder_lose_nothing(tmp_path):
    writers = [tf.summary.FileWriter(str(tmp_path)) for _ in range(2)]
    for step in range(100):
        writers[step % 2].add_summary(summary("a", step), step)
    for writer in writers:
        writer.close()

    assert sorted(steps(tmp_path)) == list(range(100))


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(tf.errors.FailedPreconditionError, match="Not a directory"):
        tf.summary.FileWriter(str(tmp_path / "file" / "run"))


def test_a_folder_has_one_cached_writer(tmp_path, a_graph):
    with a_graph.as_default():
        writer = tf.summary.FileWriterCache.get(str(tmp_path / "one"))

        assert tf.summary.FileWriterCache.get(str(tmp_path / "one")) is writer
        assert tf.summary.FileWriterCache.get(str(tmp_path / "other")) is not writer
    tf.summary.FileWriterCache.clear()

    assert tf.summary.FileWriterCache.get(str(tmp_path / "one")) is not writer
    tf.summary.FileWriterCache.clear()
    assert "graph_def" in kinds(tmp_path / "one")


def test_the_first_name_of_the_writer_is_still_known(tmp_path):
    with tf.train.SummaryWriter(str(tmp_path), tf.get_default_graph().as_graph_def()) as writer:
        writer.add_summary(summary("a", 1), 1)

    assert kinds(tmp_path) == ["file_version", "graph_def", "meta_graph_def", "summary"]
