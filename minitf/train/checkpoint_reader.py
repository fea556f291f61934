"""Looking into checkpoints without a graph, and waiting for new ones.

    for name, shape in tf.train.list_variables("model/"):
        ...
    tf.train.load_variable("model/", "layer1/w")            # an array

Source: OSDI §4.3; TensorFlow 1.15, `checkpoint_reader.h`, `checkpoint_utils.py`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.io.checkpoints import open_checkpoint
from minitf.train.checkpoint_state import latest_checkpoint

_SECONDS_BETWEEN_LOOKS = 1.0


class CheckpointReader:
    """Reads a checkpoint of either format.

    Args:
        filepattern: its path, without endings; of the first format, a path or a pattern.

    Raises:
        NotFoundError: if there is none.
        DataLossError: if it is damaged.

    Source: TensorFlow 1.15's CheckpointReader.
    """

    def __init__(self, filepattern: Any) -> None:
        self._files = open_checkpoint(os.fsdecode(filepattern))

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Return the shape of each tensor, by name."""
        return {name: list(self._files.shape(name)) for name in self._files.names()}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """Return the type of each tensor, by name."""
        return {name: self._files.dtype(name) for name in self._files.names()}

    def has_tensor(self, tensor_str: str) -> bool:
        """Tell whether there is a tensor of a name."""
        return tensor_str in self._files

    def get_tensor(self, tensor_str: str) -> Any:
        """Return a tensor as an array; a scalar as a NumPy scalar or bytes.

        Raises:
            NotFoundError: if there is none of that name.
            DataLossError: if it is damaged.
        """
        value = np.require(self._files.read(tensor_str), requirements="W")
        return value if value.ndim else value[()]

    def debug_string(self) -> bytes:
        """Return a line per tensor: name, type, shape."""
        lines = [
            f"{name} (DT_{_TYPE_NAMES.get(dtype.name, dtype.name.upper())}) "
            f"[{','.join(map(str, self._files.shape(name)))}]"
            for name, dtype in self.get_variable_to_dtype_map().items()
        ]
        return "".join(f"{line}\n" for line in lines).encode()


_TYPE_NAMES = {"float32": "FLOAT", "float64": "DOUBLE", "float16": "HALF"}


def new_checkpoint_reader(filepattern: Any) -> CheckpointReader:
    """Return a reader of a checkpoint; see CheckpointReader."""
    return CheckpointReader(filepattern)


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """Return a reader of a checkpoint.

    Args:
        ckpt_dir_or_file: its path, or a folder, whose latest one is meant.

    Raises:
        ValueError: if the folder has none.
        NotFoundError: if there is none at the path.
    """
    return CheckpointReader(checkpoint_path(ckpt_dir_or_file))


def checkpoint_path(ckpt_dir_or_file: Any) -> str:
    """Return the path of a checkpoint, the latest one if a folder is named.

    Raises:
        ValueError: if the folder has none.
    """
    path = os.fsdecode(ckpt_dir_or_file)
    if not Path(path).is_dir():
        return path
    latest = latest_checkpoint(path)
    if latest is None:
        raise ValueError(
            f"Couldn't find 'checkpoint' file or checkpoints in given directory {path}"
        )
    return latest


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """Return a tensor of a checkpoint.

    Args:
        ckpt_dir_or_file: as of `load_checkpoint`.
        name: the tensor's name; `:0` may follow.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """Return (name, shape) of all tensors of a checkpoint, sorted by name.

    Args:
        ckpt_dir_or_file: as of `load_checkpoint`.
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def checkpoints_iterator(
    checkpoint_dir: Any,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], Any] | None = None,
) -> Iterator[str]:
    """Yield the path of each new latest checkpoint of a folder, as it appears.

    Args:
        checkpoint_dir: the folder.
        min_interval_secs: how long it is at least from one to the next.
        timeout: how many seconds to wait for one; None waits for ever.
        timeout_fn: asked when that time is over; a true answer ends the iteration, and so does not
            having it.
    """
    last = None
    while True:
        found = wait_for_new_checkpoint(checkpoint_dir, last, timeout=timeout)
        if found is None:
            if timeout_fn is None or timeout_fn():
                return
            continue
        start, last = time.monotonic(), found
        yield found
        time.sleep(max(0.0, start + min_interval_secs - time.monotonic()))


def wait_for_new_checkpoint(
    checkpoint_dir: Any,
    last_checkpoint: str | None = None,
    seconds_to_sleep: float = _SECONDS_BETWEEN_LOOKS,
    timeout: float | None = None,
) -> str | None:
    """Return the latest checkpoint of a folder when it is another one; None if time is over.

    Args:
        checkpoint_dir: the folder.
        last_checkpoint: the one that is known.
        seconds_to_sleep: how long to wait between two looks.
        timeout: how many seconds to wait; None waits for ever.
    """
    stop = None if timeout is None else time.monotonic() + timeout
    while True:
        found = latest_checkpoint(checkpoint_dir)
        if found is not None and found != last_checkpoint:
            return found
        if stop is not None and time.monotonic() + seconds_to_sleep > stop:
            return None
        time.sleep(seconds_to_sleep)
