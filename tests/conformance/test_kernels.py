"""Every kernel computes what its op's body computes."""

from __future__ import annotations

import copy
from importlib import import_module, util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.testing.calls import input_dtype
from minitf.testing.case import flat_outputs
from minitf.testing.catalogue import cases_of, catalogue, ops_with_cases, runs_by_body

pytestmark = pytest.mark.thorough


def with_cpu_kernels() -> list[str]:
    """Return the ops with cases that have a CPU kernel, importing the mirrored files."""
    for op_def in catalogue().values():
        mirror = op_def.__module__.replace("minitf.ops", "minitf.kernels_cpu")
        if mirror.startswith("minitf.kernels_cpu.") and _exists(mirror):
            import_module(mirror)
    return [
        name
        for name in ops_with_cases()
        if catalogue()[name].kernels and runs_by_body(catalogue()[name])
    ]


def _exists(module: str) -> bool:
    try:
        return util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def attributes(op_def, case) -> dict:
    """Return all attributes of a case, the inferred types included."""
    found = dict(case.attrs)
    for arg, value in zip(op_def.inputs, case.inputs, strict=True):
        if arg.type_attr:
            first = value[0] if arg.is_list else value
            found[arg.type_attr] = input_dtype(arg, np.asarray(first), case)
    return found


@pytest.mark.parametrize("name", with_cpu_kernels())
@given(data=st.data())
def test_a_cpu_kernel_agrees_with_the_body(name, data):
    op_def, case = catalogue()[name], data.draw(cases_of(name))
    kernel = op_def.find_kernel("CPU", attributes(op_def, case))
    if kernel is None:
        return
    inputs = copy.deepcopy(case.inputs)

    with np.errstate(all="ignore"):  # as the executor does
        got = flat_outputs(op_def, kernel.function(*inputs, **case.attrs))

    case.assert_agrees(op_def, got, case.run(op_def))
    np.testing.assert_equal(inputs, case.inputs)  # a kernel leaves its inputs alone
