"""What cells share that ask for their variables while they run: matrices in parts, norms.

Source: TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat
from minitf.api.framework import add_to_collection
from minitf.contrib.layers.normalization import layer_norm
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Zeros
from minitf.variables.sharing import get_variable, variable_scope


def sharded(name: str, shape: list[int], dtype: Any, num_shards: int) -> Any:
    """Return a matrix whose rows are kept in variables `<name>_0`, `<name>_1` and so on.

    Args:
        name: of the matrix.
        shape: of the matrix.
        dtype: its type.
        num_shards: how many variables there are.

    Raises:
        ValueError: if there are fewer rows than variables.

    What joins them is in the collection `tf.GraphKeys.CONCATENATED_VARIABLES`.
    """
    rows, *others = shape
    if num_shards > rows:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={num_shards}")
    counts = [rows // num_shards + (i < rows % num_shards) for i in range(num_shards)]
    parts = [get_variable(f"{name}_{i}", [n, *others], dtype) for i, n in enumerate(counts)]
    if num_shards == 1:
        return parts[0]
    joined = concat(parts, 0, name=f"{name}/concat")
    add_to_collection(GraphKeys.CONCATENATED_VARIABLES, joined)
    return joined


def zeros_at_first(name: str, size: int, dtype: Any) -> Any:
    """Return a vector that begins with zeros, whatever the scope's initializer."""
    return get_variable(name, [size], dtype, initializer=Zeros(dtype=dtype))


def diagonals(names: tuple[str, ...], size: int, dtype: Any) -> list[Any]:
    """Return vectors, one for each name: how gates see a memory, each unit its own."""
    return [get_variable(name, [size], dtype) for name in names]


def normalized(x: Tensor, name: str, gain: float, shift: float) -> Tensor:
    """Return the rows of x with mean 0 and variance 1, times a gain, plus a shift; both learn.

    Args:
        x: [batch, n].
        name: of the variables' scope.
        gain: what the gains, `gamma`, begin with.
        shift: what the shifts, `beta`, begin with.
    """
    with variable_scope(name):  # their first values, which `layer_norm` does not ask for
        get_variable("gamma", x.shape[-1:], x.dtype, Constant(gain))
        get_variable("beta", x.shape[-1:], x.dtype, Constant(shift))
    return layer_norm(x, reuse=True, scope=name)
