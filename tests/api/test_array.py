"""The public functions of shapes, orders and joins build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_graph, fed

import minitf

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
K = np.arange(8, dtype=np.float32).reshape(4, 2)
Z = (K + 1j * K[::-1]).astype(np.complex64)


def x(tf):
    return fed(tf, X, [None, 3, 4])


def k(tf):
    return fed(tf, K)


def u(tf):
    """Return a placeholder of unknown rank."""
    return fed(tf, X, tf.TensorShape(None))


def n(tf, value=1, dtype=np.int32):
    """Return a number that only the run knows."""
    return fed(tf, np.array(value, dtype))


def of(make):
    return lambda tf: make(tf, x(tf))


GRAPHS = {
    "reshape by a size": of(lambda tf, a: tf.reshape(a, [tf.shape(a)[0], 12])),
    "reshape with -1": of(lambda tf, a: tf.reshape(a, [-1, 12], name="flat")),
    "reshape by Dimensions": of(lambda tf, a: tf.reshape(a, [-1, a.shape[1] * 4])),
    "reshape by a slice of its shape": of(
        lambda tf, a: tf.reshape(a, tf.concat([tf.shape(a)[1:], [-1]], 0))
    ),
    "reshape by nested sizes": of(lambda tf, a: tf.reshape(a, [tf.size(a), 1])),
    "expand_dims": of(lambda tf, a: tf.expand_dims(a, -1)),
    "expand_dims by its old name": of(lambda tf, a: tf.expand_dims(a, dim=1)),
    "expand_dims at a tensor": of(lambda tf, a: tf.expand_dims(a, n(tf))),
    "squeeze": lambda tf: tf.squeeze(tf.expand_dims(k(tf), 1)),
    "squeeze one": of(lambda tf, a: tf.squeeze(tf.expand_dims(a, 1), 1)),
    "squeeze by its old name": of(
        lambda tf, a: tf.squeeze(tf.expand_dims(a, 0), squeeze_dims=[0], name="s")
    ),
    "transpose": of(lambda tf, a: tf.transpose(a)),
    "transpose by a permutation": of(lambda tf, a: tf.transpose(a, [0, 2, 1], name="t")),
    "transpose of unknown rank": lambda tf: tf.transpose(u(tf)),
    "transpose and conjugate": lambda tf: tf.transpose(fed(tf, Z), conjugate=True),
    "matrix_transpose": of(lambda tf, a: tf.matrix_transpose(a)),
    "matrix_transpose of unknown rank": lambda tf: tf.matrix_transpose(u(tf)),
    "invert_permutation": lambda tf: tf.invert_permutation([2, 0, 1]),
    "reverse": of(lambda tf, a: tf.reverse(a, [0, -1])),
    "reverse_sequence": of(lambda tf, a: tf.reverse_sequence(a, [1, 3], 1)),
    "reverse_sequence by old names": of(
        lambda tf, a: tf.reverse_sequence(a, [1, 2, 0], seq_dim=2, batch_dim=1)
    ),
    "roll": of(lambda tf, a: tf.roll(a, [1, -1], [0, 2])),
    "concat": of(lambda tf, a: tf.concat([a, a], 1)),
    "concat with arrays": of(lambda tf, a: tf.concat([a, X], -3, name="c")),
    "concat of one": of(lambda tf, a: tf.concat([a], 0)),
    "concat of lists": lambda tf: tf.concat([[1, 2], [3]], 0),
    "concat of unknown rank": of(lambda tf, a: tf.concat([a, u(tf)], 2)),
    "concat along a tensor": of(lambda tf, a: tf.concat([a, a], n(tf))),
    "stack": of(lambda tf, a: tf.stack([a, a])),
    "stack along the last": of(lambda tf, a: tf.stack([a, X], -1)),
    "stack of numbers": lambda tf: tf.stack([1.0, 2.0]),
    "stack of numbers and tensors": lambda tf: tf.stack([1, n(tf), 3]),
    "unstack": of(lambda tf, a: tf.unstack(a, axis=1)),
    "unstack of unknown rank": lambda tf: tf.unstack(u(tf), num=2),
    "split": of(lambda tf, a: tf.split(a, 2, 2)),
    "split of an unknown size": of(lambda tf, a: tf.split(a, 2)),
    "split by sizes": of(lambda tf, a: tf.split(a, [1, -1], 1, name="s")),
    "slice": of(lambda tf, a: tf.slice(a, [0, 1, 1], [-1, 2, 3])),
    "slice at a tensor": of(lambda tf, a: tf.slice(a, [0, n(tf), 0], [1, 1, -1])),
    "tile": of(lambda tf, a: tf.tile(a, [1, 2, 3])),
    "tile by a tensor": of(lambda tf, a: tf.tile(a, [1, n(tf), 1])),
    "pad": of(lambda tf, a: tf.pad(a, [[1, 1], [0, 2], [0, 0]])),
    "pad by tensors": of(lambda tf, a: tf.pad(a, [[1, n(tf)], [0, 2], [0, 0]])),
    "pad with a value": of(lambda tf, a: tf.pad(a, [[1, 0]] * 3, constant_values=7.0)),
    "pad by reflection": of(lambda tf, a: tf.pad(a, [[1, 0], [0, 2], [0, 0]], "REFLECT")),
    "pad symmetrically": lambda tf: tf.pad(u(tf), [[1, 0]] * 3, mode="symmetric", name="p"),
    "shape": of(lambda tf, a: tf.shape(a)),
    "shape of what is known": lambda tf: tf.shape(k(tf), out_type=tf.int64, name="s"),
    "shape_n": of(lambda tf, a: tf.shape_n([a, k(tf)])),
    "size": of(lambda tf, a: tf.size(a)),
    "size of what is known": lambda tf: tf.size(k(tf), out_type=tf.int64),
    "rank": lambda tf: (tf.rank(x(tf)), tf.rank(u(tf))),
    "ensure_shape": of(lambda tf, a: tf.ensure_shape(a, [2, None, None])),
    "broadcast_to": lambda tf: tf.broadcast_to(k(tf), [3, 4, 2]),
    "broadcast_dynamic_shape": of(lambda tf, a: tf.broadcast_dynamic_shape(tf.shape(a), [4])),
    "cast": lambda tf: tf.cast(k(tf), tf.int32),
    "cast to the same": lambda tf: tf.cast(k(tf), tf.float32) + 1.0,
    "cast of a list": lambda tf: tf.cast([1, 2], tf.float32, name="c"),
    "to_float": lambda tf: tf.to_float(n(tf)),
    "to_int64": lambda tf: tf.to_int64(k(tf), name="w"),
    "to_double": lambda tf: tf.to_double(k(tf)),
    "to_int32": lambda tf: tf.to_int32(k(tf)),
    "to_complex64": lambda tf: tf.to_complex64(k(tf)),
    "bitcast to a larger type": lambda tf: tf.bitcast(k(tf), tf.float64),
    "bitcast to a smaller type": lambda tf: tf.bitcast(k(tf), tf.uint8),
    "a nested list that holds tensors": lambda tf: tf.convert_to_tensor(
        [[n(tf), 2], [3, 4]], name="packed_by_hand"
    ),
    "a list that holds tensors of another type": lambda tf: tf.reshape(
        k(tf), [n(tf, 2, np.int64), 4]
    ),
}


@pytest.mark.tensorflow
@pytest.mark.paper("W-04")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


# --- random programs -----------------------------------------------------------------------------


@st.composite
def programs(draw):
    """Draw a shape, what is known of it, and a chain of steps: names and arguments."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    sizes = [draw(st.sampled_from([None, size])) for size in shape]
    steps = []
    now = list(shape)
    for _ in range(draw(st.integers(1, 5))):
        rank = len(now)
        axis = draw(st.integers(0, rank - 1)) if rank else 0
        kind = draw(st.sampled_from(STEPS if rank else ["expand"]))
        if kind == "expand":
            axis = draw(st.integers(0, rank))
            now.insert(axis, 1)
        elif kind == "flatten":
            now = [int(np.prod(now))]
        elif kind == "first and rest":
            now = [now[0], int(np.prod(now[1:]))]
        elif kind == "sum":
            del now[axis]
        elif kind == "transpose":
            now.reverse()
        elif kind == "concat":
            now[axis] *= 2
        elif kind == "tile":
            now[axis] *= 3
        elif kind == "pad":
            now[axis] += 3
        elif kind == "half":
            now[axis] = (now[axis] + 1) // 2
        elif kind == "last":
            now[axis] = 1
        steps.append((kind, axis))
    return shape, sizes, steps


STEPS = [
    *("expand", "flatten", "first and rest", "sum", "transpose", "concat", "tile", "pad", "half"),
    *("last", "ones"),
]


def apply(tf, tensor, kind, axis, rank):
    everything = [slice(None)] * rank
    if kind == "expand":
        return tf.expand_dims(tensor, axis)
    if kind == "flatten":
        return tf.reshape(tensor, [-1])
    if kind == "first and rest":
        return tf.reshape(tensor, tf.stack([tf.shape(tensor)[0], -1]))
    if kind == "sum":
        return tf.reduce_sum(tensor, axis)
    if kind == "transpose":
        return tf.transpose(tensor)
    if kind == "concat":
        return tf.concat([tensor, tensor], axis)
    if kind == "tile":
        return tf.tile(tensor, [3 if i == axis else 1 for i in range(rank)])
    if kind == "pad":
        return tf.pad(tensor, [[1, 2] if i == axis else [0, 0] for i in range(rank)])
    if kind == "half":
        return tensor[(*everything[:axis], slice(None, None, 2))]
    if kind == "last":
        return tensor[(*everything[:axis], slice(-1, None))]
    return tensor + tf.ones(tf.shape(tensor))


@pytest.mark.tensorflow
@given(program=programs())
def test_random_programs_are_tensorflows(tensorflow, program):
    shape, sizes, steps = program
    value = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)

    def make(tf):
        tensor = fed(tf, value, sizes)
        for kind, axis in steps:
            tensor = apply(tf, tensor, kind, axis, tensor.shape.ndims)
        return tensor

    assert_same_graph(tensorflow, make)


# --- messages ------------------------------------------------------------------------------------


def test_arguments_with_two_names_are_given_once():
    with pytest.raises(ValueError, match="Cannot specify both 'dim' and 'axis'"):
        minitf.expand_dims([1], axis=0, dim=0)
    with pytest.raises(ValueError, match=r"Must specify an axis argument to tf.expand_dims"):
        minitf.expand_dims([1])


def test_what_cannot_be_cut_or_joined_is_said():
    a = minitf.placeholder(minitf.float32, [None, 3])
    with pytest.raises(ValueError, match="Cannot infer num from shape"):
        minitf.unstack(a)
    with pytest.raises(ValueError, match=r"axis = 3 not in \[-2, 2\)"):
        minitf.unstack(a, axis=3)
    with pytest.raises(ValueError, match=r"axis = 4 not in \[-3, 3\)"):
        minitf.stack([a, a], axis=4)
    with pytest.raises(ValueError, match="Rank-0 tensors are not supported"):
        minitf.split(a, minitf.constant(2))
    with pytest.raises(ValueError, match="Unknown padding mode: WRAP"):
        minitf.pad(a, [[0, 0], [1, 1]], "wrap")


def test_scalars_are_stacked_not_joined():
    with pytest.raises(ValueError, match=r"Can't concatenate scalars \(use tf.stack instead\)"):
        minitf.concat([minitf.constant(1), minitf.constant(2)], 0)


def test_tensors_of_two_types_do_not_make_a_list():
    one, other = minitf.constant(1), minitf.constant(1.0)
    with pytest.raises(TypeError, match="Cannot convert a list containing a tensor of dtype"):
        minitf.convert_to_tensor([one, other])


@given(
    value=st.floats(-(2.0**70), 2.0**70, width=32)
    | st.sampled_from([2.0**31, -(2.0**31), 2.0**63]),
    target=st.sampled_from(["int8", "uint8", "int32", "int64"]),
)
def test_saturate_cast_gives_the_nearest_number_of_the_type(value, target):
    with minitf.Graph().as_default(), minitf.Session() as session:
        kind = minitf.as_dtype(target)
        got = int(session.run(minitf.saturate_cast(minitf.constant(value, minitf.float32), kind)))

    nearest = min(max(int(value), kind.min), kind.max)
    # a bound that float32 has no number for is approached from inside
    assert got == nearest or (abs(value) >= 2.0**31 and abs(got - nearest) <= kind.max // 2**23)


def test_static_shapes_broadcast():
    shape = minitf.broadcast_static_shape(minitf.TensorShape([None, 1]), minitf.TensorShape([7]))

    assert shape.as_list() == [None, 7]
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        minitf.broadcast_static_shape(minitf.TensorShape([2]), minitf.TensorShape([3]))
