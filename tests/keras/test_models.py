"""Models: graphs of layers, their training, their configuration."""

from __future__ import annotations

import json

import numpy as np
import pytest

import minitf as tf

layers = tf.keras.layers


def chain():
    return tf.keras.Sequential(
        [layers.Dense(3, activation="relu", input_shape=(2,)), layers.Dense(1)]
    )


def test_layers_are_called_and_variables_named_as_in_tensorflow():
    model = chain()

    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert [each.name for each in model.weights] == [
        "dense/kernel:0",
        "dense/bias:0",
        "dense_1/kernel:0",
        "dense_1/bias:0",
    ]
    assert model.output_shape == (None, 1)
    assert model.count_params() == 13


def test_variables_are_started_once_and_only_by_keras_if_nobody_did():
    model = chain()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(model.weights)
        after = model.get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_step_of_sgd_is_worked_out_by_hand():
    model = tf.keras.Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.compile(tf.keras.optimizers.SGD(0.1), "mse")
    model.set_weights([np.array([[2.0]])])

    loss = model.train_on_batch(np.array([[3.0]]), np.array([[4.0]]))

    assert loss == 4.0  # (6 - 4)^2
    assert model.get_weights()[0] == pytest.approx(2.0 - 0.1 * 2 * 2 * 3)


def test_fit_measures_epochs_and_the_rows_set_aside():
    model = chain()
    model.compile("adam", "mse", metrics=["mae"])
    x, y = np.ones((10, 2)), np.zeros((10, 1))

    history = model.fit(x, y, batch_size=4, epochs=3, verbose=0, validation_split=0.2)

    assert history.epoch == [0, 1, 2]
    assert json.dumps([history.history["loss"], history.history["val_loss"]])
    assert list(history.history) == [
        "loss",
        "mean_absolute_error",
        "val_loss",
        "val_mean_absolute_error",
    ]
    assert model.evaluate(x[8:], y[8:], verbose=0)[0] == pytest.approx(
        history.history["val_loss"][-1]
    )


def test_rows_to_be_measured_come_in_a_tuple_or_a_list():
    model = chain()
    model.compile("sgd", "mse")
    x, y = np.ones((4, 2)), np.zeros((4, 1))

    for given in ((x, y), [x, y], (x, y, np.ones(4))):
        history = model.fit(x, y, verbose=0, validation_data=given)

        assert history.history["val_loss"] == [pytest.approx(model.evaluate(x, y, verbose=0))]
    with pytest.raises(ValueError, match=r"either 2 items .* or 3 items"):
        model.fit(x, y, verbose=0, validation_data=(x,))


def test_the_loss_of_an_epoch_is_the_mean_over_its_rows():
    model = tf.keras.Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.compile("sgd", "mse")
    model.set_weights([np.array([[1.0]])])

    measured = model.evaluate(np.array([[1.0], [2.0], [3.0]]), np.zeros(3), 2, verbose=0)

    assert measured == pytest.approx((1 + 4 + 9) / 3)


def test_shared_layers_and_operations_between_layers_run_on_other_inputs():
    begin = layers.Input((2,))
    shared = layers.Dense(2)
    model = tf.keras.Model(begin, shared(shared(begin) * 2.0))
    other = tf.constant([[1.0, -1.0]])

    again = model(other)

    with tf.Session().as_default():
        kernel, bias = (np.asarray(each) for each in model.get_weights())
        want = ((np.array([[1.0, -1.0]]) @ kernel + bias) * 2) @ kernel + bias
        np.testing.assert_allclose(again.eval(), want, rtol=1e-5)


def test_a_model_is_rebuilt_from_its_configuration():
    a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
    both = layers.concatenate([layers.Dense(2, name="d")(a), b])
    model = tf.keras.Model([a, b], layers.Dense(1, name="e")(both))
    rows = [np.ones((1, 2)), np.full((1, 2), 2.0)]
    want, weights, text = model.predict(rows), model.get_weights(), model.to_json()

    tf.keras.backend.clear_session()
    made = tf.keras.models.model_from_json(text)
    made.set_weights(weights)

    assert [layer.name for layer in made.layers] == ["a", "d", "b", "concatenate", "e"]
    np.testing.assert_allclose(made.predict(rows), want)


def test_a_subclass_is_built_with_the_first_arrays():
    class Mine(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.stack = [layers.Dense(2)]
            self.stack.append(layers.Dense(1))

        def call(self, inputs):
            for layer in self.stack:
                inputs = layer(inputs)
            return inputs

    model = Mine()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)

    assert [each.name for each in model.weights[:2]] == ["mine/dense/kernel:0", "mine/dense/bias:0"]
    assert len(model.trainable_variables) == 4


def test_batch_normalization_moves_its_averages_in_training_only():
    model = tf.keras.Sequential([layers.BatchNormalization(input_shape=(2,), momentum=0.5)])
    model.compile("sgd", "mse")
    x = np.array([[1.0, 2.0], [3.0, 4.0]])

    model.predict(x)
    untouched = model.get_weights()[2]
    model.train_on_batch(x, np.zeros_like(x))

    assert np.array_equal(untouched, [0, 0])
    np.testing.assert_allclose(model.get_weights()[2], [1.0, 1.5])


def test_frozen_layers_stay_as_they_are_once_the_model_is_compiled_again():
    inner = tf.keras.Sequential([layers.Dense(2, input_shape=(2,)), layers.BatchNormalization()])
    begin = layers.Input((2,))
    model = tf.keras.Model(begin, layers.Dense(1)(inner(begin)))
    x, y = np.random.default_rng(1).normal(size=(4, 2)), np.ones((4, 1))
    model.compile("sgd", "mse")
    model.train_on_batch(x, y)
    before = inner.get_weights()

    inner.trainable = False
    model.compile("sgd", "mse")
    model.train_on_batch(x, y)

    assert len(model.weights) == 8
    assert [each.name for each in model.trainable_weights] == ["dense_1/kernel:0", "dense_1/bias:0"]
    for kept, was in zip(inner.get_weights(), before, strict=True):
        np.testing.assert_array_equal(kept, was)


def test_metrics_of_layers_and_of_the_model_measure_all_batches():
    class Watched(layers.Layer):
        def call(self, inputs):
            self.add_metric(tf.reduce_mean(inputs), name="mean", aggregation="mean")
            return inputs

    begin = layers.Input((1,))
    model = tf.keras.Model(begin, Watched()(begin))
    model.add_metric(tf.reduce_max(begin), name="greatest", aggregation="mean")
    model.compile("sgd", "mse")

    measured = model.evaluate(np.array([[1.0], [2.0], [5.0], [6.0]]), np.zeros(4), 2, verbose=0)

    assert model.metrics_names == ["loss", "greatest", "mean"]
    assert measured[1:] == [4.0, 3.5]  # of (2 and 6), of (1.5 and 5.5)


def test_a_cell_of_the_program_needs_a_size_of_its_states_only():
    class Sum(layers.Layer):
        state_size = 2

        def call(self, inputs, states):
            return inputs + states[0], [inputs + states[0]]

    model = tf.keras.Sequential([layers.RNN([Sum(), Sum()], input_shape=(3, 2))])

    np.testing.assert_array_equal(model.predict(np.ones((1, 3, 2))), [[6, 6]])


def test_the_inputs_that_a_tensor_follows_from_are_found():
    a, b, other = (layers.Input((2,)) for _ in range(3))
    joined = layers.add([layers.Dense(2)(a), b])
    layers.Dense(1)(other)

    assert tf.keras.utils.get_source_inputs(layers.Dense(1)(joined)) == [a, b]
    assert tf.keras.utils.get_source_inputs(a) == [a]


def test_a_tensor_is_printed_when_it_is_computed(capfd):
    begin = layers.Input((2,))
    watched = layers.Lambda(lambda x: tf.keras.backend.print_tensor(x, "rows: "))(begin)

    made = tf.keras.Model(begin, watched).predict(np.array([[1.0, 2.0]]))

    assert made.tolist() == [[1, 2]]
    assert capfd.readouterr().out == "rows:  [[1 2]]\n"


def test_a_model_within_another_keeps_its_own_metrics_and_what_it_trains():
    inner = tf.keras.Sequential([layers.Dense(1, input_shape=(2,))])
    inner.compile("sgd", "mse", metrics=["mae", tf.keras.metrics.MeanSquaredError()])
    inner.trainable = False
    begin = layers.Input((2,))
    outer = tf.keras.Model(begin, inner(layers.Dense(2)(begin)))
    outer.compile("sgd", "mse")
    x, y = np.ones((2, 2)), np.ones((2, 1))
    before = inner.get_weights()

    assert np.shape(outer.train_on_batch(x, y)) == ()
    assert np.array_equal(inner.get_weights()[0], before[0])
    assert np.shape(inner.train_on_batch(x, y)) == (3,)  # as it was compiled: trainable
    assert not np.array_equal(inner.get_weights()[0], before[0])


def test_losses_of_weights_are_added_to_the_total():
    dense = layers.Dense(1, use_bias=False, kernel_regularizer="l2", input_shape=(1,))
    model = tf.keras.Sequential([dense])
    model.compile("sgd", "mse")
    model.set_weights([np.array([[3.0]])])

    assert model.evaluate(np.ones((1, 1)), np.array([[3.0]]), verbose=0) == pytest.approx(0.09)


def test_a_stateful_layer_keeps_its_states_until_they_are_reset():
    model = tf.keras.Sequential([layers.SimpleRNN(2, stateful=True, batch_input_shape=(1, 1, 1))])
    x = np.ones((1, 1, 1))
    first, second = model.predict(x), model.predict(x)
    model.reset_states()

    assert [each.name.rpartition("/")[2] for each in model.weights] == [
        "kernel:0",
        "recurrent_kernel:0",
        "bias:0",
    ]
    assert not np.array_equal(first, second)
    np.testing.assert_allclose(model.predict(x), first, rtol=1e-6)  # tiers round as they like


def test_a_causal_query_sees_no_values_behind_its_place():
    begin = layers.Input((3, 1))
    model = tf.keras.Model(begin, layers.Attention(causal=True)([begin, begin]))
    x = np.array([[[0.0], [0.0], [6.0]]])

    made = model.predict(x)[0, :, 0]

    assert made[:2].tolist() == [0, 0]
    assert made[2] == pytest.approx(6)  # exp(36) outweighs exp(0)


def test_attention_takes_a_list_of_queries_and_values():
    begin = layers.Input((3, 1))
    with pytest.raises(ValueError, match="must be called on a list of inputs"):
        layers.Attention()(begin)
    with pytest.raises(ValueError, match="accepts inputs list of length 2 or 3"):
        layers.Attention()([begin])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 1)), r"expected dense_input to have shape \(2,\)"),
        (np.ones((2, 2)), np.ones((2, 4)), r"expected dense_1 to have shape \(1,\)"),
        (np.ones((2, 2)), np.ones((3, 1)), "same number of samples"),
    ],
)
def test_arrays_of_other_shapes_are_refused(x, y, message):
    model = chain()
    model.compile("sgd", "mse")

    with pytest.raises(ValueError, match=message):
        model.fit(x, y, verbose=0)


def test_a_model_that_is_not_compiled_can_not_be_fitted():
    with pytest.raises(RuntimeError, match="You must compile your model"):
        chain().fit(np.ones((1, 2)), np.ones((1, 1)))


def test_outputs_that_do_not_follow_from_the_inputs_are_refused():
    a, b = layers.Input((1,)), layers.Input((1,))

    with pytest.raises(ValueError, match="Graph disconnected"):
        tf.keras.Model(a, layers.Dense(1)(b))


def test_a_dataset_and_a_generator_give_batches():
    model = chain()
    model.compile("sgd", "mse")
    rows = np.ones((6, 2), np.float32), np.ones((6, 1), np.float32)
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(2)

    def batches():
        while True:
            yield rows

    assert len(model.fit(dataset, epochs=2, verbose=0).history["loss"]) == 2
    assert len(model.fit_generator(batches(), 3, epochs=1, verbose=0).history["loss"]) == 1
    assert model.predict_generator(batches(), 2).shape == (12, 1)


def test_a_source_that_runs_out_of_batches_ends_the_training(caplog):
    model = chain()
    model.compile("sgd", "mse")
    rows = np.ones((2, 2), np.float32), np.ones((2, 1), np.float32)
    dataset = tf.data.Dataset.from_tensors(rows).repeat(3)
    caplog.set_level("WARNING", logger="tensorflow")

    of_generator = model.fit(iter([rows] * 3), steps_per_epoch=2, epochs=4, verbose=0)
    of_dataset = model.fit(dataset, steps_per_epoch=2, epochs=4, verbose=0)

    assert of_generator.epoch == of_dataset.epoch == [0, 1]
    assert caplog.text.count("ran out of data; interrupting training") == 2


def test_all_batches_of_a_dataset_weigh_the_same_and_rows_of_arrays_do():
    model = tf.keras.Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    model.compile("sgd", "mse")
    model.set_weights([np.array([[1.0]])])
    x, y = np.array([[1.0], [2.0], [3.0]], np.float32), np.zeros((3, 1), np.float32)
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(2)

    assert model.evaluate(dataset, verbose=0) == (2.5 + 9) / 2
    assert model.evaluate(x, y, 2, verbose=0) == pytest.approx((1 + 4 + 9) / 3)
    assert model.predict(x, steps=2).shape == (6, 1)  # with steps, each takes all rows


def test_a_sequence_is_told_that_each_pass_ended():
    class Rows(tf.keras.utils.Sequence):
        passes = 0

        def __len__(self):
            return 2

        def __getitem__(self, index):
            return np.ones((1, 2)), np.ones((1, 1))

        def on_epoch_end(self):
            self.passes += 1

    model, rows = chain(), Rows()
    model.compile("sgd", "mse")
    model.fit(rows, epochs=3, verbose=0)

    assert rows.passes == 3


def test_an_optimizer_of_train_trains_a_model():
    model = chain()
    model.compile(tf.train.AdamOptimizer(0.1), "mse")
    x, y = np.ones((4, 2)), np.full((4, 1), 3.0)
    before = model.evaluate(x, y, verbose=0)
    model.fit(x, y, epochs=10, verbose=0)

    assert model.evaluate(x, y, verbose=0) < before
