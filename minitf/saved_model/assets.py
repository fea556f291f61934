"""Files that a model reads, of which a SavedModel holds copies.

Source: TensorFlow 1.15, `saved_model/builder_impl.py`.
"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minitf.dtypes import string
from minitf.io import durable
from minitf.saved_model import constants
from minitf.tensor import Tensor

_LOG = logging.getLogger("tensorflow")


def asset_path(tensor: Any) -> str:
    """Return the path that a constant of an asset holds."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"Asset path tensor must be a Tensor: {tensor!r}")
    if tensor.op.type != "Const":
        raise TypeError(f"Asset path tensor must be of type constant: {tensor}")
    if tensor.dtype != string:
        raise TypeError(f"Asset path tensor must be of dtype string: {tensor}")
    value = tensor.op.attrs["value"]
    if value.size != 1:
        raise TypeError(f"Asset path tensor must be a scalar: {tensor}")
    path = os.fsdecode(value.item())
    if not path:
        raise ValueError(f"Invalid asset filepath tensor: {tensor}")
    return path


def asset_name(path: str, sources: Mapping[str, str]) -> str:
    """Return a name for the copy of a file; different files of one name get a number."""
    name = Path(path).name
    taken = sources.get(name)
    if taken is None or taken == path or filecmp.cmp(path, taken, shallow=False):
        return name
    number = 1
    while f"{name}_{number}" in sources:
        number += 1
    return f"{name}_{number}"


def copy_assets(folder: Path, sources: Mapping[str, str]) -> list[str]:
    """Copy files into the folder of a SavedModel, those that exist.

    Args:
        folder: of the SavedModel.
        sources: their paths by the names of the copies.

    Returns:
        The names of the copies that were made.
    """
    into = folder / constants.ASSETS_DIRECTORY
    into.mkdir(parents=True, exist_ok=True)
    made = []
    for name, path in sources.items():
        if Path(path).exists():
            with Path(path).open("rb") as source, durable.file(into / name) as copy:
                shutil.copyfileobj(source, copy)
            made.append(name)
    _LOG.info("Assets written to: %s", into)
    return made
