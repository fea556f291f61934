"""Special functions, segments, counts and bits make TensorFlow's nodes, or have its values."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf as tf
from minitf.errors import InvalidArgumentError

X = np.float32([[0.5, 1.5, 2.5], [3.5, 0.25, 4.0]])
Y = np.float32([[0.25, 0.5, 0.75], [0.1, 0.9, 0.3]])
BITS = np.int32([[12, -7, 3], [0, 5, 255]])
IDS, UNSORTED = np.int32([0, 0, 2]), np.int32([1, -1, 0])
ROWS = np.float32([[1, 2], [3, 4], [5, 7]])
CLASSES, GUESSES = np.int32([0, 2, 1, 2]), np.int32([0, 1, 1, 2])

UNARY = ["lgamma", "digamma", "lbeta"]
BINARY = ["zeta", "igamma", "igammac", "math.nextafter"]
SORTED = ["segment_sum", "segment_mean", "segment_prod", "segment_min", "segment_max"]
ANY_ORDER = [f"unsorted_{name}" for name in SORTED]
CHOSEN = ["sparse_segment_sum", "sparse_segment_mean", "sparse_segment_sqrt_n"]
BITWISE = ["bitwise_and", "bitwise_or", "bitwise_xor"]


def at(library, path):
    for name in path.split("."):
        library = getattr(library, name)
    return library


GRAPHS = {
    **{name: lambda lib, n=name: at(lib, n)(fed(lib, X, [None, 3])) for name in UNARY},
    **{f"{name} named": lambda lib, n=name: at(lib, n)([0.5, 2.0], name="s") for name in UNARY},
    **{name: lambda lib, n=name: at(lib, n)(fed(lib, X + 1), fed(lib, X)) for name in BINARY},
    "polygamma": lambda lib: lib.polygamma(fed(lib, np.float32(2)), fed(lib, X)),
    "betainc": lambda lib: lib.betainc(2.0, fed(lib, X), fed(lib, Y)),
    "polyval": lambda lib: lib.math.polyval([fed(lib, X), 2.0, fed(lib, Y)], 0.5),
    "polyval of nothing": lambda lib: lib.math.polyval([], fed(lib, X), name="p"),
    "reciprocal_no_nan": lambda lib: lib.math.reciprocal_no_nan(fed(lib, np.float32([0, 4]))),
    "cumulative_logsumexp": lambda lib: lib.math.cumulative_logsumexp(fed(lib, X), axis=1),
    "l2_normalize": lambda lib: lib.math.l2_normalize(fed(lib, X), 1),
    **{n: lambda lib, n=n: at(lib, n)(fed(lib, ROWS, [None, 2]), fed(lib, IDS)) for n in SORTED},
    **{n: lambda lib, n=n: at(lib, n)(fed(lib, ROWS), fed(lib, UNSORTED), 3) for n in ANY_ORDER},
    **{n: lambda lib, n=n: at(lib, n)(fed(lib, ROWS), [2, 0, 1], IDS) for n in CHOSEN},
    **{
        f"{n} of four segments": lambda lib, n=n: at(lib, n)(
            fed(lib, ROWS), [2, 0, 1], IDS, num_segments=4, name="s"
        )
        for n in CHOSEN
    },
    **{n: lambda lib, n=n: at(lib.bitwise, n)(fed(lib, BITS), [[3]]) for n in BITWISE},
    "invert": lambda lib: lib.bitwise.invert(fed(lib, BITS)),
    "left_shift": lambda lib: lib.bitwise.left_shift(fed(lib, BITS), 2),
    "right_shift": lambda lib: lib.bitwise.right_shift(fed(lib, BITS), 2, name="s"),
    "histogram_fixed_width": lambda lib: lib.histogram_fixed_width(
        fed(lib, X), [0.0, 4.0], 4, dtype=lib.int64
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_are_tensorflows(tensorflow, name):
    assert_same_graph(tensorflow, GRAPHS[name])


VALUES = {  # composed differently since 1.15
    "bessel_i0e": lambda lib: lib.math.bessel_i0e(fed(lib, X)),
    "bessel_i1e": lambda lib: lib.math.bessel_i1e(fed(lib, -X)),
    "bessel_i0": lambda lib: lib.math.bessel_i0(fed(lib, X)),
    "bessel_i1": lambda lib: lib.math.bessel_i1(fed(lib, X)),
    "unsorted_segment_sqrt_n": lambda lib: lib.unsorted_segment_sqrt_n(
        fed(lib, ROWS), fed(lib, np.int32([1, 1, 0])), fed(lib, np.array(4, np.int32))
    ),
    "bincount": lambda lib: lib.bincount(fed(lib, CLASSES)),
    "bincount of nothing": lambda lib: lib.bincount(fed(lib, CLASSES[:0]), minlength=2),
    "bincount within limits": lambda lib: lib.math.bincount(
        fed(lib, CLASSES), maxlength=2, dtype=lib.float32
    ),
    "bincount of weights": lambda lib: lib.bincount(
        fed(lib, CLASSES), fed(lib, X[0, [0, 1, 2, 0]])
    ),
    "histogram_fixed_width_bins": lambda lib: lib.histogram_fixed_width_bins(
        fed(lib, X), [0.0, 4.0], nbins=5
    ),
    "confusion_matrix": lambda lib: lib.confusion_matrix(fed(lib, CLASSES), fed(lib, GUESSES)),
    "confusion_matrix of weights": lambda lib: lib.math.confusion_matrix(
        fed(lib, CLASSES), fed(lib, GUESSES), 4, lib.float64, weights=[1.0, 2.0, 3.0, 4.0]
    ),
    "confusion_matrix of columns": lambda lib: lib.confusion_matrix(
        fed(lib, CLASSES[:, None]), fed(lib, GUESSES), 3
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", VALUES)
def test_values_are_tensorflows(tensorflow, name):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            made = VALUES[name](lib)
            found.append(session.run(made, dict(lib.get_collection("feeds"))))

    assert found[0].dtype == found[1].dtype
    np.testing.assert_allclose(*found, rtol=1e-6)


def test_classes_that_do_not_exist_are_refused():
    classes = tf.placeholder(tf.int32, [2])
    with tf.Session() as session:
        for limit, wrong, phrase in [
            (3, [0, 3], "`labels` out of bound"),
            (None, [0, -1], "`labels` contains negative values"),
        ]:
            matrix = tf.confusion_matrix(classes, [0, 1], limit)
            with pytest.raises(InvalidArgumentError, match=phrase):
                session.run(matrix, {classes: wrong})


def test_polynomials_take_a_list():
    with pytest.raises(ValueError, match="Argument coeffs must be list type"):
        tf.math.polyval(tf.constant([1.0]), 2.0)
