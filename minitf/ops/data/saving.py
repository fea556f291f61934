"""Where iterators stand, for checkpoints: how many steps were taken, and what was drawn meanwhile.

An iterator is brought to such a place by beginning anew and taking the steps again, so what its
functions do besides happens again too.

Source: TensorFlow 1.15, `tf.data.experimental.make_saveable_from_iterator`.
"""

import json
from typing import Any

from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.data.iteration import State, iterator_of
from minitf.ops.io.serialized import Serialized
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, variant

# --- SerializeIterator, DeserializeIterator ------------------------------------------------------


@op("SerializeIterator", "stateful", outputs=("serialized",))
def serialize_iterator_op(resource_handle: Resource, *, external_state_policy: int = 0) -> variant:
    """Give where an iterator stands, to be saved.

    Args:
        resource_handle: the iterator.
        external_state_policy: accepted for compatibility.

    Returns:
        variant scalar.

    Raises:
        FailedPreconditionError: if the iterator has no dataset.

    Source: TensorFlow's op of the same name.
    """
    taken, draws = iterator_of(resource_handle).state()
    return Serialized(json.dumps({"taken": taken, "draws": draws}).encode())


@serialize_iterator_op.shape
def serialize_iterator_shape(resource_handle: Shape, **_: Any) -> Shape:
    return SCALAR


serialize_iterator_op.no_gradient("where an iterator stands is no number")


@op("DeserializeIterator", "stateful")
def deserialize_iterator_op(resource_handle: Resource, serialized: variant) -> None:
    """Bring an iterator to where one of the same dataset stood.

    Args:
        resource_handle: the iterator.
        serialized: what SerializeIterator gave.

    Raises:
        FailedPreconditionError: if the iterator has no dataset.
        InvalidArgumentError: if the variant is of something else.

    Source: TensorFlow's op of the same name.
    """
    iterator_of(resource_handle).go_to(_state(serialized))


def _state(serialized: Any) -> State:
    try:
        told = json.loads(serialized.data)
        return State(int(told["taken"]), [tuple(map(int, each)) for each in told["draws"]])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise invalid("The variant is no state of an iterator") from None


deserialize_iterator_op.no_gradient("it has no outputs")
