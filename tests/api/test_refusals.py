"""Where TensorFlow refuses a call: while the graph is built or when it runs, and in which words."""

from __future__ import annotations

import re

import numpy as np
import pytest

import minitf

PAIR = np.float32([[1, 2], [3, 4]])

BUILDING = {
    "Shape must be rank 1 but is rank 2": lambda tf: tf.slice(PAIR, [0], [1]),
    "Invalid value in tensor used for shape: -2": lambda tf: tf.slice(PAIR, [0, 0], [1, -2]),
    "Invalid value in tensor used for shape: -3": lambda tf: tf.fill([2, -3], 0.0),
    "Dimension must be 2 but is 1": lambda tf: tf.transpose(PAIR, [0]),
    "perm dim 2 is out of range of input rank 2": lambda tf: tf.transpose(PAIR, [0, 2]),
    "axis must be >= -1": lambda tf: tf.one_hot([0], 3, axis=-2),
    "Invalid reduction dimension 2 for input with 2 dim": lambda tf: tf.reduce_sum(PAIR, 2),
    "Dimension (2) must be in the range [-2, 2)": lambda tf: tf.argmax(PAIR, 2),
    "'dim' input must be a tensor with a single value": lambda tf: tf.expand_dims(1, [0, 1]),
    "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2] and [3].": (
        lambda tf: tf.concat([PAIR, np.ones([2, 3], np.float32)], 0)
    ),
    "From merging shape 1 with other shapes": lambda tf: tf.stack([[1], [1, 2], [3]], 1),
    "can't split axis of size 2 into pieces of size [1,2]": lambda tf: tf.split(PAIR, [1, 2]),
    "size_splits can only have one -1": lambda tf: tf.split(PAIR, [-1, -1]),
    "slice index -1 of dimension 1 out of bounds": lambda tf: tf.constant(PAIR)[0, -3],
    "must be non-negative but is -1": lambda tf: tf.nn.top_k(PAIR, -1),
    "Expected 3 diagonals got 2": lambda tf: tf.linalg.tridiagonal_solve(
        tf.ones([2, 3]), tf.ones([3])
    ),
    "Dimension must be 2 but is 3": lambda tf: tf.random.stateless_uniform([2], [1, 2, 3]),
    "Dimension -1 must be >= 0": lambda tf: tf.placeholder(tf.float32, [-1]),
    "Dimensions 3 and 1 are not compatible": (
        lambda tf: tf.sparse_retain(tf.SparseTensor([[0], [1], [2]], [1, 2, 3], [3]), [True])
    ),
    "List argument 'values' to 'ConcatV2' Op with length 0 shorter than minimum length 2": (
        lambda tf: tf.concat([], 0)
    ),
    "Attr 'strides' of 'Conv3D' Op passed list of length 2 less than minimum 5": (
        lambda tf: tf.nn.conv3d(np.ones([1] * 5), np.ones([1] * 5), [1, 1], "SAME")
    ),
}
TYPES = {
    "parameter 'shape' has DataType float32 not in list of allowed": (
        lambda tf: tf.reshape(PAIR, [2.0])
    ),
    "Input 'y' of 'Mul' Op has type float32 that does not match type int32 of argument 'x'.": (
        lambda tf: tf.multiply(tf.constant([1]), tf.Variable(1.0))
    ),
    "Expected int32, got None of type 'NoneType'": lambda tf: tf.zeros([2, None]),
    "Expected list for": lambda tf: tf.squeeze([[1]], tf.constant(0)),
    "Cannot convert a TensorShape to dtype: float32": lambda tf: tf.convert_to_tensor(
        tf.TensorShape([2]), tf.float32
    ),
}
RUNNING = {
    "Expected size[1] in [0, 1], but got 2": lambda tf: tf.slice(PAIR, [0, 1], [2, 2]),
    "Expected begin[1] in [0, 2], but got -1": lambda tf: tf.slice(PAIR, [0, -1], [1, 1]),
    "1 is missing from {0,0}": lambda tf: tf.transpose(PAIR, [0, 0]),
    "Expected axis to be -1 or between [0, 2)": lambda tf: tf.one_hot([0, 2], 3, axis=2),
    "Axes contains duplicate dimension: 1": lambda tf: tf.reduce_max(PAIR, [1, -1]),
    "Expected scan axis in the range [-2, 2), but got 2": lambda tf: tf.cumsum(PAIR, 2),
    "axis must be a scalar, not [1]": lambda tf: tf.cumprod(PAIR, [0]),
    "Expected dimension in the range [-1, 1), but got 1": lambda tf: tf.argmin([1, 2], 1),
    "segment_ids should be the same size as dimension 0": (
        lambda tf: tf.segment_sum(PAIR, [0, 0, 1])
    ),
    "Expected multiples[1] >= 0, but got -1": lambda tf: tf.tile(PAIR, [1, -1]),
    "Dimension -1 must be >= 0": lambda tf: tf.random_uniform([-1]),
    "only utf-8 or '' (no encoding) is supported, received x": (
        lambda tf: tf.strings.upper(["a"], encoding="x")
    ),
}


def building(tf, make):
    with tf.Graph().as_default():
        make(tf)


def running(tf, make):
    with tf.Graph().as_default(), tf.Session() as session:
        session.run(make(tf))


@pytest.mark.parametrize("phrase", BUILDING)
def test_shapes_and_counts_that_cannot_be_are_refused_while_the_graph_is_built(phrase):
    with pytest.raises(ValueError, match=re.escape(phrase)):
        building(minitf, BUILDING[phrase])


@pytest.mark.parametrize("phrase", TYPES)
def test_types_that_do_not_fit_are_refused_while_the_graph_is_built(phrase):
    with pytest.raises(TypeError, match=re.escape(phrase)):
        building(minitf, TYPES[phrase])


@pytest.mark.parametrize("phrase", RUNNING)
def test_what_tensorflow_finds_in_a_run_is_refused_in_a_run(phrase):
    with minitf.Graph().as_default(), minitf.Session() as session:
        made = RUNNING[phrase](minitf)
        with pytest.raises(minitf.errors.InvalidArgumentError, match=re.escape(phrase)):
            session.run(made)


@pytest.mark.tensorflow
def test_tensorflow_refuses_the_same_in_the_same_words(tensorflow):
    wrong = tensorflow.errors.InvalidArgumentError
    words = {  # that later releases changed
        "Expected int32, got None of type 'NoneType'": "Expected int32, but got None of type",
        "Cannot convert a TensorShape to dtype: float32": "Cannot convert TensorShape",
    }
    refused = [(phrase, building, make, ValueError) for phrase, make in BUILDING.items()]
    refused += [(phrase, building, make, TypeError) for phrase, make in TYPES.items()]
    refused += [(phrase, running, make, wrong) for phrase, make in RUNNING.items()]

    for phrase, act, make, error in refused:
        with pytest.raises(error, match=re.escape(words.get(phrase, phrase))):
            act(tensorflow, make)
