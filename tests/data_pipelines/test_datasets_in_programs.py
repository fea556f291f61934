"""Datasets as programs use them, and as graphs that TensorFlow and MiniTF exchange."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from ops.data.elements import END, elements_of, outcomes, plain

import minitf as tf
from minitf import protos
from minitf.functional.defun import Defun
from minitf.testing.example_cases import feature_of

Dataset = tf.data.Dataset


def example(number):
    """A serialized Example with a label and as many words."""
    feature = {
        "label": feature_of("int64", [number]),
        "words": feature_of("string", [b"w%d" % word for word in range(number)]),
        "x": feature_of("float32", [number, -number]),
    }
    return protos.Example(features=protos.Features(feature=feature)).SerializeToString()


@pytest.fixture
def records(tmp_path):
    """Two files of Examples."""
    names = [str(tmp_path / name) for name in ("a", "b")]
    for first, name in enumerate(names):
        with tf.python_io.TFRecordWriter(name) as writer:
            for number in range(first, 10, 2):
                writer.write(example(number))
    return names


def pipeline(lib, names):
    """Records to padded batches of words with labels, as image and text models read them."""
    features = {
        "label": lib.FixedLenFeature([], lib.int64),
        "words": lib.VarLenFeature(lib.string),
        "x": lib.FixedLenFeature([2], lib.float32),
    }

    def read(serialized):
        found = lib.parse_single_example(serialized, features)
        return found["words"].values, found["x"] * 2, found["label"]

    return (
        lib.data.Dataset.from_tensor_slices(names)
        .interleave(lib.data.TFRecordDataset, cycle_length=2)
        .map(read, num_parallel_calls=3)
        .filter(lambda words, x, label: label > 1)
        .shuffle(4, seed=3)
        .repeat(2)
        .padded_batch(3, ([None], [2], []))
        .prefetch(1)
    )


def test_a_pipeline_reads_each_example_once_in_each_epoch(records):
    batches = elements_of(pipeline(tf, records))

    labels = [label for batch in batches for label in batch[2]]
    assert sorted(labels) == sorted([*range(2, 10)] * 2)
    for words, x, label in batches:
        assert [sum(word != b"" for word in row) for row in words] == list(label)
        assert x == [[2.0 * n, -2.0 * n] for n in label]


@pytest.mark.tensorflow
def test_a_pipeline_gives_what_tensorflows_gives(tensorflow, records):
    assert outcomes(tf, lambda lib: pipeline(lib, records)) == outcomes(
        tensorflow, lambda lib: pipeline(lib, records)
    )


def test_batches_of_examples_are_parsed_by_the_experimental_dataset(records):
    features = {"label": tf.FixedLenFeature([], tf.int64)}
    data = tf.data.TFRecordDataset(records).batch(4)

    parsed = data.apply(tf.data.experimental.parse_example_dataset(features, 2))

    assert [n for batch in elements_of(parsed) for n in batch["label"]] == [
        0, 2, 4, 6, 8, 1, 3, 5, 7, 9
    ]  # fmt: skip
    with pytest.raises(ValueError, match="features was None"):
        tf.data.experimental.parse_example_dataset(None)


def test_a_line_is_fitted_to_what_a_dataset_gives():
    x = np.linspace(-1, 1, 40, dtype=np.float32)
    data = Dataset.from_tensor_slices((x, 3 * x + 1)).shuffle(40, seed=1).repeat().batch(8)
    inputs, targets = data.make_one_shot_iterator().get_next()
    slope, bias = tf.Variable(0.0), tf.Variable(0.0)
    loss = tf.reduce_mean(tf.square(slope * inputs + bias - targets))
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(100):
            session.run(train)
        assert session.run([slope, bias]) == pytest.approx([3, 1], abs=1e-3)


# --- graphs --------------------------------------------------------------------------------------


def graph_of(lib):
    """A graph whose iterator maps, filters, flattens and batches."""
    with lib.Graph().as_default() as graph:
        bias = lib.constant(np.int64(100), name="bias") * 1
        data = (
            lib.data.Dataset.range(6)
            .map(lambda n: (n * n, n + bias))
            .filter(lambda square, _: square > 1)
            .flat_map(lambda square, n: lib.data.Dataset.from_tensors((square, n)).repeat(2))
            .batch(3)
        )
        iterator = lib.data.make_initializable_iterator(data)
        names = [tensor.name for tensor in iterator.get_next()]
        return graph.as_graph_def(), names, iterator.initializer.name


def run(lib, serialized, names, initializer):
    """All that the iterator of a graph gives."""
    with lib.Graph().as_default(), lib.Session() as session:
        message = lib.GraphDef()
        message.ParseFromString(serialized)
        lib.import_graph_def(message, name="")
        session.run(initializer)
        found = []
        while True:
            try:
                found.append(plain(session.run(names)))
            except lib.errors.OutOfRangeError:
                return [*found, END]


@pytest.mark.tensorflow
@pytest.mark.parametrize("direction", ["ours in TensorFlow", "TensorFlow's in ours"])
def test_graphs_of_datasets_are_exchanged(tensorflow, direction):
    maker, runner = (tf, tensorflow) if direction.startswith("ours") else (tensorflow, tf)
    message, *rest = graph_of(maker)

    assert run(runner, message.SerializeToString(), *rest) == run(
        maker, message.SerializeToString(), *rest
    )


def test_a_graph_with_datasets_comes_back_from_its_message():
    message, *rest = graph_of(tf)

    with tf.Graph().as_default():
        found = run(tf, message.SerializeToString(), *rest)

    assert found[-1] == END
    assert [len(square) for square, _ in found[:-1]] == [3, 3, 2]


# --- datasets as objects -------------------------------------------------------------------------


def test_a_dataset_shows_what_its_elements_are():
    data = Dataset.from_tensors({"a": 1})

    assert repr(data) == "<Dataset shapes: {a: ()}, types: {a: tf.int32}>"
    with pytest.raises(RuntimeError, match="only supported when eager"):
        iter(data)


def test_transformations_are_applied_and_must_give_datasets():
    data = Dataset.range(3)

    assert elements_of(data.apply(lambda d: d.map(lambda n: n + 1))) == [1, 2, 3]
    with pytest.raises(TypeError, match=r"must return a Dataset\. Got int"):
        data.apply(lambda _: 3)


def test_options_are_kept_and_change_nothing():
    options = tf.data.Options()
    options.experimental_deterministic = False
    options.experimental_threading.private_threadpool_size = 3
    data = Dataset.range(3).with_options(options)

    assert data.options().experimental_deterministic is False
    assert data.map(lambda n: n).options().experimental_threading.private_threadpool_size == 3
    assert data.options().experimental_slack is None
    assert elements_of(data) == [0, 1, 2]
    with pytest.raises(AttributeError, match="Cannot set the property"):
        options.colour = "green"
    more = tf.data.Options()
    more.experimental_slack = True
    both = data.with_options(more).options()
    assert (both.experimental_slack, both.experimental_deterministic) == (True, False)


def test_datasets_of_one_class_are_datasets():
    assert isinstance(tf.data.TFRecordDataset("x"), Dataset)
    assert isinstance(Dataset.range(2).map(lambda n: n), Dataset)


def test_a_generator_lives_as_long_as_its_graph():
    class Numbers:
        def __call__(self):
            yield 1

    numbers = Numbers()
    weak = weakref.ref(numbers)
    data = Dataset.from_generator(numbers, tf.int32)
    del numbers

    assert elements_of(data) == [1]
    tf.reset_default_graph()
    del data
    gc.collect()
    assert weak() is None


def drawn(session, count):
    """Elements from `y`."""
    return [float(session.run("y:0")) for _ in range(count)]


def test_functions_of_a_dataset_call_functions_and_come_back_with_them():
    @Defun(tf.float32)
    def squared(x):
        return x * x

    w = tf.get_variable("w", initializer=3.0, use_resource=True)
    c = tf.constant(10.0)
    numbers = Dataset.from_tensor_slices(np.arange(6, dtype=np.float32))
    pairs = numbers.map(lambda x: squared(x) * w + c).flat_map(
        lambda x: Dataset.from_tensors(squared(x)).repeat(2)
    )
    tf.identity(tf.data.make_initializable_iterator(pairs).get_next(), name="y")
    message = tf.get_default_graph().as_graph_def()
    wanted = [float((x * x * 3 + 10) ** 2) for x in range(6) for _ in range(2)]

    for graph in (tf.get_default_graph(), tf.Graph()):
        with graph.as_default(), tf.Session() as session:
            if not graph.version:
                tf.import_graph_def(message, name="")
            session.run("w/Assign")
            session.run("MakeIterator")
            assert drawn(session, 12) == wanted
        assert graph.as_graph_def() == message


def test_a_step_that_draws_elements_is_the_same_once_it_is_compiled():
    numbers = Dataset.range(40).window(4).flat_map(lambda window: window.batch(4))
    element = tf.data.make_one_shot_iterator(numbers).get_next()
    total = tf.reduce_sum(element * 2)

    with tf.Session() as session:
        found = [session.run(total) for _ in range(10)]

    assert found == [2 * sum(range(i, i + 4)) for i in range(0, 40, 4)]
