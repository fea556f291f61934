"""Callbacks: stopping, keeping, changing the learning rate; and padding of sequences."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minitf as tf

layers = tf.keras.layers


@pytest.fixture
def model():
    made = tf.keras.Sequential([layers.Dense(1, use_bias=False, input_shape=(1,))])
    made.compile(tf.keras.optimizers.SGD(0.0), "mse")
    return made


ROWS = np.ones((4, 1)), np.zeros((4, 1))


def test_a_loss_that_gets_no_better_ends_the_training(model):
    stop = tf.keras.callbacks.EarlyStopping("loss", patience=2)

    history = model.fit(*ROWS, epochs=9, verbose=0, callbacks=[stop])

    assert len(history.epoch) == 3


def test_a_plateau_lowers_the_learning_rate(model):
    tf.keras.backend.set_value(model.optimizer.lr, 1e-9)
    lower = tf.keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1)

    history = model.fit(*ROWS, epochs=3, verbose=0, callbacks=[lower])

    np.testing.assert_allclose(history.history["lr"], [1e-9, 1e-9, 5e-10], rtol=1e-5)


def test_a_schedule_sets_the_learning_rate(model):
    schedule = tf.keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 * (epoch + 1))

    history = model.fit(*ROWS, epochs=2, verbose=0, callbacks=[schedule])

    np.testing.assert_allclose(history.history["lr"], [0.1, 0.2], rtol=1e-6)


def test_checkpoints_hold_the_weights_of_their_epochs(model, tmp_path):
    pytest.importorskip("h5py", reason="h5py, which writes HDF5, is missing")
    keep = tf.keras.callbacks.ModelCheckpoint(str(tmp_path / "{epoch}.h5"))
    model.fit(*ROWS, epochs=2, verbose=0, callbacks=[keep])
    want = model.get_weights()

    found = tf.keras.models.load_model(str(tmp_path / "2.h5"))

    assert sorted(each.name for each in tmp_path.iterdir()) == ["1.h5", "2.h5"]
    np.testing.assert_array_equal(found.get_weights(), want)
    assert found.optimizer.get_config() == model.optimizer.get_config()


def test_weights_go_through_a_checkpoint_of_a_saver(model, tmp_path):
    want = model.get_weights()
    model.save_weights(str(tmp_path / "w"))
    model.set_weights([np.array([[9.0]])])
    model.load_weights(str(tmp_path / "w"))

    np.testing.assert_array_equal(model.get_weights(), want)


def test_tables_and_event_files_hold_the_epochs(model, tmp_path):
    table = tf.keras.callbacks.CSVLogger(tmp_path / "log.csv")
    board = tf.keras.callbacks.TensorBoard(str(tmp_path / "board"))
    model.fit(*ROWS, epochs=2, verbose=0, callbacks=[table, board])
    (events,) = (tmp_path / "board").iterdir()
    tags = [
        value.tag
        for event in tf.train.summary_iterator(str(events))
        for value in event.summary.value
    ]

    assert (tmp_path / "log.csv").read_text().splitlines()[0] == "epoch,loss"
    assert tags == ["epoch_loss", "epoch_loss"]


def test_callbacks_are_told_of_the_validation_within_an_epoch(model):
    told = []

    class Told(tf.keras.callbacks.Callback):
        def on_test_begin(self, logs=None):
            told.append("begin")

        def on_test_batch_end(self, batch, logs=None):
            told.append((batch, logs["size"]))

        def on_test_end(self, logs=None):
            told.append("end")

        def on_epoch_end(self, epoch, logs=None):
            told.append(sorted(logs))

    model.fit(*ROWS, batch_size=3, verbose=0, callbacks=[Told()], validation_data=ROWS)

    assert told == ["begin", (0, 3), (1, 1), "end", ["loss", "val_loss"]]


def test_the_bar_of_an_epoch_counts_no_rows_of_its_validation(model, capsys):
    model.fit(*ROWS, batch_size=2, validation_data=ROWS)

    shown = capsys.readouterr().out
    assert shown.startswith("Train on 4 samples, validate on 4 samples\n")
    assert shown.count("\n") == 2
    assert re.search(r"4/4 \[=+\] - \d+s \d+[mu]?s/sample - loss: \S+ - val_loss: \S+\n$", shown)


def test_what_is_shown_of_an_epoch(model, capsys):
    model.fit(*ROWS, epochs=1, verbose=2)

    first, second = capsys.readouterr().out.splitlines()
    assert first == "Train on 4 samples"
    assert second.startswith("4/4 - ")
    assert "loss: " in second


def test_sequences_are_padded_and_cut():
    pad = tf.keras.preprocessing.sequence.pad_sequences

    np.testing.assert_array_equal(pad([[1, 2], [3], []]), [[1, 2], [0, 3], [0, 0]])
    np.testing.assert_array_equal(
        pad([[1, 2, 3], [4]], 2, padding="post", truncating="post", value=9), [[1, 2], [4, 9]]
    )


def test_labels_become_rows_with_a_one():
    np.testing.assert_array_equal(tf.keras.utils.to_categorical([0, 2], 3), [[1, 0, 0], [0, 0, 1]])


def test_words_are_numbered_by_falling_frequency():
    text = tf.keras.preprocessing.text
    tokenizer = text.Tokenizer(oov_token="?")
    tokenizer.fit_on_texts(["A cat, a dog!", "a bird"])
    again = text.tokenizer_from_json(tokenizer.to_json())

    assert tokenizer.word_index == {"?": 1, "a": 2, "cat": 3, "dog": 4, "bird": 5}
    assert again.texts_to_sequences(["a dog and a fish"]) == [[2, 4, 1, 2, 1]]
    assert tokenizer.sequences_to_texts([[2, 4]]) == ["a dog"]
    np.testing.assert_array_equal(
        tokenizer.texts_to_matrix(["a a cat"], "count"), [[0, 0, 2, 1, 0, 0]]
    )
