"""A hook saves where input pipelines stand, and the next session goes on there."""

from __future__ import annotations

from types import SimpleNamespace

import minitf as tf


def elements(folder, steps):
    """The elements that a session of so many steps sees."""
    config = SimpleNamespace(save_checkpoints_secs=None, save_checkpoints_steps=2)
    estimator = SimpleNamespace(config=config, model_dir=folder)
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        iterator = tf.data.Dataset.range(20).shuffle(5).make_initializable_iterator()
        tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
        following = iterator.get_next()
        with tf.control_dependencies([following]):
            count = tf.assign_add(step, 1)
        hook = tf.data.experimental.CheckpointInputPipelineHook(estimator)
        with tf.train.SingularMonitoredSession(hooks=[hook]) as session:
            return [int(session.run([following, count])[0]) for _ in range(steps)]


def test_each_session_goes_on_where_the_last_one_ended(tmp_path):
    found = [n for steps in (5, 4, 11) for n in elements(str(tmp_path), steps)]

    assert sorted(found) == list(range(20))
    assert (tmp_path / "checkpoint_input").exists()
