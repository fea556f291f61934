"""`tensorflow.python.tools.inspect_checkpoint`: the tensors of a checkpoint, printed.

Source: TensorFlow 1.15's tool of the same name.
"""

from __future__ import annotations

import math
import re
from argparse import ArgumentTypeError
from typing import Any

import numpy as np

from minitf.errors import OpError
from minitf.train.checkpoint_reader import CheckpointReader, new_checkpoint_reader


def print_tensors_in_checkpoint_file(
    file_name: Any,
    tensor_name: str | None,
    all_tensors: bool,
    all_tensor_names: bool = False,
    count_exclude_pattern: str = "",
) -> None:
    """Print what a checkpoint holds, and how many numbers it has.

    Args:
        file_name: the checkpoint, as it was named when it was saved.
        tensor_name: the one tensor to print; without one, all are listed.
        all_tensors: whether to print all of them.
        all_tensor_names: whether to print the names of all.
        count_exclude_pattern: names of tensors that are not counted, as a regular expression.
    """
    try:
        reader = new_checkpoint_reader(file_name)
        if all_tensors or all_tensor_names:
            types = reader.get_variable_to_dtype_map()
            for name, shape in sorted(reader.get_variable_to_shape_map().items()):
                print(f"tensor: {name} ({types[name].name}) {shape}")  # noqa: T201 the tool's task
                if all_tensors:
                    print(reader.get_tensor(name))  # noqa: T201
        elif not tensor_name:
            print(reader.debug_string().decode("utf-8", errors="ignore"))  # noqa: T201
        elif not reader.has_tensor(tensor_name):
            print(f"Tensor {tensor_name} not found in checkpoint")  # noqa: T201
            return
        else:
            shape = reader.get_variable_to_shape_map()[tensor_name]
            kind = reader.get_variable_to_dtype_map()[tensor_name].name
            print(f"tensor: {tensor_name} ({kind}) {shape}")  # noqa: T201
            print(reader.get_tensor(tensor_name))  # noqa: T201
        _print_count(reader, count_exclude_pattern)
    except OpError as error:
        print(error.message)  # noqa: T201


def _print_count(reader: CheckpointReader, pattern: str) -> None:
    sizes = {name: math.prod(shape) for name, shape in reader.get_variable_to_shape_map().items()}
    if pattern:
        left_out = {name for name in sizes if re.search(pattern, name)}
        count = sum(sizes[name] for name in left_out)
        print(  # noqa: T201
            f"# Excluding {len(left_out)} tensors ({count} params) that match {pattern} when "
            "counting."
        )
        sizes = {name: size for name, size in sizes.items() if name not in left_out}
    print(f"# Total number of params: {sum(sizes.values())}")  # noqa: T201


def parse_numpy_printoption(kv_str: str) -> None:
    """Set an option of NumPy's printing.

    Args:
        kv_str: name=value, as of `numpy.set_printoptions`.

    Raises:
        ArgumentTypeError: if there is no such option, or the value has another type.
    """
    name, found, text = kv_str.partition("=")
    if not found or "=" in text:
        raise ArgumentTypeError(f"'{kv_str}' is not in the form k=v.")
    options: dict[str, Any] = {**np.get_printoptions()}
    if name not in options:
        raise ArgumentTypeError(f"'{name}' is not a valid printoption.")
    kind = type(options[name])
    try:
        value = text.lower() in ("true", "1", "yes") if kind is bool else kind(text)
        options[name] = value
        np.set_printoptions(**options)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(str(error)) from error
