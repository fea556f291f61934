"""How much memory arrays use, told from within a step."""

from __future__ import annotations

import numpy as np

import minitf as tf
from minitf.contrib import memory_stats


def test_a_large_array_is_counted_while_it_lives():
    with tf.Graph().as_default(), tf.Session() as session:
        size = 1 << 10
        n = tf.placeholder(tf.int32, [])
        large = tf.matmul(tf.ones([n, 1]), tf.ones([1, n]))
        before = memory_stats.BytesInUse()
        with tf.control_dependencies([large]):
            during = memory_stats.BytesInUse()
        with tf.control_dependencies([before, during]):
            kept = tf.identity(large)
            most = memory_stats.MaxBytesInUse()
        with tf.control_dependencies([most]):
            total = tf.reduce_sum(kept)
        limit = memory_stats.BytesLimit()
        for run in range(5):
            found = session.run([during, most, limit, total], {n: size})
            least = 4 * size**2 if run > 1 else 0  # compiled for the third run
            assert least <= found[0] <= found[1] <= found[2]
            assert found[3] == size**2
        assert found[0].dtype == np.int64
        assert session.run(memory_stats.BytesInUse()) <= found[1]
