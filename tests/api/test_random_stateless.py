"""tf.random.stateless_uniform and its kin draw TensorFlow's numbers."""

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

CALLS = {
    "uniform": lambda lib: lib.random.stateless_uniform([3, 5], [1, 2], -2.0, 3.0),
    "integers": lambda lib: lib.random.stateless_uniform([9], [1, -2], -3, 12, lib.int64),
    "normal": lambda lib: lib.random.stateless_normal([3, 5], [7, 8], 1.0, 2.0),
    "truncated": lambda lib: lib.random.stateless_truncated_normal([40], [7, 8], dtype=lib.float64),
    "categorical": lambda lib: lib.random.stateless_categorical([[0.1, 0.9]], 6, [3, 4], lib.int32),
    "multinomial": lambda lib: lib.random.stateless_multinomial([[0.1, 0.9], [2, 1]], 6, [3, 4]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_numbers_are_tensorflows(call, tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            made = call(lib)
            found.append((made.op.name, made.shape.as_list(), session.run(made)))

    assert found[0][:2] == found[1][:2]
    np.testing.assert_allclose(found[0][2], found[1][2], rtol=1e-6)


def test_the_nodes_are_those_of_1_15():
    with tf.Graph().as_default() as graph:
        tf.random.stateless_uniform([2], [1, 2])
        names = [op.name.removeprefix("stateless_random_uniform") for op in graph.get_operations()]

    assert names == [
        *("/shape", "/min", "/max", "/StatelessRandomUniform/seed", "/StatelessRandomUniform"),
        *("/sub", "/mul", ""),
    ]


def test_every_run_draws_the_same_and_neighbouring_seeds_draw_other_numbers():
    with tf.Graph().as_default(), tf.Session() as session:
        seed = tf.placeholder(tf.int32, [2])
        drawn = tf.random.stateless_uniform([1000], seed)
        first, again = (session.run(drawn, {seed: [1, 2]}) for _ in range(2))
        other = session.run(drawn, {seed: [1, 3]})

    np.testing.assert_array_equal(first, again)
    assert abs(np.corrcoef(first, other)[0, 1]) < 5 / np.sqrt(1000)


def test_whole_numbers_need_a_bound_and_seeds_come_in_pairs():
    with pytest.raises(ValueError, match="Must specify maxval for integer dtype"):
        tf.random.stateless_uniform([2], [1, 2], dtype=tf.int32)
    with pytest.raises(ValueError, match="Invalid dtype"):
        tf.random.stateless_uniform([2], [1, 2], dtype=tf.string)
    with tf.Graph().as_default(), tf.Session() as session:
        seed = tf.placeholder(tf.int32)
        drawn = tf.random.stateless_normal([2], seed)

        with pytest.raises(InvalidArgumentError, match=r"seed must have shape \[2\]"):
            session.run(drawn, {seed: [1, 2, 3]})
