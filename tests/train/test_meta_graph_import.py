"""A saved graph comes back with its collections and its Saver."""

from __future__ import annotations

import pytest

import minitf

tf = minitf


def saved(folder, tf=minitf, **options):
    """Train a little, save, and return the checkpoint's path."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [], name="x")
        w = tf.Variable(2.0, name="w")
        y = tf.multiply(x, w, name="y")
        train = tf.train.MomentumOptimizer(0.5, 0.5).minimize(y)
        tf.add_to_collection("train", train)
        saver = tf.train.Saver(**options)
        session.run(tf.global_variables_initializer())
        session.run(train, {x: 1.0})
        folder.mkdir(exist_ok=True)
        return saver.save(session, str(folder / "m"), global_step=1)


@pytest.mark.parametrize("scope", [None, "net"])
def test_training_goes_on_where_it_was_saved(tmp_path, scope):
    path = saved(tmp_path)
    saver = tf.train.import_meta_graph(f"{path}.meta", import_scope=scope)
    prefix = f"{scope}/" if scope else ""
    with tf.Session() as session:
        saver.restore(session, path)
        assert session.run(f"{prefix}w:0") == 1.5
        session.run(tf.get_collection("train"), {f"{prefix}x:0": 1.0})

        assert session.run(f"{prefix}y:0", {f"{prefix}x:0": 2.0}) == 1.5  # (1.5 - 0.75) * 2
    assert [v.op.name for v in tf.trainable_variables()] == [f"{prefix}w"]
    assert [v.op.name for v in tf.global_variables()] == [f"{prefix}w", f"{prefix}w/Momentum"]


def test_a_graph_comes_twice_under_names_of_its_own(tmp_path):
    path = saved(tmp_path)
    savers = [tf.train.import_meta_graph(f"{path}.meta", import_scope="net") for _ in range(2)]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        savers[1].restore(session, path)

        assert session.run(["net/w:0", "net_1/w:0"]) == [2, 1.5]


def test_inputs_may_be_replaced_and_devices_forgotten(tmp_path):
    with tf.Graph().as_default():
        with tf.device("/job:gone/device:GPU:3"):
            x = tf.placeholder(tf.float32, [], name="x")
            tf.negative(x, name="y")
        message = tf.train.export_meta_graph()
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(
            message, clear_devices=True, input_map={"x": tf.constant(3.0)}
        )

        assert saver is None  # there is nothing to restore
        assert session.run("y:0") == -3
    with pytest.raises(TypeError, match=r"unexpected arguments \['more'\]"):
        tf.train.import_meta_graph(message, more=1)


def test_without_a_saver_one_is_made_if_there_are_variables():
    with tf.Graph().as_default():
        tf.Variable(1.0, name="w")
        message = tf.train.export_meta_graph()
    with tf.Graph().as_default():
        saver = tf.train.import_meta_graph(message)

        assert saver.saver_def.restore_op_name == "save/restore_all"


def test_savers_in_their_collection_come_back(tmp_path):
    with tf.Graph().as_default():
        tf.Variable(1.0, name="w")
        tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver(max_to_keep=7))
        message = tf.train.export_meta_graph()
    with tf.Graph().as_default():
        tf.train.import_meta_graph(message, import_scope="net")
        (saver,) = tf.get_collection(tf.GraphKeys.SAVERS)

        assert saver.saver_def.max_to_keep == 7
        assert saver.saver_def.restore_op_name == "net/save/restore_all"


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OSError, match="does not exist"):
        tf.train.import_meta_graph(str(tmp_path / "none.meta"))


@pytest.mark.tensorflow
@pytest.mark.parametrize("sharded", [False, True])
def test_tensorflow_goes_on_with_our_graph_and_the_reverse(tmp_path, sharded, tensorflow):
    for writer, reader in ((tf, tensorflow), (tensorflow, tf)):
        path = saved(tmp_path / writer.__name__, writer, sharded=sharded)
        with reader.Graph().as_default(), reader.Session() as session:
            reader.train.import_meta_graph(f"{path}.meta").restore(session, path)
            session.run(reader.get_collection("train"), {"x:0": 1.0})

            assert session.run("w:0") == 0.75
