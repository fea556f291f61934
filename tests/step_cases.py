"""Inputs of optimizer steps, for any op that `minitf.ops.state.steps` makes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.testing.strategies import real

FAMILIES = {
    "descent": "ApplyGradientDescent ApplyProximalGradientDescent ApplyMomentum",
    "adam": "ApplyAdam ApplyAdaMax",
    "adagrad": "ApplyAdagrad ApplyAdagradV2 ApplyProximalAdagrad ApplyAdagradDA",
    "rms_prop": "ApplyRMSProp ApplyCenteredRMSProp ApplyAdadelta",
    "ftrl": "ApplyFtrl ApplyFtrlV2",
    "signs": "ApplyAddSign ApplyPowerSign",
}
DENSE = " ".join(FAMILIES.values()).split()
SPARSE = [
    f"Sparse{name}"
    for name in DENSE
    if name
    not in (
        *("ApplyGradientDescent", "ApplyAdam", "ApplyAdaMax"),
        *("ApplyAddSign", "ApplyPowerSign"),
    )
]
BOUNDS = {"lr_power": (-1.0, 0.0), "logbase": (-1.0, 1.0)}  # of scalars; else 2^-10..1/2
GROWN = {"accum", "v", "ms", "accum_update", "gradient_squared_accumulator"}  # never negative


@st.composite
def cases(draw: Any, name: str, dtype: Any = None) -> tuple[list[Any], dict[str, bool]]:
    """Draw the inputs and flags of a step.

    Args:
        draw: Hypothesis's.
        name: registry name of an op on refs.
        dtype: of the elements; float32 or float64 by default.
    """
    dtype = dtype or draw(st.sampled_from([np.float32, np.float64]))
    op_def = ops.find_op(name)
    shape = (draw(st.integers(1, 4)), draw(st.integers(0, 3)))
    count = draw(st.integers(0, 5))
    if not name.startswith("Sparse"):
        shape = draw(st.sampled_from([(), (0,), (5,), (3, 4)]))
    mean = draw(real(shape, dtype))
    inputs: list[Any] = []
    for arg in op_def.inputs:
        if arg.name == "indices":
            rows = st.integers(0, shape[0] - 1)
            values = draw(st.lists(rows, min_size=count, max_size=count))
            inputs.append(np.array(values, draw(st.sampled_from([np.int32, np.int64]))))
        elif arg.name == "global_step":
            inputs.append(np.array(draw(st.integers(1, 9)), np.int64))
        elif arg.rank == 0:
            number = draw(st.floats(*BOUNDS.get(arg.name, (2.0**-10, 0.5)), width=16))
            inputs.append(np.array(number, dtype))
        elif arg.name == "mg":
            inputs.append(mean)
        elif arg.name == "ms" and "Centered" in name:  # a mean square is no less than the square
            inputs.append((mean * mean + draw(real(shape, dtype, 0.125))).astype(dtype))
        elif arg.is_ref:
            low = 0.125 if arg.name in GROWN else -4
            inputs.append(draw(real(shape, dtype, low)))
        else:
            inputs.append(
                draw(real((count, *shape[1:]) if "indices" in _names(name) else shape, dtype))
            )
    flags = {
        attr.name: draw(st.booleans())
        for attr in op_def.attrs.values()
        if attr.kind == "bool" and attr.name != "use_locking"
    }
    return inputs, flags


def named(name: str, inputs: list[Any]) -> dict[str, Any]:
    """Return inputs by name; floats as float64, for formulas that tests write down."""
    return {
        key: value if np.asarray(value).dtype.kind == "i" else np.asarray(value, np.float64)
        for key, value in zip(_names(name), inputs, strict=True)
    }


def _names(name: str) -> list[str]:
    return [arg.name for arg in ops.find_op(name).inputs]
