"""Running ops that change variables on arrays: what state tests and kernel tests share."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.dtypes import by_numpy
from minitf.resources import Handle, Variable


def changed(op_def: Any, arrays: Any, function: Any = None, **attrs: Any) -> list[np.ndarray]:
    """Return what the variables hold after one step of an op's body (or of a kernel).

    Args:
        op_def: an op on refs or on resource handles.
        arrays: an array per input; that of a variable is its value before.
        function: what to run instead of the body.
        attrs: attributes.
    """
    inputs, variables = [], []
    for arg, value in zip(op_def.inputs, arrays, strict=True):
        array = np.asarray(value)
        is_resource = arg.dtype is not None and arg.dtype.name == "resource"
        if not (arg.is_ref or is_resource):
            inputs.append(array)
            continue
        variable = Variable(arg.name, by_numpy(array.dtype))
        variable.write(array)
        variables.append(variable)
        inputs.append(Handle(variable, "", arg.name) if is_resource else variable)
    (function or op_def.body)(*inputs, **attrs)
    return [variable.read() for variable in variables]
