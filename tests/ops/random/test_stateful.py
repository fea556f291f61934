"""Random numbers of a state that a variable keeps: TensorFlow's, bit for bit."""

import numpy as np
import pytest

import minitf as tf
from minitf.variables import generators

STATE = [3, 5, 7]
_UNIFORM = {"algorithm": 1, "shape": [2, 3]}


def _binomial(shape, counts, probs):
    return {"algorithm": 1, "shape": shape, "counts": np.float64(counts), "probs": probs}


CALLS = {
    **{
        f"StatefulUniform {kind}": ("StatefulUniform", _UNIFORM | {"dtype": kind})
        for kind in ("float16", "float32", "float64")
    },
    **{
        f"StatefulUniformFullInt {kind}": ("StatefulUniformFullInt", _UNIFORM | {"dtype": kind})
        for kind in ("int32", "uint32", "int64", "uint64")
    },
    **{
        f"StatefulUniformInt {kind.__name__}": (
            "StatefulUniformInt",
            _UNIFORM | {"minval": kind(-3), "maxval": kind(9)},
        )
        for kind in (np.int32, np.int64)
    },
    "StatefulStandardNormalV2": ("StatefulStandardNormalV2", _UNIFORM),
    "StatefulTruncatedNormal": ("StatefulTruncatedNormal", _UNIFORM),
    "few tosses": ("StatefulRandomBinomial", _binomial([8], 20, 0.3)),
    "many tosses": ("StatefulRandomBinomial", _binomial([8], 200, 0.9)),
    "coins of their own": (
        "StatefulRandomBinomial",
        _binomial([4, 2, 3], [[5.0], [900.0]], [0.1, 0.5, 0.95]),
    ),
    "what has no number": (
        "StatefulRandomBinomial",
        {"dtype": "float32", **_binomial([5], [-1, np.inf, 3, 3, 3], [0.5, 0.5, np.nan, 0, 2])},
    ),
}


def run(module, op, arguments, state=STATE, runs=2):
    """Return what an op gives in its first run, and the state after the last."""
    with module.Graph().as_default():
        variable = module.Variable(np.array(state), use_resource=True)
        given = dict(arguments)
        if "dtype" in given:
            given["dtype"] = module.as_dtype(given["dtype"])
        made = getattr(module.raw_ops, op)(resource=variable.handle, **given)
        with module.Session() as session:
            session.run(variable.initializer)
            # TensorFlow's binomial numbers leave a state alone that shares its array
            session.run(module.assign_add(variable, [0] * len(state)))
            found = session.run(made)
            for _ in range(runs - 1):
                session.run(made)
            return found, session.run(variable.read_value())


@pytest.mark.tensorflow
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_numbers_are_tensorflows(call, tensorflow):
    found, state = run(tf, *call)
    wanted, wanted_state = run(tensorflow, *call)

    assert found.dtype == wanted.dtype
    if "Normal" in call[0]:
        np.testing.assert_allclose(found, wanted, rtol=5e-7)
    else:
        np.testing.assert_array_equal(found, wanted)
    if "Binomial" not in call[0]:
        assert state.tolist() == wanted_state.tolist()


def test_a_draw_moves_the_state_past_what_it_may_use():
    _, state = run(tf, "StatefulUniform", {"algorithm": 1, "shape": [5]}, [0, 0, 7], runs=1)
    _, carried = run(tf, "StatefulUniform", {"algorithm": 1, "shape": [5]}, [-1, -1, 7], runs=1)
    _, tosses = run(tf, "StatefulRandomBinomial", _binomial([6], 20, 0.3), [0, 0, 7], runs=1)

    assert state.tolist() == [5 * 256, 0, 7]
    assert carried.tolist() == [5 * 256 - 1, 0, 7]
    assert tosses.tolist() == [200 * 9 // 4 * 256, 0, 7]


def test_a_skip_is_a_draw_that_nobody_sees():
    _, moved = run(tf, "RngSkip", {"algorithm": 1, "delta": 10}, runs=1)
    _, back = run(tf, "RngSkip", {"algorithm": 1, "delta": -10}, runs=1)

    assert moved.tolist() == [2563, 5, 7]
    assert back.tolist() == [3 - 2560, 5, 7]


@pytest.mark.parametrize(
    ("state", "arguments", "message"),
    [
        ([1, 2], {}, "the size of state must be at least 3; got 2"),
        ([[1, 2, 3]], {}, "must have one and only one dimension, not 2"),
        (np.array([1, 2, 3], np.int32), {}, "dtype of RNG state variable must be int64, not int32"),
        (STATE, {"algorithm": 9}, "Unsupported algorithm id: 9"),
        (STATE, {"dtype": tf.int32}, "makes floating-point numbers, no int32"),
    ],
)
def test_what_is_no_state_of_philox_is_refused(state, arguments, message):
    variable = tf.Variable(np.asarray(state), use_resource=True)
    made = tf.raw_ops.StatefulUniform(
        resource=variable.handle, **{"algorithm": 1, "shape": [2], **arguments}
    )
    with tf.Session() as session:
        session.run(variable.initializer)

        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.run(made)


def test_there_is_no_threefry():
    generator = generators.Generator.from_seed(1, alg=2)
    with tf.Session() as session:
        session.run(generator.state.initializer)

        with pytest.raises(tf.errors.UnimplementedError, match="no ThreeFry"):
            session.run(generator.normal([]))


def test_coins_need_a_place_in_the_output():
    with pytest.raises(tf.errors.InvalidArgumentError, match="must end with broadcasted shape"):
        run(tf, "StatefulRandomBinomial", _binomial([2], [1.0, 2.0, 3.0], 0.1))


# --- generators ----------------------------------------------------------------------------------


def test_a_seed_becomes_a_state_word_by_word():
    assert tf.random.experimental.create_rng_state(2**64 + 5, 1).tolist() == [5, 1, 0]
    assert tf.random.experimental.create_rng_state(-1, 1).tolist() == [-1, -1, -1]
    assert tf.random.experimental.create_rng_state([7], 1).tolist() == [0, 0, 7]
    with pytest.raises(ValueError, match="Unsupported algorithm id: 3"):
        tf.random.experimental.create_rng_state(1, 3)
    with pytest.raises(ValueError, match="should only have one dimension"):
        tf.random.experimental.create_rng_state([[1]], 1)


def test_a_generator_goes_on_and_can_be_set_back():
    generator = tf.random.experimental.Generator.from_seed(7)
    drawn = generator.uniform([2], 10, 20, tf.int64)
    with tf.Session() as session:
        session.run(generator.state.initializer)
        first, second = session.run(drawn).tolist(), session.run(drawn).tolist()
        session.run(generator.reset_from_seed(7))
        again = session.run(drawn).tolist()
        session.run(generator.reset_from_key_counter(0, [7, 0]))
        state = session.run(generator.state).tolist()
        session.run(generator.reset([1, 2, 2**64 - 3]))
        key = session.run(generator.key)

    assert first == again != second
    assert state == [7, 0, 0]
    assert key == -3


def test_generators_of_a_generator_have_keys_of_their_own():
    parent = tf.random.experimental.Generator.from_key_counter(5, [0, 0], 1)
    children = parent.split(2)
    copy = tf.random.experimental.Generator(copy_from=children[0])
    with tf.Session() as session:
        session.run(parent.state.initializer)
        session.run([each.state.initializer for each in children])
        states = session.run([each.state for each in children])
        session.run(copy.state.initializer)
        seeds = session.run(parent.make_seeds(3))
        same = session.run([children[0].normal([3]), copy.normal([3])])

    assert [state[:2].tolist() for state in states] == [[0, 0], [0, 0]]
    assert states[0][2] != states[1][2]
    assert seeds.shape == (2, 3)
    assert seeds[1].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(*same)


def test_all_distributions_of_a_generator_have_their_means():
    generator = tf.random.experimental.Generator.from_seed(3)
    numbers = [
        generator.normal([4000], 2.0, 0.5),
        generator.truncated_normal([4000], 2.0, 0.5),
        generator.uniform([4000], 1.0, 3.0),
        tf.cast(generator.binomial([4000], 20.0, 0.1), tf.float32),
    ]
    with tf.Session() as session:
        session.run(generator.state.initializer)
        means = session.run([tf.reduce_mean(each) for each in numbers])

    np.testing.assert_allclose(means, 2.0, atol=5 * 1.4 / 4000**0.5)
    with pytest.raises(ValueError, match="Must specify maxval for integer dtype"):
        generator.uniform([1], dtype=tf.int32)


def test_the_shared_generator_is_one_for_each_graph_unless_it_is_chosen():
    experimental = tf.random.experimental
    try:
        with tf.Graph().as_default():
            first = experimental.get_global_generator()
            assert experimental.get_global_generator() is first
        with tf.Graph().as_default():
            assert experimental.get_global_generator() is not first
            mine = experimental.Generator.from_seed(1)
            experimental.set_global_generator(mine)
        with tf.Graph().as_default():
            assert experimental.get_global_generator() is mine
    finally:
        experimental.set_global_generator(None)
