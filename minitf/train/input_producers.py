"""Input producers: queues that give the rows of a tensor again and again, epoch by epoch.

    files = tf.train.string_input_producer(["a.txt", "b.txt"], num_epochs=2)
    name = files.dequeue()            # of a reader, most often

Each makes a queue and a queue runner that fills it: `tf.train.start_queue_runners` starts it, and
with `num_epochs` the counter must be initialised by `tf.local_variables_initializer`.

Source: 2015 §4.5 "Input operations", §4.6; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.checks import Assert
from minitf.api.comparison import greater
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.files import matching_files
from minitf.api.framework import (
    control_dependencies,
    convert_to_tensor,
    convert_to_tensor_or_indexed_slices,
    name_scope,
)
from minitf.api.gathering import gather
from minitf.api.queue_kinds import FIFOQueue
from minitf.api.queues import QueueBase
from minitf.api.random import random_shuffle
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape, size
from minitf.dtypes import float32, int64, string
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train.queue_runner import QueueRunner, add_queue_runner
from minitf.variables.base import Variable


def match_filenames_once(pattern: Any, name: str | None = None) -> Any:
    """Return a local variable that holds the paths that match, as found when it is initialised.

    Args:
        pattern: a pattern, or several in a vector.
        name: name of the variable.
    """
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            name=scope,
            initial_value=matching_files(pattern),
            trainable=False,
            validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Any:
    """Return a tensor that can be computed so many times; then a run raises OutOfRangeError.

    Args:
        tensor: the tensor.
        num_epochs: how many times, counted in a local variable; None for no limit.
        name: name of the result.

    Raises:
        ValueError: if that is less than once.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(
            constant(0, dtype=int64),
            name="epochs",
            trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )
        with control_dependencies([epochs.count_up_to(num_epochs)]):
            return identity(tensor, name=scope)


def input_producer(
    input_tensor: Any,
    element_shape: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    summary_name: str | None = None,
    name: str | None = None,
    cancel_op: Operation | None = None,
) -> QueueBase:
    """Return a queue of the rows of a tensor.

    Args:
        input_tensor: the tensor.
        element_shape: the shape of a row, if it is not known.
        num_epochs: how often each row is given; None for no limit.
        shuffle: whether the rows are put in another order in each epoch.
        seed: fixes these orders.
        capacity: of the queue.
        shared_name: sessions of one target share the queue of this name.
        summary_name: name of a summary of how full the queue is, if there is to be one.
        name: name of the queue and its operations.
        cancel_op: what the queue runner runs to cancel what waits.

    Raises:
        ValueError: if the shape of a row is not known.
    """
    with name_scope(name, "input_producer", [input_tensor]):
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        row_shape = rows.shape[1:].merge_with(element_shape)
        if not row_shape.is_fully_defined():
            raise ValueError(
                "Either `input_tensor` must have a fully defined shape or `element_shape` must be "
                "specified"
            )
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = FIFOQueue(
            capacity, [rows.dtype.base_dtype], [row_shape], shared_name=shared_name, name=name
        )
        enqueue = queue.enqueue_many([rows])
        add_queue_runner(QueueRunner(queue, [enqueue], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, fraction(queue.size(), capacity))
        return queue


def fraction(part: Any, whole: int) -> Tensor:
    """Return a number of elements as a part of a whole."""
    made: Tensor = cast(part, float32) * (1.0 / whole)
    return made


def string_input_producer(
    string_tensor: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
    cancel_op: Operation | None = None,
) -> QueueBase:
    """Return a queue of strings, such as the names of files.

    Args:
        string_tensor: a vector of strings.
        num_epochs: how often each is given; None for no limit.
        shuffle: whether they are put in another order in each epoch.
        seed: fixes these orders.
        capacity: of the queue.
        shared_name: sessions of one target share the queue of this name.
        name: name of the queue and its operations.
        cancel_op: what the queue runner runs to cancel what waits.

    Raises:
        ValueError: if the list is empty.

    A run raises InvalidArgumentError if the vector is.
    """
    message = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, (Tensor, Variable)) and not len(string_tensor):
        raise ValueError(message)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        strings = convert_to_tensor(string_tensor, dtype=string)
        with control_dependencies([Assert(greater(size(strings), 0), [message])]):
            strings = identity(strings)
        return input_producer(
            strings,
            [],
            num_epochs,
            shuffle,
            seed,
            capacity,
            shared_name,
            f"fraction_of_{capacity}_full",
            scope,
            cancel_op,
        )


def range_input_producer(
    limit: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> QueueBase:
    """Return a queue of the integers from 0 to limit - 1.

    Args:
        limit: an int scalar.
        num_epochs: how often each is given; None for no limit.
        shuffle: whether they are put in another order in each epoch.
        seed: fixes these orders.
        capacity: of the queue.
        shared_name: sessions of one target share the queue of this name.
        name: name of the queue and its operations.
    """
    with name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(
            range_(limit),
            [],
            num_epochs,
            shuffle,
            seed,
            capacity,
            shared_name,
            f"fraction_of_{capacity}_full",
            scope,
        )


def slice_input_producer(
    tensor_list: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """Return one row of each of several tensors, the next one in each run.

    Args:
        tensor_list: tensors with equally many rows.
        num_epochs: how often each row is given; None for no limit.
        shuffle: whether the rows are put in another order in each epoch.
        seed: fixes these orders.
        capacity: of the queue of their numbers.
        shared_name: sessions of one target share the queue of this name.
        name: name of the queue and its operations.

    Raises:
        ValueError: if there is no tensor.
    """
    with name_scope(name, "input_producer", tensor_list):
        tensors = [convert_to_tensor_or_indexed_slices(tensor) for tensor in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        rows = shape(tensors[0])[0]
        queue = range_input_producer(rows, num_epochs, shuffle, seed, capacity, shared_name)
        index = queue.dequeue()
        return [gather(tensor, index) for tensor in tensors]
