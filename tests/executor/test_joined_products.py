"""Sums of products become one product, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import request_of

import minitf as tf
from minitf.executor.optimize import MOST_FOLDED_BYTES, fold_constants, merge_equal
from minitf.executor.products import join_products
from minitf.executor.prune import prune
from minitf.executor.specialise import specialise
from minitf.executor.tiers import COMPILED_RUN

ROWS, M, N, STEPS = 4, 24, 40, 5


def factors(rows=ROWS, dtype=tf.float32):
    shapes = [[rows, M], [rows, N]]
    return [[tf.placeholder(dtype, shape) for shape in shapes] for _ in range(STEPS)]


def products(pairs, **turns):
    return [tf.matmul(a, g, **(turns or {"transpose_a": True})) for a, g in pairs]


def joined(fetches, feeds):
    subgraph = prune(request_of(fetches, feeds))
    merge_equal(subgraph)
    fold_constants(subgraph)
    special = specialise(subgraph, [tuple(x.shape.as_list()) for x in feeds], MOST_FOLDED_BYTES)
    join_products(special)
    return [operation.type for operation in special.operations]


def flat(pairs):
    return [x for pair in pairs for x in pair]


def test_a_sum_of_products_is_one_product_of_what_is_laid_end_to_end():
    pairs = factors()
    handed_on = [tf.identity(each) for each in products(pairs)]

    assert joined([tf.add_n(handed_on)], flat(pairs)) == ["ConcatV2", "ConcatV2", "MatMul"]


def test_terms_of_other_kinds_are_added_to_the_product():
    pairs, bias = factors(), tf.placeholder(tf.float32, [M, N])
    total = tf.add_n([products(pairs[:2])[0], bias, *products(pairs[1:])])

    found = joined([total], [*flat(pairs), bias])

    assert found == ["ConcatV2", "ConcatV2", "MatMul", "AddN"]


def test_what_somebody_else_reads_or_asks_for_stays():
    pairs = factors()
    terms = products(pairs)

    found = joined([tf.add_n(terms), terms[0], terms[1].op, tf.sqrt(terms[2])], flat(pairs))

    assert found.count("MatMul") == 4
    assert found.count("AddN") == 1


@pytest.mark.parametrize(
    ("rows", "dtype", "turns"),
    [
        (20, tf.float32, {"transpose_a": True}),  # the factors are larger than the products
        (ROWS, tf.int32, {"transpose_a": True}),
        (M, tf.float32, {"transpose_b": True}),
    ],
)
def test_other_products_stay(rows, dtype, turns):
    shapes = [[rows, M], [rows, N]] if "transpose_a" in turns else [[4, M], [N, M]]
    pairs = [[tf.placeholder(dtype, shape) for shape in shapes] for _ in range(STEPS)]

    found = joined([tf.add_n(products(pairs, **turns))], flat(pairs))

    assert found == ["MatMul"] * STEPS + ["AddN"]


def test_variables_are_read_when_each_product_reads_them():
    pairs = factors()
    variable = tf.Variable(tf.zeros([ROWS, M]))
    terms = products([[variable, g] for _, g in pairs])

    found = joined([tf.add_n(terms)], [g for _, g in pairs])

    assert found[-STEPS - 1 :] == ["MatMul"] * STEPS + ["AddN"]


def test_the_gradient_of_weights_used_at_every_step_is_the_same_in_all_runs():
    """Whole numbers, so that sums are exact in any order."""
    x = tf.placeholder(tf.float32, [2, STEPS, 8])
    w = tf.get_variable("w", [8, 8], initializer=tf.ones_initializer())
    state = tf.zeros([2, 8])
    for each in tf.unstack(x, axis=1):
        state = tf.nn.relu(tf.matmul(state + each, w) - 100.0)
    (gradient,) = tf.gradients(state, w)
    graph = tf.get_default_graph()
    feeds = np.random.default_rng(0).integers(-8, 99, (2, STEPS, 8)).astype(np.float32)
    with tf.Session() as session:
        session.run(w.initializer)
        found = [session.run(gradient, {x: feeds}) for _ in range(COMPILED_RUN + 3)]
        kinds = [call.type for call in _compiled(graph, gradient, x)]

    assert kinds.count("ConcatV2") == 2
    assert np.any(found[0])
    for each in found[1:]:
        np.testing.assert_array_equal(each, found[0])


def _compiled(graph, gradient, x):
    subgraph = prune(request_of([gradient], [x]))
    special = specialise(subgraph, [tuple(x.shape.as_list())], MOST_FOLDED_BYTES)
    join_products(special)
    return special.operations
