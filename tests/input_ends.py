"""Running an input pipeline until its input ends."""

from __future__ import annotations

import itertools

import pytest

import minitf as tf


def until_the_end(make, seed=None):
    """Build what `make(tf)` returns, start its runners and fetch it until the input ends."""
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        fetch = make(tf)
        if isinstance(fetch, tf.QueueBase):
            fetch = fetch.dequeue()
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            threads = tf.train.start_queue_runners()
            found = []
            with pytest.raises(tf.errors.OutOfRangeError) as caught:
                found.extend(session.run(fetch) for _ in itertools.count())
            assert caught.value.__cause__ is None
            for thread in threads:
                thread.join()
            return found
