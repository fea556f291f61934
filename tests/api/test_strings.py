"""The public functions of strings build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

WORDS = np.array([b"one", b" two "], object)


GRID = np.array([[b"a", b"b"], [b"c", b"d"]], object)


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
    "reduce_join": lambda tf: tf.reduce_join(GRID, 0, separator="-"),
    "reduce_join of all": lambda tf: tf.strings.reduce_join(GRID, keepdims=True, name="r"),
    "reduce_join of unknown rank": lambda tf: tf.reduce_join(fed(tf, GRID, tf.TensorShape(None))),
    "unsorted_segment_join": lambda tf: tf.strings.unsorted_segment_join(words(tf), [1, 1], 2, ","),
    "regex_replace": lambda tf: tf.regex_replace(words(tf), "o(.)", r"<\1>"),
    "regex_replace by what the run knows": lambda tf: tf.strings.regex_replace(
        words(tf), tf.constant("o"), "0", replace_global=False, name="r"
    ),
    "regex_full_match": lambda tf: tf.strings.regex_full_match(words(tf), "on?e"),
    "regex_full_match by what the run knows": lambda tf: tf.strings.regex_full_match(
        words(tf), tf.constant(".*")
    ),
    "hash buckets": lambda tf: [
        tf.string_to_hash_bucket(words(tf), 10),
        tf.string_to_hash_bucket_fast(words(tf), 10),
        tf.strings.to_hash_bucket_strong(words(tf), 10, [1, 2], name="strong"),
    ],
    "fingerprint": lambda tf: tf.fingerprint(words(tf)),
    "decode_raw": lambda tf: tf.decode_raw(["abcd"], tf.int16, little_endian=False),
    "base64": lambda tf: tf.decode_base64(tf.io.encode_base64(words(tf), pad=True)),
    "unicode_transcode": lambda tf: tf.strings.unicode_transcode(
        words(tf), "UTF-8", "UTF-16-BE", replacement_char=63
    ),
    "edit_distance": lambda tf: tf.edit_distance(
        tf.SparseTensor([[0, 0], [1, 0]], ["a", "b"], [2, 1]),
        tf.SparseTensor([[0, 0], [0, 1]], ["b", "a"], [2, 2]),
    ),
    "format": lambda tf: tf.strings.format("a {} b {}", [words(tf), tf.constant([[1, 2]])]),
    "format of one": lambda tf: tf.strings.format("%s", words(tf), "%s", summarize=1, name="f"),
    "string_split": lambda tf: parts(tf.string_split(words(tf), "n")),
    "strings.split": lambda tf: parts(tf.strings.split(words(tf), name="cut")),
}


@pytest.mark.tensorflow
@pytest.mark.paper("W-14")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


@pytest.mark.tensorflow
def test_strings_of_any_shape_are_split(tensorflow):
    def split(tf):
        grid = [["a b", "c"], ["d e f", ""]]
        return [*parts(tf.strings.split("a b")), *parts(tf.strings.split(grid, sep=" "))]

    assert_same_results(tensorflow, split)


def test_sparse_and_ragged_tensors_come_of_splitting_and_no_others():
    with pytest.raises(ValueError, match="result_type must be 'RaggedTensor' or 'SparseTensor'"):
        minitf.string_split(["a b"], result_type="Tensor")
    with pytest.raises(TypeError, match="Truth must be a SparseTensor"):
        minitf.edit_distance(minitf.SparseTensor([[0, 0]], ["a"], [1, 1]), ["a"])
    with pytest.raises(ValueError, match="Cannot specify both 'delimiter' and 'sep'"):
        minitf.string_split(["a b"], sep=" ", delimiter=" ")
