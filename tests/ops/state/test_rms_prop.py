"""RMSProp, centered RMSProp and AdaDelta: formulas, and examples worked by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from step_cases import cases, named
from variable_steps import changed

from minitf import ops


def close(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-11)


@given(cases("ApplyRMSProp", np.float64))
def test_rms_prop_divides_by_the_root_of_the_mean_square(case):
    x = named("ApplyRMSProp", case[0])
    square = x["rho"] * x["ms"] + (1 - x["rho"]) * x["grad"] ** 2
    total = x["momentum"] * x["mom"] + x["lr"] * x["grad"] / np.sqrt(square + x["epsilon"])

    got = changed(ops.apply_rms_prop_op, case[0])

    close(got, (x["var"] - total, square, total))


@given(cases("ApplyCenteredRMSProp", np.float64))
def test_centered_rms_prop_divides_by_the_standard_deviation(case):
    x = named("ApplyCenteredRMSProp", case[0])
    mean = x["rho"] * x["mg"] + (1 - x["rho"]) * x["grad"]
    square = x["rho"] * x["ms"] + (1 - x["rho"]) * x["grad"] ** 2
    deviation = np.sqrt(square - mean**2 + x["epsilon"])
    total = x["momentum"] * x["mom"] + x["lr"] * x["grad"] / deviation

    got = changed(ops.apply_centered_rms_prop_op, case[0])

    close(got, (x["var"] - total, mean, square, total))


def test_rms_props_step_by_hand():
    case = [1.0], [1.0], [2.0], 0.5, 0.5, 0.25, 3.0, [5.0]
    # ms = 13, mom = 0.5 + 2.5 / 4
    got, ms, mom = changed(ops.apply_rms_prop_op, [np.array(each) for each in case])

    assert (got.tolist(), ms.tolist(), mom.tolist()) == ([-0.125], [13], [1.125])


@given(cases("ApplyAdadelta", np.float64))
def test_adadeltas_step_has_the_size_of_the_steps_before(case):
    x = named("ApplyAdadelta", case[0])
    square = x["rho"] * x["accum"] + (1 - x["rho"]) * x["grad"] ** 2
    past = np.sqrt(x["accum_update"] + x["epsilon"])
    update = past / np.sqrt(square + x["epsilon"]) * x["grad"]
    squares = x["rho"] * x["accum_update"] + (1 - x["rho"]) * update**2

    got = changed(ops.apply_adadelta_op, case[0])

    close(got, (x["var"] - x["lr"] * update, square, squares))


def test_adadeltas_step_by_hand():
    case = [[5.0], [9.0]], [[1.0], [0.0]], [[3.0], [0.0]], 0.5, 0.5, 1.0, [[3.0]], [0]
    # accum = 5, update = 3 * 2 / sqrt(6), its square 6, accum_update = 1.5 + 3
    got, accum, squares = changed(ops.sparse_apply_adadelta_op, [np.array(each) for each in case])

    close((got, accum, squares), ([[5 - 3 / np.sqrt(6)], [9]], [[5], [0]], [[4.5], [0]]))
