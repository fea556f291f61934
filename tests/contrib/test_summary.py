"""tf.contrib.summary: who writes, when, and what a program runs for it."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.contrib import summary


def events(folder):
    """Return what the only file of a folder holds, without the version."""
    (path,) = folder.iterdir()
    return list(tf.train.summary_iterator(str(path)))[1:]


def test_summaries_are_written_every_so_many_steps(tmp_path):
    step = tf.train.get_or_create_global_step()
    grown = tf.assign_add(step, 1)
    writer = summary.create_file_writer(str(tmp_path), flush_millis=10)
    with writer.as_default(), summary.record_summaries_every_n_global_steps(2):
        summary.scalar("loss", tf.cast(step, tf.float32) * 10, family="train")
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            summary.initialize(graph=tf.get_default_graph(), session=session)
            for _ in range(4):
                session.run(summary.all_summary_ops())
                session.run(grown)
            session.run(writer.flush())

    graph, *found = events(tmp_path)
    assert tf.GraphDef.FromString(graph.graph_def).node
    values = [(each.step, *each.summary.value) for each in found]
    assert [(at, v.tag, v.simple_value) for at, v in values] == [
        (0, "train/train/loss", 0),
        (2, "train/train/loss", 20),
    ]


def test_every_kind_of_summary_has_its_operation(tmp_path):
    image, sound = tf.zeros([1, 2, 2, 1]), tf.zeros([1, 4])
    event = tf.Event(step=9).SerializeToString()
    writer = summary.create_file_writer(str(tmp_path))
    with writer.as_default(), summary.always_record_summaries(), tf.Session() as session:
        made = [
            summary.histogram("h", [1.0, 2.0], step=1),
            summary.generic("g", [3], step=1),
            summary.image("i", image, step=1),
            summary.audio("a", sound, 8.0, 1, step=1),
            summary.graph(tf.GraphDef(), step=1),
            summary.import_event(event),
        ]
        session.run(writer.init())
        for each in made:
            session.run(each)
        session.run(summary.flush())
        session.run(writer.close())

    found = events(tmp_path)
    assert [e.summary.value[0].tag for e in found[:4]] == ["h", "g", "i/image/0", "a/audio"]
    assert [each.step for each in found] == [1, 1, 1, 1, 1, 9]


def test_nothing_is_written_unless_it_is_asked_for(tmp_path):
    assert summary.scalar("x", 1.0, step=1).type == "NoOp"
    nobody = summary.create_file_writer(None)
    with nobody.as_default(), summary.always_record_summaries():
        assert summary.scalar("x", 1.0, step=1).type == "NoOp"
        assert nobody.init().type == nobody.close().type == summary.flush().type == "NoOp"
    writer = summary.create_file_writer(str(tmp_path))
    with writer.as_default(), tf.Session() as session:
        assert summary.should_record_summaries() is False
        off = summary.scalar("x", 1.0, step=1)
        with summary.always_record_summaries(), summary.never_record_summaries():
            summary.scalar("y", 1.0, step=1)
        session.run(writer.init())
        session.run([off, summary.all_summary_ops(), summary.flush()])

    assert events(tmp_path) == []


def test_a_file_needs_a_session():
    with (
        summary.create_file_writer("nowhere").as_default(),
        pytest.raises(ValueError, match="session must be passed"),
    ):
        summary.initialize()
