"""Barriers: elements whose components arrive apart, by key, and leave together.

    barrier = Barrier([tf.string, tf.float32], shapes=[[], [2]])
    barrier.insert_many(0, keys=["a"], values=["name"])
    barrier.insert_many(1, keys=["a"], values=[[1.0, 2.0]])
    indices, keys, values = barrier.take_many(1)

Source: 2015 §4.6 (queues); TensorFlow 1.15's class in `tensorflow.python.ops.data_flow_ops`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dtypes import DType, as_dtype
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Barrier:
    """A table of elements by key; an element is ready when each of its components is there.

    Args:
        types: the type of each component.
        shapes: the shape of each component; unknown by default.
        shared_name: barriers of one name are one barrier.
        name: name of the operation.

    Raises:
        ValueError: if there are not as many shapes as types, or one has no elements.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        types: Any,
        shapes: Any = None,
        shared_name: str | None = None,
        name: str = "barrier",
    ) -> None:
        many = isinstance(types, (list, tuple))
        self._types: list[DType] = [as_dtype(each) for each in (types if many else [types])]
        self._shapes = self._checked(shapes)
        self._barrier_ref: Tensor = ops.barrier_op(
            component_types=tuple(self._types),
            shapes=() if shapes is None else tuple(each.as_list() for each in self._shapes),
            shared_name=shared_name or "",
            name=name,
        )
        self._name = self._barrier_ref.op.name.split("/")[-1]

    def _checked(self, shapes: Any) -> list[TensorShape]:
        if shapes is None:
            return [TensorShape(None)] * len(self._types)
        given = [shapes] if isinstance(shapes, TensorShape) else shapes
        found = [TensorShape(each) for each in given]
        if len(found) != len(self._types):
            raise ValueError(
                f"List of shapes has {len(found)} entries, but there are {len(self._types)} types"
            )
        for i, each in enumerate(found):
            if each.num_elements() == 0:
                raise ValueError(
                    f"Empty tensors are not supported, but received shape '{each}' at index {i}"
                )
        return found

    @property
    def barrier_ref(self) -> Tensor:
        """The handle: string[2]."""
        return self._barrier_ref

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    def insert_many(
        self, component_index: int, keys: Any, values: Any, name: str | None = None
    ) -> Operation:
        """Return an operation that inserts one component of several elements.

        Args:
            component_index: which component.
            keys: string[N].
            values: [N, ...shape of the component].
            name: name of the operation.
        """
        made: Operation = ops.barrier_insert_many_op(
            self._barrier_ref,
            keys,
            values,
            component_index=component_index,
            name=name or f"{self._name}_BarrierInsertMany",
        )
        return made

    def take_many(
        self,
        num_elements: Any,
        allow_small_batch: bool = False,
        timeout: int | None = None,
        name: str | None = None,
    ) -> Any:
        """Return elements that are ready, in the order in which their first component came.

        Args:
            num_elements: how many.
            allow_small_batch: whether a closed barrier may give fewer.
            timeout: for how many milliseconds it waits; for ever by default.
            name: name of the operation.

        Returns:
            indices: int64[N], the order of first insertions; keys: string[N]; values: a list of
            [N, ...shape].
        """
        found = ops.barrier_take_many_op(
            self._barrier_ref,
            num_elements,
            component_types=tuple(self._types),
            allow_small_batch=allow_small_batch,
            timeout_ms=-1 if timeout is None else timeout,
            name=name or f"{self._name}_BarrierTakeMany",
        )
        count = found.keys.op.inputs[1]
        known = None if allow_small_batch else constant_value(count)
        rows = TensorShape([None if known is None else int(known)])
        found.indices.set_shape(rows)
        found.keys.set_shape(rows)
        for value, each in zip(found.values, self._shapes, strict=True):
            value.set_shape(rows.concatenate(each))
        return found

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Operation:
        """Return an operation that closes it: no new keys come; what is incomplete may be ended.

        Args:
            cancel_pending_enqueues: whether incomplete elements are given up, too.
            name: name of the operation.
        """
        made: Operation = ops.barrier_close_op(
            self._barrier_ref,
            cancel_pending_enqueues=cancel_pending_enqueues,
            name=name or f"{self._name}_BarrierClose",
        )
        return made

    def ready_size(self, name: str | None = None) -> Tensor:
        """Return how many elements are complete: int32[]."""
        made: Tensor = ops.barrier_ready_size_op(
            self._barrier_ref, name=name or f"{self._name}_BarrierReadySize"
        )
        return made

    def incomplete_size(self, name: str | None = None) -> Tensor:
        """Return how many elements lack components: int32[]."""
        made: Tensor = ops.barrier_incomplete_size_op(
            self._barrier_ref, name=name or f"{self._name}_BarrierIncompleteSize"
        )
        return made
