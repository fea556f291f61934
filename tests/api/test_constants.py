"""Constants, placeholders, sequences, grids, diagonals: TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from same_graph import assert_same_graph, fed

import minitf

K = np.arange(8, dtype=np.float32).reshape(4, 2)
M = np.arange(18, dtype=np.float32).reshape(2, 3, 3)


def k(tf, shape=None):
    return fed(tf, K, shape)


def n(tf, value=3):
    return fed(tf, np.array(value, np.int32))


def like(make):
    return lambda tf: make(tf, k(tf, [None, 2]))


GRAPHS = {
    "constant": lambda tf: tf.constant(1.5),
    "constant of a list": lambda tf: tf.constant([[1, 2], [3, 4]], name="table"),
    "constant of text": lambda tf: tf.constant([b"a", b"\xff\x00"]),
    "constant filled up": lambda tf: tf.constant([1, 2], shape=[2, 3], dtype=tf.int64),
    "constant of one value": lambda tf: tf.constant(0.0, shape=[3]),
    "constant of nothing": lambda tf: tf.constant([], dtype=tf.int32),
    "constant of an array": lambda tf: tf.constant(np.zeros((2, 2))),
    "constant without elements": lambda tf: tf.constant(1, shape=[0, 2]),
    "guarantee_const": lambda tf: tf.guarantee_const(k(tf)),
    "placeholder_with_default": lambda tf: tf.placeholder_with_default([1.0, 2.0], [None]),
    "fill": lambda tf: tf.fill([2, 3], "a"),
    "fill by a tensor": lambda tf: tf.fill([2, n(tf)], 1.0, name="f"),
    "zeros": lambda tf: tf.zeros([2, 3]),
    "zeros of a scalar": lambda tf: tf.zeros([]),
    "no zeros": lambda tf: tf.zeros([0, 3]),
    "zeros of a number": lambda tf: tf.zeros(5),
    "many zeros": lambda tf: tf.zeros([50, 50], tf.int32),
    "zeros by a tensor": lambda tf: tf.zeros([n(tf), 3]),
    "zeros by a shape": like(lambda tf, a: tf.zeros(tf.shape(a))),
    "zeros of text": lambda tf: tf.zeros([2], tf.string),
    "ones": lambda tf: tf.ones([2, 3], tf.bool, name="all"),
    "ones by a shape": like(lambda tf, a: tf.ones(tf.shape(a), tf.int32)),
    "zeros_like": lambda tf: tf.zeros_like(k(tf)),
    "zeros_like of an unknown size": like(lambda tf, a: tf.zeros_like(a)),
    "zeros_like of another type": like(lambda tf, a: tf.zeros_like(a, tf.int32)),
    "zeros_like of a list": lambda tf: tf.zeros_like([1, 2], name="z"),
    "zeros_like not optimized": lambda tf: tf.zeros_like(k(tf), optimize=False),
    "ones_like": lambda tf: tf.ones_like(k(tf)),
    "ones_like of an unknown size": like(lambda tf, a: tf.ones_like(a, tf.float64)),
    "range": lambda tf: tf.range(5),
    "range of three": lambda tf: tf.range(1, 10, 2, name="odd"),
    "range to a tensor": lambda tf: tf.range(n(tf)),
    "range of floats": lambda tf: tf.range(0.0, 1.0, 0.1),
    "range of a type": lambda tf: tf.range(5, dtype=tf.int64),
    "range of mixed types": lambda tf: tf.range(n(tf), 10.0),
    "one_hot": lambda tf: tf.one_hot([1, 0, 5], 3),
    "one_hot of values": lambda tf: tf.one_hot([1, 0], 3, on_value=5, off_value=-1, axis=0),
    "one_hot of a type": lambda tf: tf.one_hot([1, 0], n(tf), dtype=tf.int64, name="h"),
    "sequence_mask": lambda tf: tf.sequence_mask([1, 3, 2]),
    "sequence_mask of a length": lambda tf: tf.sequence_mask([[1], [2]], 4, tf.float32, name="m"),
    "sequence_mask of tensors": lambda tf: tf.sequence_mask([1, 2], n(tf)),
    "meshgrid": lambda tf: tf.meshgrid([1, 2], [3, 4, 5]),
    "meshgrid of three": lambda tf: tf.meshgrid([1.0, 2.0], [3.0], [4.0, 5.0], name="g"),
    "meshgrid by indices": lambda tf: tf.meshgrid(fed(tf, K[0]), [1.0, 2.0], indexing="ij"),
    "diag": lambda tf: tf.diag([1.0, 2.0]),
    "diag_part": lambda tf: tf.diag_part(fed(tf, M[0])),
    "matrix_band_part": lambda tf: tf.matrix_band_part(fed(tf, M, [None, 3, 3]), 1, 0),
}


@pytest.mark.tensorflow
@pytest.mark.paper("O-07")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


# --- the bytes of a constant --------------------------------------------------------------------

BYTES = {
    "zeros": lambda tf: tf.zeros([2, 3]),
    "zeros of a shape": lambda tf: tf.zeros(tf.TensorShape([2, 3]), tf.int64),
    "zeros of one element": lambda tf: tf.zeros([1]),
    "zeros of none": lambda tf: tf.zeros([0, 3]),
    "empty strings": lambda tf: tf.zeros([2], tf.string),
    "ones of complex numbers": lambda tf: tf.ones([2], tf.complex64),
    "ones of halves": lambda tf: tf.ones([3], tf.float16),
    "truth": lambda tf: tf.ones([2, 2], tf.bool),
    "one value": lambda tf: tf.constant(2.5, shape=[2, 2]),
    "one text": lambda tf: tf.constant("a", shape=[3]),
    "a short list": lambda tf: tf.constant([1, 2], shape=[4]),
    "an array filled up": lambda tf: tf.constant(np.array([1, 2]), shape=[4]),
    "a reshaped list": lambda tf: tf.constant([1, 1, 1, 1], shape=[2, 2]),
    "a list of equal numbers": lambda tf: tf.constant([1.0, 1.0, 1.0]),
    "an array of equal numbers": lambda tf: tf.constant(np.ones(4)),
    "zeros_like": lambda tf: tf.zeros_like(tf.constant([1.0, 2.0])),
    "an initializer": lambda tf: tf.constant_initializer([1, 2])([4]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", BYTES)
def test_the_bytes_of_a_constant_are_tensorflows(name, tensorflow):
    def written(tf):
        with tf.Graph().as_default():
            return BYTES[name](tf).op.node_def.attr["value"].tensor.SerializeToString()

    assert written(minitf) == written(tensorflow)


@pytest.mark.parametrize("name", BYTES)
def test_a_constant_is_written_again_as_it_was_read(name):
    with minitf.Graph().as_default() as graph:
        value = BYTES[name](minitf).eval(session=minitf.Session())
    with minitf.Graph().as_default() as again:
        minitf.import_graph_def(graph.as_graph_def(), name="")
        (made,) = [
            op for op in again.get_operations() if op.name == graph.get_operations()[-1].name
        ]

    assert again.as_graph_def() == graph.as_graph_def()
    assert minitf.make_ndarray(made.get_attr("value")).tolist() == value.tolist()
    assert minitf.Session(graph=again).run(made.outputs[0]).tolist() == value.tolist()


def test_a_filled_constant_takes_one_number_in_a_graph_def():
    assert minitf.zeros([999]).op.node_def.ByteSize() < 100


# --- what 1.15 does otherwise than newer TensorFlow ----------------------------------------------


def run(*tensors):
    with minitf.Session() as session:
        return session.run(list(tensors))


def test_the_main_diagonal_has_the_nodes_of_1_15():
    made = minitf.matrix_diag([1.0, 2.0]), minitf.matrix_diag_part(M), minitf.eye(2, 3)
    kinds = [tensor.op.type for tensor in made]

    assert kinds == ["MatrixDiag", "MatrixDiagPart", "MatrixSetDiag"]
    assert [tensor.op.name for tensor in made] == ["diag", "diag_part", "eye/set_diag"]


@given(rows=st.integers(0, 3), columns=st.integers(0, 3), batch=st.sampled_from([[], [2]]))
def test_an_identity_matrix_is_numpys(rows, columns, batch):
    with minitf.Graph().as_default():
        sizes = minitf.placeholder_with_default([rows, columns], [2])
        known, unknown = run(
            minitf.eye(rows, columns, batch), minitf.eye(sizes[0], sizes[1], batch)
        )

    wanted = np.broadcast_to(np.eye(rows, columns), (*batch, rows, columns))
    assert known.tolist() == unknown.tolist() == wanted.tolist()


def test_bands_of_diagonals_are_set_read_and_made():
    band = minitf.matrix_diag_part(M, k=(-1, 0), padding_value=9.0)
    made = minitf.matrix_diag([1.0, 2.0], k=1, padding_value=7.0)
    changed = minitf.matrix_set_diag(M, minitf.zeros([2, 2]), k=1)
    band, made, changed = run(band, made, changed)

    assert band[0].tolist() == [[0, 4, 8], [3, 7, 9]]
    assert made.tolist() == [[7, 1, 7], [7, 7, 2], [7, 7, 7]]
    assert changed[0].tolist() == [[0, 0, 2], [3, 4, 0], [6, 7, 8]]


def test_evenly_spaced_numbers_are_one_node():
    made = minitf.linspace(0.0, 1.0, 5)

    assert (made.op.type, made.op.name) == ("LinSpace", "LinSpace")
    assert run(made)[0].tolist() == [0, 0.25, 0.5, 0.75, 1]


# --- messages ------------------------------------------------------------------------------------


def test_constants_that_do_not_fit_their_shape_are_refused():
    with pytest.raises(ValueError, match="Needed at most 2, but received 3"):
        minitf.constant([1, 2, 3], shape=[2])
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(2, 2\), got \(2,\)"):
        minitf.constant([1, 2], shape=[2, 2], verify_shape=True)
    with pytest.raises(ValueError, match="None values not supported"):
        minitf.constant(None)
    with pytest.raises(TypeError, match="List of Tensors when single Tensor expected"):
        minitf.constant([minitf.constant(1), 2])
    with pytest.raises(ValueError, match="Cannot convert a partially known TensorShape"):
        minitf.zeros(minitf.TensorShape([None]))


def test_what_grids_and_rows_refuse():
    with pytest.raises(ValueError, match="indexing parameter must be either 'xy' or 'ij'"):
        minitf.meshgrid([1], indexing="yx")
    with pytest.raises(TypeError, match="'sparse' is an invalid keyword argument"):
        minitf.meshgrid([1], sparse=True)
    with pytest.raises(TypeError, match="of on_value does not match dtype parameter"):
        minitf.one_hot([1], 2, on_value=minitf.constant(1), dtype=minitf.float32)
    with pytest.raises(TypeError, match=r"of on_value does not match dtype .* of off_value"):
        minitf.one_hot([1], 2, on_value=1, off_value=0.0)
    with pytest.raises(ValueError, match="maxlen must be scalar for sequence_mask"):
        minitf.sequence_mask([1], [2])
    assert minitf.meshgrid() == []
