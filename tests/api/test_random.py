"""tf.random_uniform and its kin: seeds, names, numbers of whole programs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError

LARGEST = 2**31 - 1


def images(lib):
    return lib.reshape(lib.range(6 * 7 * 3), [6, 7, 3])


CALLS = {
    "uniform": lambda lib: lib.random_uniform([3, 5], -2.0, 3.0, seed=5),
    "uniform of an unknown shape": lambda lib: lib.random_uniform(
        lib.range(1, 4), 0.0, 2.0, seed=5
    ),
    "uniform doubles": lambda lib: lib.random_uniform([7], 1, 2, lib.float64, seed=5),
    "integers": lambda lib: lib.random_uniform([9], -3, 12, lib.int64, seed=5),
    "shuffle": lambda lib: lib.random_shuffle(lib.range(20), seed=5),
    "crop": lambda lib: lib.random_crop(images(lib), [2, 3, 3], seed=5),
    "multinomial": lambda lib: lib.multinomial([[0.1, 0.9], [2.0, 1.0]], 6, seed=5),
    "categorical": lambda lib: lib.random.categorical([[0.1, 0.9]], 6, lib.int32, seed=5),
    "poisson": lambda lib: lib.random_poisson([0.5, 20.0], [4], seed=5),
    "normal": lambda lib: lib.random_normal([3, 5], 1.0, 2.0, seed=5),
    "truncated normal": lambda lib: lib.truncated_normal([3, 5], 1.0, 2.0, seed=5),
    "gamma": lambda lib: lib.random_gamma([4], [0.5, 2.0], [[1.0], [3.0]], seed=5),
}
ROUNDED = ("normal", "truncated normal", "gamma")  # logarithms and sines differ in the last bits


@pytest.mark.tensorflow
@pytest.mark.parametrize("call", CALLS)
def test_programs_draw_tensorflows_numbers_run_by_run_and_session_by_session(call, tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default():
            made = CALLS[call](lib)
            for _ in range(2):
                with lib.Session() as session:
                    found += [session.run(made) for _ in range(2)]
    ours, theirs = found[:4], found[4:]

    for one, other in zip(ours, theirs, strict=True):
        assert one.dtype == other.dtype
        if call in ROUNDED:
            np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)
        else:
            np.testing.assert_array_equal(one, other)


@pytest.mark.tensorflow
@pytest.mark.parametrize("call", CALLS)
def test_nodes_and_static_shapes_are_tensorflows(call, tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default() as graph:
            made = CALLS[call](lib)
            # `tf.add` makes Add in 1.15 and AddV2 in later releases
            nodes = [(op.type.replace("AddV2", "Add"), op.name) for op in graph.get_operations()]
            found.append((nodes, made.shape.as_list(), made.op.name))

    assert found[0] == found[1]


def test_a_namespace_holds_the_same_functions_by_shorter_names():
    assert tf.random.uniform is tf.random_uniform
    assert tf.random.normal is tf.random_normal
    assert tf.random.shuffle is tf.random_shuffle


# --- seeds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("graph_seed", "op_seed", "expected"),
    [
        (None, None, (None, None)),
        (None, 1, (87654321, 1)),
        (1, None, (1, 0)),  # no operation was made before
        (1, 1, (1, 1)),
        (0, 0, (0, LARGEST)),  # an op takes (0, 0) for "no seed"
        (LARGEST, 0, (0, LARGEST)),
        (0, LARGEST, (0, LARGEST)),
        (-1, 2**40, (LARGEST - 1, 2**40 % LARGEST)),
    ],
)
def test_seeds_follow_tensorflows_table(graph_seed, op_seed, expected):
    tf.set_random_seed(graph_seed)

    assert tf.get_seed(op_seed) == expected


@given(before=st.integers(0, 10))
def test_without_a_seed_of_its_own_an_operation_takes_its_place_in_the_graph(before):
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(7)
        for _ in range(before):
            tf.constant(0.0)
        drawn = tf.random_shuffle(tf.constant([1, 2]))

        assert (drawn.op.get_attr("seed"), drawn.op.get_attr("seed2")) == (7, before + 1)
        assert graph.seed == 7


def test_a_graphs_seed_is_its_own():
    tf.set_random_seed(7)
    with tf.Graph().as_default():
        assert tf.get_seed(None) == (None, None)


def test_without_seeds_sessions_differ():
    drawn = tf.random_uniform([4])
    found = []
    for _ in range(2):
        with tf.Session() as session:
            found.append(session.run(drawn).tolist())

    assert found[0] != found[1]


def test_two_operations_never_share_a_sequence():
    tf.set_random_seed(7)
    one, two = tf.random_uniform([4]), tf.random_uniform([4])
    with tf.Session() as session:
        first, second = session.run([one, two])

    assert first.tolist() != second.tolist()


# --- refusals --------------------------------------------------------------------------------


def test_a_bound_is_required_for_integers():
    with pytest.raises(ValueError, match=r"Must specify maxval for integer dtype tf.int32"):
        tf.random_uniform([2], dtype=tf.int32)


def test_numbers_have_a_numeric_type():
    with pytest.raises(ValueError, match=r"Invalid dtype tf.string"):
        tf.random_uniform([2], dtype=tf.string)


def test_a_crop_fits_into_the_whole():
    crop = tf.random_crop(tf.zeros([2, 3]), tf.placeholder_with_default([2, 4], [2]))
    with tf.Session() as session, pytest.raises(InvalidArgumentError, match=r"Need value.shape >="):
        session.run(crop)
