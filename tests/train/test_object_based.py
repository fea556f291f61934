"""Checkpoints of objects read by Savers, and Savers' by objects."""

from __future__ import annotations

import logging

import pytest

import minitf
from minitf.train.object_based import object_graph_key_mapping

tf = minitf


@pytest.fixture
def variables():
    w = tf.get_variable("w", initializer=[1.0, 2.0])
    r = tf.get_variable("r", initializer=3.0, use_resource=True)
    return w, r


def test_a_saver_reads_a_checkpoint_of_objects_with_a_warning(variables, tmp_path, caplog):
    caplog.set_level(logging.WARNING, "tensorflow")
    w, r = variables
    saver = tf.train.Saver([w, r])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(a=w, b=[r]).save(str(tmp_path / "c"))
        for _ in range(2):
            session.run([w.assign([0.0, 0.0]), r.assign(0.0)])
            saver.restore(session, path)
            assert session.run(w).tolist() == [1.0, 2.0]
            assert session.run(r) == 3.0

    assert caplog.text.count("Restoring an object-based checkpoint using a name-based saver") == 2
    assert object_graph_key_mapping(path)["r"] == "b/0/.ATTRIBUTES/VARIABLE_VALUE"


def test_a_saver_says_which_variables_a_checkpoint_of_objects_lacks(variables, tmp_path):
    w, r = variables
    saver = tf.train.Saver([w, r])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(a=w).save(str(tmp_path / "c"))
        with pytest.raises(tf.errors.NotFoundError, match="not in the checkpoint: r"):
            saver.restore(session, path)


def test_objects_read_what_a_saver_wrote_under_its_names(variables, tmp_path):
    w, r = variables
    checkpoint = tf.train.Checkpoint(a=w, b=r)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver([w, r]).save(session, str(tmp_path / "named"))
        session.run([w.assign([0.0, 0.0]), r.assign(0.0)])
        checkpoint = tf.train.Checkpoint(a=w, b=r)
        status = checkpoint.restore(path)
        with pytest.raises(AssertionError, match="Object not restored"):
            status.assert_consumed()
        checkpoint._untrack_trackable("save_counter")  # which no Saver has
        status.initialize_or_restore()
        status.assert_consumed()
        assert session.run(w).tolist() == [1.0, 2.0]
        assert session.run(r) == 3.0


def test_a_checkpoint_of_a_saver_has_no_graph_of_objects(variables, tmp_path):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, str(tmp_path / "named"))

    with pytest.raises(tf.errors.NotFoundError):
        object_graph_key_mapping(path)
