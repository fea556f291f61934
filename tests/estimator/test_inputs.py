"""Input functions of arrays and data frames."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import numpy as np
import pytest

import minitf as tf

numpy_input_fn = tf.estimator.inputs.numpy_input_fn
pandas_input_fn = tf.estimator.inputs.pandas_input_fn


def batches(input_fn, count=None):
    """Return the batches that an input function gives; all until the end if no count is given."""
    with tf.Graph().as_default():
        fetches = input_fn()
        found = []
        with tf.train.MonitoredSession() as sess:
            while not sess.should_stop() and (count is None or len(found) < count):
                found.append(sess.run(fetches))
        return found


def test_rows_come_in_order_and_the_last_batch_may_be_small():
    x = {"a": np.arange(5), "b": np.arange(10.0).reshape(5, 2)}
    found = batches(numpy_input_fn(x, np.arange(5) * 10, 2, num_epochs=1, shuffle=False))

    assert [features["a"].tolist() for features, _ in found] == [[0, 1], [2, 3], [4]]
    assert [labels.tolist() for _, labels in found] == [[0, 10], [20, 30], [40]]
    assert found[0][0]["b"].tolist() == [[0, 1], [2, 3]]


def test_epochs_follow_each_other():
    found = batches(numpy_input_fn(np.arange(3), None, 2, num_epochs=2, shuffle=False))

    assert [each.tolist() for each in found] == [[0, 1], [2, 0], [1, 2]]
    endless = batches(numpy_input_fn(np.arange(3), None, 2, num_epochs=None, shuffle=False), 4)
    assert [each.tolist() for each in endless] == [[0, 1], [2, 0], [1, 2], [0, 1]]


def test_shuffled_rows_are_all_rows():
    input_fn = numpy_input_fn(np.arange(50), None, 7, num_epochs=1, shuffle=True)
    found = np.concatenate(batches(input_fn))

    assert sorted(found.tolist()) == list(range(50))


def test_labels_may_be_several_and_text():
    words = np.array(["to", "be"])
    found = batches(numpy_input_fn({"x": words}, {"y": words, "z": np.arange(2)}, 2, shuffle=False))
    ((features, labels),) = found

    assert features["x"].tolist() == [b"to", b"be"]
    assert labels["y"].tolist() == [b"to", b"be"]
    assert labels["z"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("x", "y", "kind", "message"),
    [
        ({}, None, ValueError, "empty dict"),
        (np.zeros(0), None, ValueError, "empty array"),
        ([1], None, TypeError, "must be a dict or array"),
        (np.zeros(2), {}, ValueError, "use None instead"),
        ({"a": np.zeros(2)}, {"a": np.zeros(2)}, ValueError, "duplicate keys"),
        ({"a": np.zeros(2)}, np.zeros(3), ValueError, "mismatched"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(x, y, kind, message):
    with pytest.raises(kind, match=message):
        numpy_input_fn(x, y, shuffle=False)()


def test_whether_to_shuffle_must_be_said():
    for make in (numpy_input_fn, pandas_input_fn):
        with pytest.raises(ValueError, match="shuffle must be provided"):
            make({"a": np.zeros(2)})


def test_threads_that_mix_rows_are_warned_of(caplog):
    with caplog.at_level(logging.WARNING, "tensorflow"):
        numpy_input_fn(np.arange(3), num_threads=2, shuffle=False)()

    assert "num_epochs is applied per thread" in caplog.text
    assert "all reading the array/dataframe in order" in caplog.text


class Frame(dict):
    """What is used of a pandas DataFrame."""

    @property
    def columns(self):
        return list(self)

    @property
    def index(self):
        return np.arange(len(self))

    def __len__(self):
        return len(next(iter(self.values())))


def test_frames_give_their_columns():
    frame = Frame(a=np.arange(3), b=np.array(["x", "y", "z"], object))
    series = np.arange(3) * 2.0
    with_index = type("Series", (np.ndarray,), {"index": np.arange(3)})
    found = batches(pandas_input_fn(frame, series.view(with_index), 2, shuffle=False))

    assert [features["a"].tolist() for features, _ in found] == [[0, 1], [2]]
    assert found[0][0]["b"].tolist() == [b"x", b"y"]
    assert found[1][1].tolist() == [4]
    ((features, labels),) = batches(pandas_input_fn(frame, Frame(a=series), 3, shuffle=False))
    assert labels["a"].tolist() == [0, 2, 4]
    assert features["a"].tolist() == [0, 1, 2]


def test_frames_that_do_not_fit_are_refused():
    frame = Frame(target=np.arange(3))
    other = SimpleNamespace(index=np.arange(1, 4))
    with pytest.raises(ValueError, match="already has a column"):
        pandas_input_fn(frame, other, shuffle=False)
    with pytest.raises(ValueError, match="Index for x and y are mismatched"):
        pandas_input_fn(Frame(a=np.arange(3)), other, shuffle=False)
    with pytest.raises(TypeError, match="target_column must be a string"):
        pandas_input_fn(frame, shuffle=False, target_column=3)
