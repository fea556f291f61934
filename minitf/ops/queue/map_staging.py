"""What is done to staging areas with keys: put, get, peek, count, clear; each op comes twice.

`OrderedMapStage` and its like do as `MapStage` and its like, except that a get of any key takes the
smallest.

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.op_def import OpDef, at_least, op
from minitf.ops.queue.map_area import MapArea, OrderedMapArea
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import TypeList, dtypes, fake_dtypes, int32, int64

Array = np.ndarray[Any, Any]
Body = Callable[..., Any]

_LIMITS: dict[str, Any] = {"capacity": at_least(0), "memory_limit": at_least(0)}


def _area(kind: type[MapArea], context: Context, **options: Any) -> MapArea:
    """Return the area that an operation names, made at first use."""
    name = options["shared_name"] or context.node_name
    return context.resources.find_or_create(
        options["container"],
        name,
        lambda: kind(name, options["capacity"], options["memory_limit"]),
        kind,
    )


def _registered(name: str, body: Body, **options: Any) -> OpDef:
    """Register a body under a name, which also names the Python object."""
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    body.__name__ = f"{snake[1:]}_op"
    made = op(name, "stateful", "asynchronous", **_LIMITS, **options)(body)
    if made.outputs:
        made.shape(_shapes(made))
    made.no_gradient("what was staged is no function of inputs")
    return made


def _shapes(made: OpDef) -> Body:
    """Return the shape rule: components are of any shape, the rest scalars."""

    def shapes(*inputs: Shape, dtypes: tuple[DType, ...], **attrs: Any) -> list[Any]:
        unknown = [Shape.unknown()] * len(dtypes)
        return [unknown if arg.is_list else SCALAR for arg in made.outputs]

    return shapes


# --- MapStage -------------------------------------------------------------------------------------


def staging(name: str, kind: type[MapArea]) -> OpDef:
    """Register the op that puts components into an area."""

    def body(
        key: int64,
        indices: int32,
        values: TypeList[fake_dtypes],
        *,
        capacity: int = 0,
        memory_limit: int = 0,
        dtypes: tuple[DType, ...],
        container: str = "",
        shared_name: str = "",
        context: Context,
    ) -> None:
        """Put components of an element into a staging area with keys; wait while there is no room.

        Args:
            key: int64[], the element's key.
            indices: int32[n], which components, in order.
            values: n arrays.
            capacity: how many complete elements the area may hold; 0 for any number.
            memory_limit: how many bytes; 0 for any number.
            dtypes: the types of all components.
            container: where the area is kept; "" is the default container.
            shared_name: its name there; "" is the operation's name.

        Raises:
            InvalidArgumentError: if they do not fit, or have come already.
            ResourceExhaustedError: if they are larger than the limit.

        Source: TensorFlow's op.
        """
        area = _area(
            kind,
            context,
            capacity=capacity,
            memory_limit=memory_limit,
            container=container,
            shared_name=shared_name,
        )
        return area.put(int(key), indices.tolist(), values, dtypes)

    return _registered(name, body, fake_dtypes=ANY.at_least(1))


map_stage_op = staging("MapStage", MapArea)
ordered_map_stage_op = staging("OrderedMapStage", OrderedMapArea)

# --- MapPeek, MapUnstage --------------------------------------------------------------------------


def getting(name: str, kind: type[MapArea], method: str) -> OpDef:
    """Register the op that takes components of a key out of an area, or looks at them."""

    def body(
        key: int64,
        indices: int32,
        *,
        capacity: int = 0,
        memory_limit: int = 0,
        dtypes: tuple[DType, ...],
        container: str = "",
        shared_name: str = "",
        context: Context,
    ) -> TypeList[dtypes]:
        """Get components of the element of a key in a staging area; wait for it.

        MapUnstage takes them out of the area, MapPeek leaves them there.

        Args:
            key: int64[], the element's key.
            indices: int32[n], which components, in order.
            capacity: how many complete elements the area may hold; 0 for any number.
            memory_limit: how many bytes; 0 for any number.
            dtypes: the types of these components.
            container: where the area is kept; "" is the default container.
            shared_name: its name there; "" is the operation's name.

        Returns:
            n arrays.

        Raises:
            InvalidArgumentError: if they are of other types, or have been taken.

        Source: TensorFlow's op.
        """
        area = _area(
            kind,
            context,
            capacity=capacity,
            memory_limit=memory_limit,
            container=container,
            shared_name=shared_name,
        )
        return getattr(area, method)(int(key), indices.tolist(), dtypes)

    return _registered(name, body, dtypes=ANY.at_least(1), outputs=("values",))


map_peek_op = getting("MapPeek", MapArea, "peek")
ordered_map_peek_op = getting("OrderedMapPeek", OrderedMapArea, "peek")
map_unstage_op = getting("MapUnstage", MapArea, "get")
ordered_map_unstage_op = getting("OrderedMapUnstage", OrderedMapArea, "get")

# --- MapUnstageNoKey ------------------------------------------------------------------------------


def getting_any(name: str, kind: type[MapArea]) -> OpDef:
    """Register the op that takes components of any key out of an area."""

    def body(
        indices: int32,
        *,
        capacity: int = 0,
        memory_limit: int = 0,
        dtypes: tuple[DType, ...],
        container: str = "",
        shared_name: str = "",
        context: Context,
    ) -> tuple[int64, TypeList[dtypes]]:
        """Take components of an element of any key out of a staging area; wait for one.

        Args:
            indices: int32[n], which components, in order.
            capacity: how many complete elements the area may hold; 0 for any number.
            memory_limit: how many bytes; 0 for any number.
            dtypes: the types of these components.
            container: where the area is kept; "" is the default container.
            shared_name: its name there; "" is the operation's name.

        Returns:
            key: int64[], the smallest in an ordered area; values: n arrays.

        Raises:
            InvalidArgumentError: if they are of other types, or have been taken.

        Source: TensorFlow's op.
        """
        area = _area(
            kind,
            context,
            capacity=capacity,
            memory_limit=memory_limit,
            container=container,
            shared_name=shared_name,
        )
        return area.get(None, indices.tolist(), dtypes)

    return _registered(name, body, dtypes=ANY.at_least(1), outputs=("key", "values"))


map_unstage_no_key_op = getting_any("MapUnstageNoKey", MapArea)
ordered_map_unstage_no_key_op = getting_any("OrderedMapUnstageNoKey", OrderedMapArea)

# --- MapSize, MapIncompleteSize -------------------------------------------------------------------


def counting(name: str, kind: type[MapArea], elements: str) -> OpDef:
    """Register the op that counts the elements of an area."""

    def body(
        *,
        capacity: int = 0,
        memory_limit: int = 0,
        dtypes: tuple[DType, ...],
        container: str = "",
        shared_name: str = "",
        context: Context,
    ) -> int32:
        """Count the elements of a staging area with keys.

        MapSize counts those that are complete, MapIncompleteSize those that lack components.

        Args:
            capacity: how many complete elements the area may hold; 0 for any number.
            memory_limit: how many bytes; 0 for any number.
            dtypes: the types of all components.
            container: where the area is kept; "" is the default container.
            shared_name: its name there; "" is the operation's name.

        Returns:
            int32[].

        Source: TensorFlow's op.
        """
        area = _area(
            kind,
            context,
            capacity=capacity,
            memory_limit=memory_limit,
            container=container,
            shared_name=shared_name,
        )
        return np.array(len(getattr(area, elements)), np.int32)

    return _registered(name, body, outputs=("size",))


map_size_op = counting("MapSize", MapArea, "complete")
ordered_map_size_op = counting("OrderedMapSize", OrderedMapArea, "complete")
map_incomplete_size_op = counting("MapIncompleteSize", MapArea, "incomplete")
ordered_map_incomplete_size_op = counting("OrderedMapIncompleteSize", OrderedMapArea, "incomplete")

# --- MapClear -------------------------------------------------------------------------------------


def clearing(name: str, kind: type[MapArea]) -> OpDef:
    """Register the op that drops all elements of an area."""

    def body(
        *,
        capacity: int = 0,
        memory_limit: int = 0,
        dtypes: tuple[DType, ...],
        container: str = "",
        shared_name: str = "",
        context: Context,
    ) -> None:
        """Drop all elements of a staging area with keys.

        Args:
            capacity: how many complete elements the area may hold; 0 for any number.
            memory_limit: how many bytes; 0 for any number.
            dtypes: the types of all components.
            container: where the area is kept; "" is the default container.
            shared_name: its name there; "" is the operation's name.

        Source: TensorFlow's op.
        """
        area = _area(
            kind,
            context,
            capacity=capacity,
            memory_limit=memory_limit,
            container=container,
            shared_name=shared_name,
        )
        area.clear()

    return _registered(name, body)


map_clear_op = clearing("MapClear", MapArea)
ordered_map_clear_op = clearing("OrderedMapClear", OrderedMapArea)
