"""Arguments of functions that make, shape and compute tensors."""

from __future__ import annotations

import numpy as np
from arguments.told import told

M = np.array([[1.0, 9.0, 4.0], [8.0, 2.0, 5.0]], np.float32)
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
NAME = "my/name"


def shape_and_type(tf, function, **given):
    made = function(**given)
    return [made.op.name, made.dtype.name, str(made.get_shape())]


def pieces(tf, function, **given):
    return list(function(**given))


MAKE = [
    *told("tf.constant", {"value": [1, 2]}, dtype="float32", shape=[3, 2], name=NAME),
    *told("tf.convert_to_tensor", {"value": [1, 2]}, dtype="float64"),
    *told("tf.ones", {"shape": [2]}, dtype="int32", name=NAME),
    *told("tf.zeros", {"shape": [2]}, shape=[3, 1], dtype="int64", name=NAME),
    *told("tf.range", {"start": 2, "limit": 6}, dtype="float32"),
    *told(
        "tf.one_hot",
        {"indices": [0, 2], "depth": 3},
        depth=4,
        dtype="int32",
        name=NAME,
        on_value=5.0,
        off_value=-1.0,
    ),
    *told("tf.diag", {"diagonal": [1.0, 2.0]}, name=NAME),
    *told("tf.placeholder", {"dtype": "float32"}, shape_and_type, dtype="int32", shape=[2, None]),
    *told("tf.placeholder", {"dtype": "float32"}, name=NAME),
    *told(
        "tf.placeholder_with_default",
        {"input": [1.0, 2.0], "shape": [2]},
        shape=[None],
        name=NAME,
    ),
]

SHAPE = [
    *told("tf.concat", {"values": [SQUARE, SQUARE], "axis": 0}, values=[SQUARE], axis=1),
    *told("tf.expand_dims", {"input": M, "axis": 0}, axis=1, name=NAME),
    *told(
        "tf.gather_nd",
        {"params": M, "indices": [[0, 1]]},
        params=-M,
        indices=[[1, 2], [0, 0]],
    ),
    *told("tf.identity", {"input": M}, name=NAME),
    *told("tf.reshape", {"tensor": M, "shape": [6]}, shape=[3, -1], name=NAME),
    *told(
        "tf.split",
        {"value": np.arange(12.0).reshape(6, 2), "num_or_size_splits": 2},
        pieces,
        value=np.arange(16).reshape(8, 2),
        num_or_size_splits=[1, 2, 3],
        axis=1,
    ),
    *told("tf.squeeze", {"input": M[None, :, None]}, axis=0, squeeze_dims=[2]),
    *told("tf.stack", {"values": [M, -M]}, axis=1),
    *told("tf.unstack", {"value": M}, axis=1),
    *told("tf.transpose", {"a": M[None]}, perm=[1, 0, 2]),
    *told("tf.cast", {"x": [1.7, -1.7], "dtype": "float64"}, dtype="int32"),
]

COMPUTE = [
    *told("tf.add", {"x": M, "y": M}, name=NAME),
    *told("tf.add_n", {"inputs": [M, M]}, name=NAME),
    *told("tf.multiply", {"x": M, "y": M}, name=NAME),
    *told("tf.subtract", {"x": M, "y": 1.0}, name=NAME),
    *told("tf.square", {"x": M}, name=NAME),
    *told("tf.tanh", {"x": M}, name=NAME),
    *told("tf.argmax", {"input": M}, axis=1, dimension=1, name=NAME),
    *told("tf.matmul", {"a": SQUARE, "b": SQUARE}, transpose_a=True, transpose_b=True, name=NAME),
    *told("tf.reduce_max", {"input_tensor": M}, axis=1, keep_dims=True, keepdims=True),
    *told(
        "tf.reduce_mean",
        {"input_tensor": M},
        axis=[0],
        keep_dims=True,
        reduction_indices=1,
        name=NAME,
    ),
    *told(
        "tf.reduce_sum",
        {"input_tensor": M},
        axis=1,
        keep_dims=True,
        keepdims=True,
        reduction_indices=[0],
        name=NAME,
    ),
]


def drawn(tf, function, **given):
    return function(**{"shape": [3, 4], "seed": 3, **given})


def drawn_initially(tf, function, **given):
    return function(seed=3, **given)([3, 4])


RANDOM = [
    *told(
        "tf.random_normal",
        {},
        drawn,
        shape=[2],
        mean=9.0,
        stddev=0.1,
        dtype="float64",
        seed=4,
    ),
    *told("tf.random_uniform", {}, drawn, shape=[2], minval=-9.0, maxval=9.0, dtype="float64"),
    *told("tf.truncated_normal", {}, drawn, stddev=0.1, dtype="float64"),
    *told("tf.random_normal_initializer", {}, drawn_initially, stddev=0.1),
    *told("tf.truncated_normal_initializer", {}, drawn_initially, stddev=0.1),
]

ENTRIES = [*MAKE, *SHAPE, *COMPUTE, *RANDOM]
