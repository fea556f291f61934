"""Random numbers that stay the same when something else is added to the graph.

    tf.debug.set_stable_seed(1)
    w = tf.Variable(tf.random_normal([3, 4]), name="w")
    tf.summary.histogram("w", w)        # what is drawn hereafter is what was drawn without it

TensorFlow seeds an operation by how many there are before it, and so does `tf.set_random_seed`: a
summary more, and all numbers drawn after it are others.  Here the seed of an operation follows from
the name scope that it opens (`random_normal`, `layer1/dropout/random_uniform`): it changes only if
an operation of the same kind is added before it in the same scope.

Source: no paper; TensorFlow's users, who lost reproducible runs to a summary.
"""

from __future__ import annotations

from collections import Counter

from minitf.default_graph import default_graph


def set_stable_seed(seed: int) -> None:
    """Fix the random numbers of what the default graph gets from here on, by its names.

    `tf.set_random_seed` goes back to TensorFlow's rule.

    Args:
        seed: the graph's seed.
    """
    graph = default_graph()
    graph.seed, graph.seeds_drawn = seed, Counter()
