"""Feature columns: values, variables and parsing as TensorFlow's."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

ROWS = 6


def features(tf):
    return {
        "a": tf.constant(np.arange(12, dtype=np.float32).reshape(6, 2)),
        "s": tf.constant([["x"], ["y"], ["z"], ["x"], [""], ["q"]]),
        "i": tf.constant([[1], [2], [0], [3], [9], [-1]], tf.int64),
        "w": tf.constant(np.arange(6, dtype=np.float32).reshape(6, 1) - 2.5),
        "flat": tf.constant(np.arange(6)),
        "ragged": tf.SparseTensor(
            [[0, 0], [0, 1], [2, 0], [5, 0]], ["x", "x", "y", "other"], [6, 3]
        ),
        "weights": tf.SparseTensor([[0, 0], [0, 1], [2, 0], [5, 0]], [0.5, 2.0, 3.0, 1.5], [6, 3]),
    }


def counted(tf, rows, width=3):
    return tf.constant_initializer(np.arange(rows * width, dtype=np.float32).reshape(rows, width))


def columns(tf, path):
    """Return columns of every kind by name."""
    fc = tf.feature_column
    numbers = fc.numeric_column("a", shape=2, normalizer_fn=lambda x: x * 2.0)
    buckets = fc.bucketized_column(fc.numeric_column("w"), [0.0, 1.0])
    words = fc.categorical_column_with_vocabulary_list("s", ["x", "y", "z"])
    ragged = fc.categorical_column_with_vocabulary_list("ragged", ["x", "y"], num_oov_buckets=2)
    lines = fc.categorical_column_with_vocabulary_file("ragged", path, 2, default_value=1)
    hashed = fc.categorical_column_with_hash_bucket("s", 7)
    of_numbers = fc.categorical_column_with_hash_bucket("flat", 5, dtype=tf.int64)
    ids = fc.categorical_column_with_identity("i", 4, default_value=0)
    crossed = fc.crossed_column(["s", buckets], 11)
    nested = fc.crossed_column([crossed, words], 13, hash_key=5)
    weighted = fc.weighted_categorical_column(ragged, "weights")
    dense = {
        "numbers": numbers,
        "flat": fc.numeric_column("flat", dtype=tf.int64),
        "buckets": buckets,
        "words": fc.indicator_column(words),
        "ragged": fc.indicator_column(ragged),
        "lines": fc.indicator_column(lines),
        "hashed": fc.indicator_column(hashed),
        "hashed numbers": fc.indicator_column(of_numbers),
        "ids": fc.indicator_column(ids),
        "crossed": fc.indicator_column(crossed),
        "nested": fc.indicator_column(nested),
        "weighted": fc.indicator_column(weighted),
        "mean": fc.embedding_column(ragged, 3, initializer=counted(tf, 4)),
        "sqrtn": fc.embedding_column(weighted, 3, combiner="sqrtn", initializer=counted(tf, 4)),
        "norm": fc.embedding_column(hashed, 3, initializer=counted(tf, 7), max_norm=1.5),
        "shared": fc.shared_embedding_columns([ids], 3, initializer=counted(tf, 4))[0],
    }
    categorical = {
        "of words": words,
        "of ragged": ragged,
        "of ids": ids,
        "of crossed": crossed,
        "of weighted": weighted,
        "of hashed": hashed,
    }
    return dense, categorical


@pytest.fixture
def vocabulary(tmp_path):
    path = tmp_path / "words"
    path.write_text("x\ny\nz\n")
    return str(path)


def names_of(tf):
    return [(each.op.name, each.shape.as_list()) for each in tf.global_variables()]


def input_of(tf, path, name):
    """Return the input layer of a column, its variables and how its features are parsed."""
    with tf.Graph().as_default():
        column = columns(tf, path)[0][name]
        layer = tf.feature_column.input_layer(features(tf), [column])
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
            value = sess.run(layer)
        shape = layer.shape.as_list()[-1]
        spec = tf.feature_column.make_parse_example_spec([column])
        return value, names_of(tf), shape, {key: str(each) for key, each in spec.items()}


DENSE = [
    *("numbers", "flat", "buckets", "words", "ragged", "lines", "hashed", "hashed numbers", "ids"),
    *("crossed", "nested", "weighted", "mean", "sqrtn", "norm", "shared"),
]


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.parametrize("name", DENSE)
def test_an_input_layer_is_tensorflows(tensorflow, vocabulary, name):
    ours = input_of(minitf, vocabulary, name)
    theirs = input_of(tensorflow, vocabulary, name)

    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6)
    assert ours[1:] == theirs[1:]


def linear_of(tf, path, combiner):
    """Return a linear model of all columns, of which every weight is another number."""
    with tf.Graph().as_default():
        dense, categorical = columns(tf, path)
        chosen = [dense["numbers"], dense["buckets"], dense["mean"], *categorical.values()]
        chosen.remove(categorical["of hashed"])  # it has the name of another
        variables = {}
        model = tf.feature_column.linear_model(
            features(tf), chosen, units=2, sparse_combiner=combiner, cols_to_vars=variables
        )
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
            for number, each in enumerate(tf.global_variables()):
                shape = each.shape.as_list()
                start = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
                sess.run(tf.assign(each, start + number))
            value = sess.run(model)
        owners = sorted((str(getattr(key, "name", key)), len(v)) for key, v in variables.items())
        kept = [len(tf.get_collection(key)) for key in ("model_variables", "trainable_variables")]
        return value, names_of(tf), owners, kept


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:.layer.add_variable. is deprecated:UserWarning")  # theirs
@pytest.mark.parametrize("combiner", ["sum", "mean", "sqrtn"])
def test_a_linear_model_is_tensorflows(tensorflow, vocabulary, combiner):
    ours = linear_of(minitf, vocabulary, combiner)
    theirs = linear_of(tensorflow, vocabulary, combiner)

    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-5)
    assert ours[1:] == theirs[1:]


# --- examples by hand ----------------------------------------------------------------------------


def value_of(given, column):
    with minitf.Session() as sess:
        layer = minitf.feature_column.input_layer(given, column)
        sess.run([minitf.global_variables_initializer(), minitf.tables_initializer()])
        return sess.run(layer).tolist()


def test_columns_stand_in_the_order_of_their_names():
    fc = minitf.feature_column
    given = {"b": [[1.0], [2.0]], "a": [[3.0, 4.0], [5.0, 6.0]]}
    order = [fc.numeric_column("b"), fc.numeric_column("a", shape=[2])]

    assert value_of(given, order) == [[3, 4, 1], [5, 6, 2]]


def test_buckets_are_closed_below_and_open_above():
    fc = minitf.feature_column
    column = fc.bucketized_column(fc.numeric_column("x"), [0, 10])

    assert value_of({"x": [[-1.0], [0.0], [10.0]]}, column) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_an_indicator_counts_words_and_leaves_unknown_ones_out():
    fc = minitf.feature_column
    column = fc.indicator_column(fc.categorical_column_with_vocabulary_list("w", ["to", "be"]))

    assert value_of({"w": [["be", "be"], ["or", "to"]]}, column) == [[0, 2], [1, 0]]


def test_examples_are_parsed_by_the_columns_spec():
    fc = minitf.feature_column
    price = fc.numeric_column("price", default_value=7.0)
    words = fc.categorical_column_with_vocabulary_list("w", ["to", "be"])
    chosen = [price, fc.indicator_column(words)]
    example = minitf.train.Example()
    example.features.feature["w"].bytes_list.value.extend([b"be", b"to", b"be"])
    parsed = minitf.parse_example([example.SerializeToString()], fc.make_parse_example_spec(chosen))

    assert value_of(parsed, chosen) == [[7, 1, 2]]


def test_two_columns_share_one_table():
    fc = minitf.feature_column
    ids = [fc.categorical_column_with_identity(key, 3) for key in "ab"]
    shared = fc.shared_embedding_columns(ids, 1, initializer=minitf.constant_initializer([5, 6, 7]))

    assert value_of({"a": [[0]], "b": [[2]]}, shared) == [[5, 7]]
    assert [each.op.name for each in minitf.global_variables()] == [
        "input_layer/a_b_shared_embedding/embedding_weights"
    ]


def test_a_table_begins_with_what_a_checkpoint_has(tmp_path):
    with minitf.Session() as sess:
        minitf.Variable([[1.0], [2.0]], name="table")
        sess.run(minitf.global_variables_initializer())
        path = minitf.train.Saver().save(sess, str(tmp_path / "model"))
    minitf.reset_default_graph()
    fc = minitf.feature_column
    ids = fc.categorical_column_with_identity("a", 2)
    column = fc.embedding_column(ids, 1, ckpt_to_load_from=path, tensor_name_in_ckpt="table")

    assert value_of({"a": [[1], [0]]}, column) == [[2], [1]]


def test_an_id_out_of_range_fails_the_step_if_there_is_no_default():
    fc = minitf.feature_column
    column = fc.indicator_column(fc.categorical_column_with_identity("i", 2))
    with pytest.raises(minitf.errors.InvalidArgumentError, match="exceeds number of buckets 2"):
        value_of({"i": [[2]]}, column)


def test_equal_columns_are_equal_and_can_be_keys():
    fc = minitf.feature_column

    assert fc.numeric_column("a", [2], default_value=[1.0, 2.0]) == fc.numeric_column(
        "a", (2,), default_value=(1.0, 2.0)
    )
    assert len({fc.categorical_column_with_hash_bucket("s", 7) for _ in range(2)}) == 1
    assert fc.bucketized_column(fc.numeric_column("a"), [1]).name == "a_bucketized"


# --- sequences -----------------------------------------------------------------------------------


def test_sequences_have_a_vector_for_each_step_and_lengths():
    fc = minitf.feature_column
    contrib = minitf.contrib.feature_column
    given = {
        "w": minitf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["to", "be", "be"], [4, 2]),
        "x": minitf.SparseTensor(
            [[0, 0], [0, 1], [0, 2], [0, 3], [2, 0], [2, 1]], [1.0, 2, 3, 4, 5, 6], [4, 4]
        ),
    }
    words = fc.sequence_categorical_column_with_vocabulary_list("w", ["to", "be"])
    pairs = fc.sequence_numeric_column("x", shape=2)
    layer, lengths = contrib.sequence_input_layer(given, [fc.indicator_column(words), pairs])
    with minitf.Session() as sess:
        sess.run(minitf.tables_initializer())
        values, steps = sess.run((layer, lengths))

    assert steps.tolist() == [2, 0, 1, 0]
    assert values[0].tolist() == [[1, 0, 1, 2], [0, 1, 3, 4]]
    assert values[2].tolist() == [[0, 1, 5, 6], [0, 0, 0, 0]]
    assert values[1].tolist() == values[3].tolist() == [[0] * 4] * 2


def test_ids_of_sequences_have_rows_of_a_table():
    fc = minitf.feature_column
    ids = fc.sequence_categorical_column_with_identity("i", 3)
    table = fc.embedding_column(ids, 2, initializer=counted(minitf, 3, 2))
    given = {"i": minitf.SparseTensor([[0, 0], [1, 0], [1, 1]], [2, 0, 1], [2, 2])}
    layer, lengths = minitf.contrib.feature_column.sequence_input_layer(given, table)
    with minitf.Session() as sess:
        sess.run(minitf.global_variables_initializer())
        values, steps = sess.run((layer, lengths))

    assert values.tolist() == [[[4, 5], [0, 0]], [[0, 1], [2, 3]]]
    assert steps.tolist() == [1, 2]
    with pytest.raises(ValueError, match="must not be of type SequenceCategoricalColumn"):
        fc.input_layer(given, table)


# --- what does not fit ---------------------------------------------------------------------------

WRONG = {
    "key must be a string": lambda fc: fc.numeric_column(3),
    "shape dimensions must be greater than 0": lambda fc: fc.numeric_column("a", 0),
    "dtype must be convertible to float": lambda fc: fc.numeric_column("a", dtype=minitf.string),
    "must be equal to given shape": lambda fc: fc.numeric_column("a", 2, default_value=[1.0]),
    "boundaries must be a sorted list": lambda fc: fc.bucketized_column(
        fc.numeric_column("a"), [2, 1]
    ),
    "source_column must be a column generated": lambda fc: fc.bucketized_column("a", [1]),
    "must be one-dimensional": lambda fc: fc.bucketized_column(fc.numeric_column("a", [2, 2]), [1]),
    "hash_bucket_size must be at least 1": lambda fc: fc.categorical_column_with_hash_bucket(
        "a", 0
    ),
    "num_buckets 0 < 1": lambda fc: fc.categorical_column_with_identity("a", 0),
    "not in range": lambda fc: fc.categorical_column_with_identity("a", 2, 2),
    "must be non-empty": lambda fc: fc.categorical_column_with_vocabulary_list("a", []),
    "Duplicate keys": lambda fc: fc.categorical_column_with_vocabulary_list("a", ["x", "x"]),
    "Can't specify both": lambda fc: fc.categorical_column_with_vocabulary_list(
        "a", ["x"], default_value=0, num_oov_buckets=1
    ),
    "do not match": lambda fc: fc.categorical_column_with_vocabulary_list("a", ["x"], minitf.int64),
    "Missing vocabulary_file": lambda fc: fc.categorical_column_with_vocabulary_file("a", ""),
    "does not exist": lambda fc: fc.categorical_column_with_vocabulary_file("a", "nowhere"),
    "length > 1": lambda fc: fc.crossed_column(["a"], 5),
    "not supported for crossing": lambda fc: fc.crossed_column(
        [fc.categorical_column_with_hash_bucket("a", 3), "b"], 5
    ),
    "Invalid dimension": lambda fc: fc.embedding_column(
        fc.categorical_column_with_identity("a", 2), 0
    ),
    "Must specify both": lambda fc: fc.embedding_column(
        fc.categorical_column_with_identity("a", 2), 1, ckpt_to_load_from="x"
    ),
    "same number of buckets": lambda fc: fc.shared_embedding_columns(
        [fc.categorical_column_with_identity(key, size) for key, size in (("a", 2), ("b", 3))], 1
    ),
    "feature_columns must not be empty": lambda fc: fc.input_layer({}, []),
    "must be a _DenseColumn": lambda fc: fc.input_layer(
        {"a": [[1]]}, fc.categorical_column_with_identity("a", 2)
    ),
    "Duplicate feature column name": lambda fc: fc.input_layer({}, [fc.numeric_column("a")] * 2),
    "not in features dictionary": lambda fc: fc.input_layer({"b": [[1]]}, fc.numeric_column("a")),
    "cannot have rank 0": lambda fc: fc.input_layer({"a": 1.0}, fc.numeric_column("a")),
    "Batch size": lambda fc: fc.input_layer(
        {"a": [[1.0]], "b": [[1.0], [2.0]]}, [fc.numeric_column("a"), fc.numeric_column("b")]
    ),
    "different parse_spec": lambda fc: fc.make_parse_example_spec(
        [fc.numeric_column("a"), fc.numeric_column("a", 2)]
    ),
    "dtype must be string or integer": lambda fc: fc.categorical_column_with_hash_bucket(
        "a", 3, dtype=minitf.float32
    ),
    "dtype must be compatible": lambda fc: fc.input_layer(
        {"a": [[1]]}, fc.indicator_column(fc.categorical_column_with_hash_bucket("a", 3))
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_what_does_not_fit_is_refused(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message](minitf.feature_column)


def test_a_normalizer_must_be_a_function_and_a_default_of_the_type():
    with pytest.raises(TypeError, match="normalizer_fn must be a callable"):
        minitf.feature_column.numeric_column("a", normalizer_fn=3)
    with pytest.raises(TypeError, match="must be compatible with dtype"):
        minitf.feature_column.numeric_column("a", dtype=minitf.int32, default_value=1.5)
