"""The public functions of strings build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf

WORDS = np.array([b"one", b" two "], object)


def words(tf):
    """Return strings of an unknown number that the run feeds."""
    made = tf.placeholder(tf.string, [None])
    tf.add_to_collection("feeds", (made, WORDS))
    return made


def parts(sparse):
    return sparse.indices, sparse.values, sparse.dense_shape


GRAPHS = {
    "string_join": lambda tf: tf.string_join([words(tf), words(tf), "!"], separator="-"),
    "as_string": lambda tf: tf.as_string(fed(tf, np.float32([1.5, -2])), precision=2, name="s"),
    "as_string of bools": lambda tf: tf.as_string([True, False]),
    "string_to_number": lambda tf: tf.string_to_number(["1.5", " 2 "]),
    "string_to_number of a type": lambda tf: tf.string_to_number(["7"], tf.int64, name="n"),
    "substr": lambda tf: tf.substr(words(tf), 1, 2),
    "string_strip": lambda tf: tf.string_strip(words(tf)),
    "strings.length": lambda tf: tf.strings.length(words(tf)),
    "strings.join": lambda tf: tf.strings.join(["a", "b"], name="j"),
    "strings.lower": lambda tf: tf.strings.lower(["ABC", "É".encode()]),
    "strings.upper": lambda tf: tf.strings.upper(words(tf), encoding="utf-8"),
    "string_split": lambda tf: parts(tf.string_split(words(tf), "n")),
    "strings.split": lambda tf: parts(tf.strings.split(words(tf), name="cut")),
}


@pytest.mark.tensorflow
@pytest.mark.paper("W-14")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


def test_only_sparse_tensors_come_of_splitting():
    with pytest.raises(ValueError, match="result_type must be 'SparseTensor'"):
        minitf.string_split(["a b"], result_type="RaggedTensor")
    with pytest.raises(ValueError, match="Cannot specify both 'delimiter' and 'sep'"):
        minitf.string_split(["a b"], sep=" ", delimiter=" ")
