"""What of `tf.tpu` builds graphs for a TPU.

MiniTF has no TPU system yet: what needs one raises UnimplementedError, at the line of the program
that asks for it.

Source: TensorFlow 1.15's `tf.tpu`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from minitf.errors import UnimplementedError


def _refuse(name: str, what: str) -> NoReturn:
    raise UnimplementedError(None, None, f"MiniTF has no TPU system yet: tf.tpu.{name} {what}")


class TpuContext(threading.local):
    """Among how many cores a TPU's batch is divided, in this thread; None outside of one.

    Source: TensorFlow 1.15's `tpu_function`.
    """

    number_of_shards: int | None = None

    def set_number_of_shards(self, number_of_shards: int | None) -> None:
        """Say among how many."""
        self.number_of_shards = number_of_shards


_context = TpuContext()


def get_tpu_context() -> TpuContext:
    """Return the context of this thread."""
    return _context


@contextmanager
def tpu_shard_context(number_of_shards: int | None) -> Iterator[None]:
    """Say among how many cores a TPU's batch is divided, within a `with`.

    Args:
        number_of_shards: how many.

    Raises:
        NotImplementedError: within another one.
    """
    if _context.number_of_shards is not None:
        raise NotImplementedError("tpu_shard_context cannot be nested")
    _context.set_number_of_shards(number_of_shards)
    try:
        yield
    finally:
        _context.set_number_of_shards(None)


def core(num: int) -> str:
    """Return the name of a core of a TPU, for `tf.device`.

    Args:
        num: which core.
    """
    return f"device:TPU_REPLICATED_CORE:{num}"


def outside_compilation(computation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Build a part of a TPU's computation for its host: where there is no TPU, build it.

    Args:
        computation: the function that builds it.
        *args: its arguments.
        **kwargs: likewise.
    """
    return computation(*args, **kwargs)


def initialize_system(embedding_config: Any = None, job: str | None = None) -> NoReturn:
    """Refuse: it would start a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("initialize_system", "starts one")


def shutdown_system(job: str | None = None) -> NoReturn:
    """Refuse: it would stop a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("shutdown_system", "stops one")


def cross_replica_sum(x: Any, group_assignment: Any = None, name: str | None = None) -> NoReturn:
    """Refuse: it would sum over the cores of a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("cross_replica_sum", "sums over its cores")


def replicate(
    computation: Callable[..., Any],
    inputs: Any = None,
    infeed_queue: Any = None,
    device_assignment: Any = None,
    name: str | None = None,
    maximum_shapes: Any = None,
) -> NoReturn:
    """Refuse: it would compute on each core of a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("replicate", "computes on each of its cores")


def shard(
    computation: Callable[..., Any],
    inputs: Any = None,
    num_shards: int = 1,
    input_shard_axes: Any = None,
    outputs_from_all_shards: Any = True,
    output_shard_axes: Any = None,
    infeed_queue: Any = None,
    device_assignment: Any = None,
    name: str | None = None,
) -> NoReturn:
    """Refuse: it would compute parts on each core of a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("shard", "divides inputs among its cores")


def batch_parallel(
    computation: Callable[..., Any],
    inputs: Any = None,
    num_shards: int = 1,
    infeed_queue: Any = None,
    device_assignment: Any = None,
    name: str | None = None,
) -> NoReturn:
    """Refuse: it would compute parts of a batch on each core of a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("batch_parallel", "divides a batch among its cores")


def rewrite(
    computation: Callable[..., Any],
    inputs: Any = None,
    infeed_queue: Any = None,
    device_assignment: Any = None,
    name: str | None = None,
) -> NoReturn:
    """Refuse: it would compute on a TPU.

    Raises:
        UnimplementedError: always.
    """
    _refuse("rewrite", "computes on one")
