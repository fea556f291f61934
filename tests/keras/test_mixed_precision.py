"""Policies of types, and optimizers of Keras that scale the loss."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import minitf as tf
from minitf.keras.mixed_precision.autocast import casting_to
from minitf.keras.mixed_precision.policy import policy_scope

layers = tf.keras.layers
experimental = tf.keras.mixed_precision.experimental
SGD = tf.keras.optimizers.SGD
X = np.linspace(-1.0, 1.0, 24, dtype=np.float32).reshape(2, 4, 3)


@pytest.fixture(autouse=True)
def clear():
    tf.keras.backend.clear_session()
    tf.set_random_seed(0)
    yield
    experimental.set_policy(None)
    tf.train.experimental.disable_mixed_precision_graph_rewrite()


@pytest.mark.parametrize(
    ("name", "computes", "variables"),
    [
        ("float64", "float64", "float64"),
        ("mixed_float16", "float16", "float32"),
        ("mixed_bfloat16", "bfloat16", "float32"),
        ("float16_with_float32_vars", "float16", "float32"),
        ("infer", None, None),
        ("infer_with_float32_vars", None, "float32"),
    ],
)
def test_a_name_tells_both_types(name, computes, variables):
    policy = experimental.Policy(name)

    assert (policy.compute_dtype, policy.variable_dtype) == (computes, variables)
    assert (policy.loss_scale is not None) == (policy.compute_dtype == "float16")
    assert experimental.Policy.from_config(policy.get_config()).name == name


def test_names_that_tell_none_are_refused():
    with pytest.raises(ValueError, match="Cannot convert value 'mixed'"):
        experimental.Policy("mixed")
    with pytest.raises(TypeError, match="'name' must be a string"):
        experimental.Policy(tf.float32)


class Outer(layers.Layer):
    """A layer that makes the variables of another one while it computes."""

    def __init__(self, dtype):
        super().__init__(dtype=dtype)
        self.inner = layers.Dense(2, dtype=dtype, kernel_regularizer="l2")

    def call(self, inputs):
        return self.inner(inputs)


MADE = {
    "outer": Outer,
    "both ways": lambda dtype: layers.Bidirectional(layers.SimpleRNN(2, dtype=dtype), dtype=dtype),
    "dense": lambda dtype: layers.Dense(2, activation="tanh", dtype=dtype),
    "conv": lambda dtype: layers.Conv1D(2, 2, dtype=dtype),
    "lstm": lambda dtype: layers.LSTM(2, dtype=dtype),
    "batch": lambda dtype: layers.BatchNormalization(dtype=dtype),
    "norm": lambda dtype: layers.LayerNormalization(dtype=dtype),
    "prelu": lambda dtype: layers.PReLU(dtype=dtype),
    "softmax": lambda dtype: layers.Softmax(dtype=dtype),
}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("half", ["float16", "bfloat16"])
def test_layers_compute_in_half_precision_with_variables_of_float32(kind, half):
    plain, mixed = MADE[kind]("float32"), MADE[kind](f"mixed_{half}")
    wanted, found = plain(X), mixed(X)
    session = tf.keras.backend.get_session()
    mixed.set_weights(plain.get_weights())

    assert found.dtype == half
    assert {each.dtype for each in (*mixed.weights, *mixed.losses)} <= {tf.float32}
    bound = 8 * (2.0**-10 if half == "float16" else 2.0**-7)
    np.testing.assert_allclose(
        session.run(tf.cast(found, tf.float32)), session.run(wanted), atol=bound, rtol=bound
    )


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["dense", "conv", "lstm"])
def test_results_are_those_of_tensorflow(kind, tensorflow):
    from tf_keras.src.mixed_precision.policy import Policy

    theirs = tensorflow.keras.layers
    made = {
        "dense": lambda dtype: theirs.Dense(2, activation="tanh", dtype=dtype, autocast=True),
        "conv": lambda dtype: theirs.Conv1D(2, 2, dtype=dtype, autocast=True),
        "lstm": lambda dtype: theirs.LSTM(2, dtype=dtype, autocast=True),
    }
    ours = MADE[kind]("mixed_float16")
    found = ours(X)
    values = ours.get_weights()
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        there = made[kind](Policy("mixed_float16"))
        wanted = there(tensorflow.constant(X))
        for variable, value in zip(there.weights, values, strict=True):
            variable.load(value, session)
        wanted = session.run(wanted)
    found = tf.keras.backend.get_session().run(found)

    assert found.dtype == wanted.dtype == np.float16
    np.testing.assert_allclose(found, wanted, atol=2.0**-9)


def test_variables_are_cast_where_layers_read_them():
    layer = layers.Dense(2, dtype="mixed_float16", use_bias=False)
    layer.build((None, 3))
    kernel = layer.kernel
    with casting_to(tf.float16):
        read = tf.convert_to_tensor(kernel), kernel + 1.0, kernel.read_value()
        rows = kernel.sparse_read([0])
        dtypes = kernel.dtype, kernel.true_dtype
        written = kernel.assign(np.ones((3, 2), np.float32))

    assert {each.dtype for each in (*read, rows)} == {tf.float16}
    assert dtypes == (tf.float16, tf.float32)
    assert kernel.dtype is kernel.read_value().dtype is tf.float32
    np.testing.assert_array_equal(tf.keras.backend.get_session().run(written), np.ones((3, 2)))


def test_models_train_with_a_policy_and_keep_it():
    with policy_scope("mixed_float16"):
        model = tf.keras.Sequential(
            [layers.Dense(4, input_shape=(3,)), layers.Dense(1, dtype="float32")]
        )
        model.compile(SGD(0.1), "mse")
    again = type(model).from_config(model.get_config())
    losses = model.fit(X[0], np.ones((4, 1)), epochs=5, verbose=0).history["loss"]

    assert isinstance(model.optimizer, experimental.LossScaleOptimizer)
    assert losses[-1] < losses[0]
    assert again.layers[0](tf.constant(X[0])).dtype is tf.float16
    assert again.layers[1](tf.ones([2, 4])).dtype is tf.float32
    with policy_scope("mixed_float16"), pytest.raises(ValueError, match="policy with a loss scale"):
        tf.keras.Sequential([layers.Dense(1, input_shape=(3,))]).compile(
            tf.train.AdamOptimizer(), "mse"
        )


@pytest.mark.parametrize("scale", [8.0, "dynamic"])
def test_steps_are_those_of_the_wrapped_optimizer(scale):
    v, w = (tf.Variable([1.0, 2.0], use_resource=True) for _ in range(2))
    plain, scaled = (
        SGD(0.25, momentum=0.5),
        experimental.LossScaleOptimizer(SGD(0.25, momentum=0.5), scale),
    )
    steps = [plain.minimize(tf.reduce_sum(v**2.0), [v])]
    steps.append(scaled.minimize(lambda: tf.reduce_sum(w**2.0), [w]))
    session = tf.keras.backend.get_session()
    session.run([v.initializer, w.initializer])
    for _ in range(3):
        session.run(steps)
    one, other = session.run([v, w])

    np.testing.assert_array_equal(one, other)
    assert session.run(scaled.iterations) == 3
    scaled.lr = 0.5
    assert tf.keras.backend.get_value(scaled.learning_rate) == 0.5
    assert [each.op.name for each in scaled.weights][-1].endswith("momentum")
    config = tf.keras.optimizers.serialize(scaled)
    again = tf.keras.optimizers.deserialize(config)
    assert again.get_config() == scaled.get_config()


def test_a_step_that_overflows_changes_the_scale_alone():
    v = tf.Variable([1.0], use_resource=True)
    optimizer = experimental.LossScaleOptimizer(SGD(0.5), tf.train.experimental.DynamicLossScale(
        initial_loss_scale=4.0, increment_period=1
    ))  # fmt: skip
    fed = tf.placeholder(tf.float32, [])
    train = optimizer.apply_gradients([(tf.reshape(fed, [1]), v)])
    session = tf.keras.backend.get_session()
    session.run(v.initializer)
    session.run(train, {fed: np.inf})

    assert session.run([v, optimizer.loss_scale()]) == [[1.0], 2.0]
    session.run(train, {fed: 1.0})
    assert session.run([v, optimizer.loss_scale(), optimizer.iterations]) == [[0.5], 4.0, 1]


def test_a_copy_has_what_the_optimizer_has():
    copied = copy.copy(experimental.LossScaleOptimizer(SGD(0.25), 4.0))

    assert copied.get_config()["optimizer"]["config"]["learning_rate"] == 0.25
    assert not hasattr(copied, "nothing")


def test_what_cannot_be_scaled_is_refused():
    with pytest.raises(ValueError, match="does not support wrapping optimizers with a clipnorm"):
        experimental.LossScaleOptimizer(SGD(clipnorm=1.0), 2)
    with pytest.raises(ValueError, match="must be an instance of OptimizerV2"):
        experimental.LossScaleOptimizer("sgd", 2)
    with pytest.raises(ValueError, match="loss_scale cannot be None"):
        experimental.LossScaleOptimizer(SGD(), None)


def test_the_graph_rewrite_wraps_optimizers_of_keras_and_excludes_policies():
    rewrite = tf.train.experimental.enable_mixed_precision_graph_rewrite
    optimizer = rewrite(SGD(0.5), 16)

    assert isinstance(optimizer, experimental.LossScaleOptimizer)
    assert tf.keras.backend.get_session().run(optimizer.loss_scale()) == 16.0
    with pytest.raises(ValueError, match="must not already be an instance"):
        rewrite(optimizer)
    with pytest.raises(ValueError, match="graph rewrite has already been enabled"):
        experimental.set_policy("mixed_float16")
