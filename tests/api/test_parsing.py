"""`tf.parse_example` and its kin take features as TensorFlow 1.15 does, and build its nodes."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import protos
from minitf.testing.example_cases import feature_of

INTS, FLOATS, TEXT = "int64", "float32", "string"


def example(**features):
    given = {key: feature_of(*each) for key, each in features.items()}
    return protos.Example(features=protos.Features(feature=given)).SerializeToString()


A = example(i=(INTS, [1, 2]), f=(FLOATS, [0.5]), s=(TEXT, [b"x"]), x=(INTS, [3, 1]))
B = example(i=(INTS, [3, 4]), s=(TEXT, [b"y"]), x=(INTS, [0]), f=(FLOATS, [2, 3]))


def plain(value):
    """Results of a run as plain Python values."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if hasattr(value, "indices"):
        return [each.tolist() for each in value]
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return np.asarray(value, object).tolist()


def everything(lib):
    """One feature of each kind."""
    return {
        "i": lib.FixedLenFeature([2], lib.int64),
        "d": lib.FixedLenFeature([], lib.string, "nothing"),
        "d/2": lib.FixedLenFeature([2, 1], lib.float32, [[1], [2]]),
        "s": lib.VarLenFeature(lib.string),
        "rows": lib.FixedLenSequenceFeature([1], lib.int64, allow_missing=True),
        "padded": lib.FixedLenSequenceFeature([], lib.string, True, default_value="-"),
    }


def test_a_batch_and_one_example_are_read_by_kind():
    with tf.Session() as session:
        batch, single = session.run(
            [
                tf.parse_example([A, B], everything(tf)),
                tf.parse_single_example(A, everything(tf)),
            ]
        )

    assert plain(batch["i"]) == [[1, 2], [3, 4]]
    assert plain(batch["d"]) == [b"nothing", b"nothing"]
    assert plain(batch["s"]) == [[[0, 0], [1, 0]], [b"x", b"y"], [2, 1]]
    assert batch["rows"].shape == (2, 0, 1)
    assert plain(single["i"]) == [1, 2]
    assert plain(single["s"]) == [[[0]], [b"x"], [1]]
    assert (single["d"], single["rows"].shape) == (b"nothing", (0, 1))


def test_coordinates_and_values_make_a_sparse_tensor():
    features = {"sparse": tf.SparseFeature("x", "i", tf.int64, 10), "x": tf.VarLenFeature(tf.int64)}
    with tf.Session() as session:
        made = session.run(
            tf.parse_single_example(A, features | {"y": tf.FixedLenFeature([], tf.string, "")})
        )

    assert plain(made["sparse"]) == [[[1], [3]], [2, 1], [10]]
    assert sorted(made) == ["sparse", "x", "y"]


@pytest.mark.tensorflow
def test_results_and_static_shapes_are_tensorflows(tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            features = everything(lib)
            features["sparse"] = lib.SparseFeature("x", "f", lib.float32, 10, already_sorted=True)
            features["grid"] = lib.SparseFeature(["x", "x2"], "f", lib.float32, [10, 5])
            places = {"x": (INTS, [3, 1]), "x2": (INTS, [0, 4]), "f": (FLOATS, [1, 2])}
            serialized = [
                example(i=(INTS, [5, 6]), padded=(TEXT, [b"a", b"b"])),
                example(i=(INTS, [7, 8]), **places),
            ]
            named = {"example_names": "name"}
            made = [
                lib.parse_example(serialized, features),
                lib.parse_single_example(serialized[1], features),
                lib.parse_single_example(serialized[1], features, **named),
            ]
            shapes = [
                {key: str(value.shape) for key, value in sorted(each.items())} for each in made
            ]
            found.append((plain(session.run(made)), shapes))

    assert found[0] == found[1]


def test_nodes_are_those_of_1_15():
    with tf.Graph().as_default() as graph:
        tf.parse_example([A], everything(tf), name="batch")
        tf.parse_single_example(A, {"d": tf.FixedLenFeature([], tf.string, "x")})
        tf.parse_single_example(A, {"s": tf.VarLenFeature(tf.string)}, "named", "name")
        names = {op.name: op.type for op in graph.get_operations() if op.type != "Const"}

    assert names["batch/batch"] == "ParseExample"
    assert names["batch/Reshape"] == "Reshape"
    assert graph.get_operation_by_name("batch/key_d/2").type == "Const"
    assert graph.get_operation_by_name("batch/padding_padded").type == "Const"
    assert names["ParseSingleExample/ParseSingleExample"] == "ParseSingleExample"
    assert names["named/named/named"] == "ParseExample"
    assert names["named/Slice_Indices_s"] == "Slice"
    assert names["named/Squeeze_Shape_s"] == "Slice"


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ({}, "Missing"),
        (None, "Missing"),
        ({"i": 3}, "Invalid feature i:3"),
        ({"i": tf.VarLenFeature(None)}, "Missing type for feature i"),
        ({"i": tf.FixedLenFeature(None, tf.int64)}, "Missing shape for feature i"),
        ({"i": tf.FixedLenFeature([None], tf.int64)}, "Consider using FixedLenSequenceFeature"),
        ({"i": tf.FixedLenFeature([2, None], tf.int64)}, "All dimensions of shape for feature i"),
        ({"i": tf.FixedLenSequenceFeature([], tf.int64)}, "requires allow_missing to be True"),
        ({"i": tf.SparseFeature("", "v", tf.int64, 1)}, "Missing index_key for SparseFeature"),
        ({"i": tf.SparseFeature("x", "", tf.int64, 1)}, "Missing value_key for SparseFeature"),
        (
            {"i": tf.SparseFeature("x", "v", tf.int64, 1), "x": tf.VarLenFeature(tf.string)},
            "Conflicting type",
        ),
        (
            {"i": tf.SparseFeature("x", "v", tf.int64, 1), "x": tf.FixedLenFeature([], tf.int64)},
            "Dense and sparse keys must not intersect",
        ),
        ({"i": tf.FixedLenFeature([2], tf.int64, [1, 2, 3])}, "Cannot reshape a tensor with 3"),
    ],
)
def test_features_that_are_not_well_described_are_refused(features, words):
    for parse, serialized in ((tf.parse_example, [A]), (tf.parse_single_example, A)):
        with pytest.raises(ValueError, match=words):
            parse(serialized, features)


def test_a_type_that_no_feature_has_is_refused():
    with pytest.raises(TypeError, match="int32 not in list of allowed values"):
        tf.parse_example([A], {"i": tf.VarLenFeature(tf.int32)})


def test_what_is_not_one_example_is_refused():
    with pytest.raises(ValueError, match="Input serialized must be a scalar"):
        tf.parse_single_example([A], {"i": tf.VarLenFeature(tf.int64)})
    with pytest.raises(ValueError, match="Input names must be a scalar"):
        tf.parse_single_example(A, {"i": tf.VarLenFeature(tf.int64)}, None, ["a"])
    with pytest.raises(ValueError, match="must be rank 1"):
        tf.parse_example(A, {"i": tf.VarLenFeature(tf.int64)})


def test_sequences_want_some_features_of_the_right_classes():
    for parse in (tf.parse_single_sequence_example, tf.io.parse_sequence_example):
        with pytest.raises(ValueError, match="Missing features"):
            parse(b"")
        with pytest.raises(ValueError, match="Unsupported FixedLenFeature"):
            parse(b"", None, {"i": tf.FixedLenFeature([], tf.int64)})
        with pytest.raises(ValueError, match=r"feature_list_dense_defaults\[i\] must be None"):
            parse(b"", None, {"i": tf.FixedLenSequenceFeature([], tf.int64, True, 3)})


def test_columns_of_lines_must_be_chosen_in_order():
    for columns, words in (
        ([1, 0], "strictly increasing"), ([-1, 0], "negative values"), ([0], "do not match"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            tf.decode_csv("1,2", [[0], [0]], select_cols=columns)


def test_messages_of_tf_train_are_tensorflows_on_the_wire():
    example = tf.train.Example(
        features=tf.train.Features(
            feature={
                "i": tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 2])),
                "f": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5])),
                "s": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"x"])),
            }
        )
    )
    sequence = tf.train.SequenceExample(
        context=example.features,
        feature_lists=tf.train.FeatureLists(
            feature_list={"l": tf.train.FeatureList(feature=[example.features.feature["i"]])}
        ),
    )
    features = {"i": tf.FixedLenFeature([2], tf.int64), "f": tf.VarLenFeature(tf.float32)}
    lists = {"l": tf.FixedLenSequenceFeature([2], tf.int64)}
    with tf.Session() as session:
        made = session.run(tf.parse_single_example(example.SerializeToString(), features))
        _, steps = session.run(
            tf.parse_single_sequence_example(sequence.SerializeToString(), None, lists)
        )

    assert (plain(made["i"]), plain(made["f"])[1]) == ([1, 2], [0.5])
    assert plain(steps["l"]) == [[1, 2]]
