"""Adagrad in its four forms: formulas, and examples worked by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


def close(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@given(cases("ApplyAdagrad", np.float64))
def test_a_step_divides_by_the_root_of_the_sum_of_squares(case):
    x = named("ApplyAdagrad", case[0])
    accum = x["accum"] + x["grad"] ** 2 * case[1]["update_slots"]

    got = changed(ops.apply_adagrad_op, case[0], **case[1])

    close(got, (x["var"] - x["lr"] * x["grad"] / np.sqrt(accum), accum))


@given(cases("ApplyAdagradV2", np.float64))
def test_version_2_adds_epsilon_to_the_root(case):
    x = named("ApplyAdagradV2", case[0])
    accum = x["accum"] + x["grad"] ** 2 * case[1]["update_slots"]
    step = x["lr"] * x["grad"] / (np.sqrt(accum) + x["epsilon"])

    got = changed(ops.apply_adagrad_v2_op, case[0], **case[1])

    close(got, (x["var"] - step, accum))


def test_adagrads_step_by_hand():
    case = [[1.0], [2.0]], [[7.0], [1.0]], 0.5, [[3.0], [0.0], [3.0]], [0, 1, 0]
    # row 0: accum 16, step 0.375; again: accum 25, step 0.3
    got, accum = changed(ops.sparse_apply_adagrad_op, [np.array(each) for each in case])

    assert got.tolist() == [[1.0 - 0.375 - 0.3], [2]]
    assert accum.tolist() == [[25], [1]]


@given(cases("ApplyProximalAdagrad", np.float64))
def test_the_proximal_step_is_the_proximal_descent_with_each_elements_rate(case):
    x = named("ApplyProximalAdagrad", case[0])
    accum = x["accum"] + x["grad"] ** 2
    rate = np.ravel(x["lr"] / np.sqrt(accum))
    want = [
        changed(
            ops.apply_proximal_gradient_descent_op,
            (np.array(var), np.array(alpha), case[0][3], case[0][4], np.array(grad)),
        )[0]
        for var, alpha, grad in zip(np.ravel(x["var"]), rate, np.ravel(x["grad"]), strict=True)
    ]

    got = changed(ops.apply_proximal_adagrad_op, case[0])

    close(got, (np.reshape(want, accum.shape), accum))


@given(cases("ApplyAdagradDA", np.float64))
def test_dual_averaging_minimises_losses_and_penalties_so_far(case):
    """Its result is the minimum of sum x + t (l1 |x| + l2 x^2 / 2) + sqrt(squares) x^2 / (2 lr)."""
    x = named("ApplyAdagradDA", case[0])
    total = x["gradient_accumulator"] + x["grad"]
    squares = x["gradient_squared_accumulator"] + x["grad"] ** 2

    def cost(value):
        penalty = x["l1"] * np.abs(value) + x["l2"] * value**2 / 2
        nearness = np.sqrt(squares) / x["lr"] * value**2 / 2
        return total * value + x["global_step"] * penalty + nearness

    got, got_total, got_squares = changed(ops.apply_adagrad_da_op, case[0])

    close((got_total, got_squares), (total, squares))
    for near in (got - 1e-3, got + 1e-3):
        assert (cost(near) >= cost(got)).all()


def test_dual_averaging_by_hand():
    case = [9.0, 9.0], [1.0, 1.0], [7.0, 15.0], [3.0, -1.0], 0.5, 1.0, 2.0, np.int64(2)
    # sum 4, 0; squares 16, 16; shrunk by 2: 2, 0; divided by 2 * 0.5 * 2 + 4
    got, *_ = changed(ops.apply_adagrad_da_op, [np.array(each) for each in case])

    np.testing.assert_allclose(got, [-0.5 * 2 / 6, 0], rtol=1e-15)
