"""`tf.contrib.slim.model_analyzer`: how large a model's variables and outputs are.

Source: TensorFlow 1.15's tf.contrib.slim.model_analyzer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LINE = "---------"


def tensor_description(var: Any) -> str:
    """Return type and sizes: `(float32 3x4)`."""
    sizes = "x".join("?" if size.value is None else str(size.value) for size in var.shape.dims)
    return f"({var.dtype.base_dtype.name} {sizes})"


def analyze_ops(graph: Any, print_info: bool = False) -> int:
    """Return how many elements the outputs of all operations have, as far as it is known.

    Args:
        graph: the graph.
        print_info: whether each operation is printed.
    """
    if print_info:
        _print(_LINE, "Operations: name -> (type shapes) [size]", _LINE)
    total = 0
    for op in graph.get_operations():
        known = [each for each in op.outputs if each.shape.ndims is not None]
        size = sum(each.shape.num_elements() or 0 for each in known)
        if print_info:
            shapes = ", ".join(tensor_description(each) for each in known)
            _print(f"{op.name} \t-> {shapes} [{size}]")
        total += size
    return total


def analyze_vars(variables: Sequence[Any], print_info: bool = False) -> tuple[int, int]:
    """Return how many elements and bytes variables have.

    Args:
        variables: the variables.
        print_info: whether each is printed.
    """
    if print_info:
        _print(_LINE, "Variables: name (type shape) [size]", _LINE)
    elements = total_bytes = 0
    for var in variables:
        size = var.shape.num_elements() or 0
        bytes_of_var = size * var.dtype.base_dtype.size
        if print_info:
            _print(f"{var.name} {tensor_description(var)} [{size}, bytes: {bytes_of_var}]")
        elements += size
        total_bytes += bytes_of_var
    if print_info:
        _print(f"Total size of variables: {elements}", f"Total bytes of variables: {total_bytes}")
    return elements, total_bytes


def _print(*lines: str) -> None:
    for line in lines:
        print(line)  # noqa: T201 what the user asked for
