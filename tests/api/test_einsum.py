"""tf.einsum builds the graphs of TensorFlow 1.15's einsum; its messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

RNG = np.random.default_rng(3)
SIZES = {"a": 2, "b": 3, "c": 4, "d": 2, "e": 3, "i": 3, "j": 4, "k": 2, "l": 5}

# [equation, places of letters whose sizes are left unknown while the graph is built]
EQUATIONS = [
    *("ij,jk->ik", "ij,jk", "bij,bjk->bik", "ij->ji", "ij->", "ij->i", "i,j->ij", "ij", "ba"),
    *("ijk,kl->ijl", "abc,abd->acd", "ab,bc,cd->ad", "abc,bad->dc", "ij,i->ij", "ab , bc -> ac"),
    *("aij,bjk->abik", "ijk,ljk->il", "...ij,...jk->...ik", "...ij,jk->...ik", "i...->..."),
    *("...a,b", "...->...", "i...,...j"),
]


def arrays(equation):
    inputs = equation.replace(" ", "").partition("->")[0].split(",")
    shapes = [[SIZES[c] for c in own.replace("...", "cd")] for own in inputs]
    return [RNG.standard_normal(shape, np.float32) for shape in shapes]


def hidden(shape, which):
    """Return a shape with all, none or every second size unknown."""
    return [
        None if which == "all" or (which == "some" and i % 2) else n for i, n in enumerate(shape)
    ]


def einsum(tf, equation, *inputs, **options):
    if tf is minitf:
        return tf.einsum(equation, *inputs, **options)
    from tensorflow.python.ops.special_math_ops import _einsum_v1  # 1.15's composition

    return _einsum_v1(equation, *inputs, **options)


def made(equation, which, values):
    def make(tf):
        inputs = [fed(tf, x, hidden(x.shape, which)) for x in values]
        return einsum(tf, equation, *inputs)

    return make


@pytest.mark.tensorflow
@pytest.mark.paper("W-02")
@pytest.mark.parametrize("which", ["none", "some", "all"])
@pytest.mark.parametrize("equation", EQUATIONS)
def test_the_graph_is_tensorflows(equation, which, tensorflow):
    assert_same_graph(tensorflow, made(equation, which, arrays(equation)))


@pytest.mark.tensorflow
@pytest.mark.filterwarnings("ignore:Falling back")
@pytest.mark.parametrize("equation", ["ij,ij->", "i,i->", "ab,b,b->a", "ab,cb,db->dca"])
def test_the_results_are_tensorflows(equation, tensorflow):
    assert_same_results(tensorflow, made(equation, "none", arrays(equation)))


@pytest.mark.filterwarnings("ignore:Falling back")
@pytest.mark.parametrize("equation", ["ab,b,b->a", "ab,cb,db->dca", "ij,ij->"])
def test_unknown_sizes_change_no_result(equation):
    values = arrays(equation)
    with minitf.Graph().as_default(), minitf.Session() as session:
        result = made(equation, "all", values)(minitf)
        got = session.run(result, dict(minitf.get_collection("feeds")))

    np.testing.assert_allclose(got, np.einsum(equation, *values), rtol=1e-5, atol=1e-5)


def test_a_letter_twice_is_the_trace():
    with minitf.Session() as session:
        assert session.run(minitf.einsum("ii", minitf.constant([[1, 2], [3, 4]]))) == 5


def test_a_letter_summed_over_three_tensors_is_warned_of():
    x = minitf.ones([2])
    with pytest.warns(UserWarning, match="Falling back to exponential-space implementation"):
        minitf.einsum("i,i,i->", x, x, x)


@pytest.mark.parametrize(
    ("equation", "shapes", "message"),
    [
        ("ij;jk", [(2, 2)], "Indices have incorrect format: ij;jk"),
        ("ij,jk", [(2, 2)], "Got 1 arguments for equation"),
        ("iij->ij", [(2, 2, 2)], "an axis appears more than once: iij"),
        ("ii->i", [(2, 2)], "an axis appears more than once: ii"),
        ("ij->ik", [(2, 2)], "computed and specified output labels do not match: i vs ik"),
        ("ij->ijk", [(2, 2)], "labels do not match: ij vs ijk"),
        ("ijk,kl->il", [(2, 2), (2, 2)], "does not match the 3 axes of ijk"),
        ("...i...->i", [(2, 2)], "Unable to resolve ellipsis. Excess number found: 2 vs 1"),
        ("...ijk->i", [(2, 2)], "Ellipses lengths do not match"),
        ("i.j->i", [(2, 2)], 'period "." found outside of ellipsis in input'),
        ("ij->i.", [(2, 2)], 'period "." found outside of ellipsis in output'),
    ],
)
def test_an_equation_that_does_not_fit_is_refused(equation, shapes, message):
    inputs = [minitf.ones(shape) for shape in shapes]
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        minitf.einsum(equation, *inputs)


def test_an_ellipsis_wants_a_known_rank():
    with pytest.raises(ValueError, match="Unable to statically infer ellipsis axes"):
        minitf.einsum("...i->i", minitf.placeholder(minitf.float32))


def test_other_options_are_refused():
    with pytest.raises(TypeError, match="invalid keyword arguments for this function: optimize"):
        minitf.einsum("i->i", [1.0], optimize="greedy")
