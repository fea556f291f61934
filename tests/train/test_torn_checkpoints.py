"""A checkpoint beside training may hold half of an update; one after the update cannot."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import minitf as tf


class Pair:
    """Two variables that each update makes equal, the first before the second."""

    def __init__(self) -> None:
        self.half, self.go_on = threading.Event(), threading.Event()
        self.first = tf.Variable(0.0, name="first")
        self.second = tf.Variable(0.0, name="second")
        with tf.control_dependencies([self.first.assign_add(1.0)]):
            pause = tf.py_func(self._pause, [], tf.bool)
        with tf.control_dependencies([pause]):
            self.update = tf.group(self.second.assign_add(1.0))
        self.saver = tf.train.Saver()

    def _pause(self) -> bool:
        self.half.set()
        return self.go_on.wait(60)


def saved(prefix: str) -> list[float]:
    reader = tf.train.NewCheckpointReader(prefix)
    return [float(reader.get_tensor(name)) for name in ("first", "second")]


@pytest.mark.paper("O-24")
def test_a_checkpoint_beside_an_update_may_hold_half_of_it(tmp_path):
    pair = Pair()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        training = threading.Thread(target=session.run, args=[pair.update])
        training.start()
        assert pair.half.wait(60)
        torn = saved(pair.saver.save(session, str(tmp_path / "beside")))
        pair.go_on.set()
        training.join(60)
        whole = saved(pair.saver.save(session, str(tmp_path / "after")))

    assert torn == [1, 0]
    assert whole == [1, 1]


@pytest.mark.paper("O-24", "O-29")
def test_a_checkpoint_that_waits_for_the_update_holds_all_of_it(tmp_path):
    pair = Pair()
    pair.go_on.set()
    names = tf.constant(["first", "second"])
    with tf.control_dependencies([pair.update]):
        save = tf.raw_ops.SaveV2(
            prefix=str(tmp_path / "synchronous"),
            tensor_names=names,
            shape_and_slices=["", ""],
            tensors=[tf.identity(pair.first), tf.identity(pair.second)],
        )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for updates in (1, 2, 3):
            session.run(save)
            np.testing.assert_array_equal(saved(str(tmp_path / "synchronous")), updates)
