"""Operations between layers: a layer for each, so that a model may hold them.

    x = Input((3,))
    y = Dense(2)(x * 2)      x * 2 is made by no layer: one for the operation Mul is put between

Source: TensorFlow 1.15's `TensorFlowOpLayer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from minitf.api.framework import get_default_graph
from minitf.keras.engine.layer import Layer
from minitf.keras.engine.nodes import Node, give_history, history_of
from minitf.operation import Operation
from minitf.tensor import Tensor


class TensorFlowOpLayer(Layer):
    """One operation.

    Args:
        operation: the operation that calls repeat.
        varying: which of its inputs layers made; the others are the same in all calls.
    """

    def __init__(self, operation: Operation, varying: Sequence[bool]) -> None:
        super().__init__(name=f"tf_op_layer_{operation.name}", trainable=False)
        self.built = True
        self._operation = operation
        self._varying = list(varying)

    def call(self, inputs: Any) -> Any:
        """Return the outputs of an operation like it."""
        given = iter(inputs if isinstance(inputs, (list, tuple)) else [inputs])
        every = [
            next(given) if varies else each
            for each, varies in zip(self._operation.inputs, self._varying, strict=True)
        ]
        made = get_default_graph().create_op(
            self._operation.type, every, name=self._operation.type, attrs=self._operation.attrs
        )
        return made.outputs[0] if len(made.outputs) == 1 else list(made.outputs)

    def get_config(self) -> dict[str, Any]:
        """Refuse: an operation is no JSON.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(
            f"The operation {self._operation.name} between layers has no configuration; put it "
            "into a `Lambda` layer or a layer of its own."
        )


def wrap(tensors: Iterable[Tensor]) -> None:
    """Put layers between layers and tensors that follow from what they made."""
    for operation in _in_order(tensors):
        varying = [history_of(each) is not None for each in operation.inputs]
        sources = [each for each, varies in zip(operation.inputs, varying, strict=True) if varies]
        layer = TensorFlowOpLayer(operation, varying)
        outputs = list(operation.outputs)
        inputs = sources[0] if len(sources) == 1 else sources
        give_history(Node(layer, inputs, outputs[0] if len(outputs) == 1 else outputs, {}))


def _in_order(tensors: Iterable[Tensor]) -> list[Operation]:
    """Return the operations without history that tensors follow from, each after its inputs.

    Those that follow from no layer are left out, but for the tensors' own.
    """
    asked = [each.op for each in tensors if history_of(each) is None]
    order: list[Operation] = []
    done: set[Operation] = set()
    stack = [(op, False) for op in reversed(asked)]
    while stack:
        op, inputs_done = stack.pop()
        if op in done:
            continue
        if inputs_done:
            done.add(op)
            order.append(op)
            continue
        stack.append((op, True))
        stack += [
            (each.op, False)
            for each in op.inputs
            if history_of(each) is None and _follows_from_layers(each)
        ]
    return order


def follow_from_layers(tensors: Iterable[Tensor]) -> bool:
    """Tell whether a tensor follows from one that a layer made."""
    return any(history_of(each) is not None or _follows_from_layers(each) for each in tensors)


def _follows_from_layers(tensor: Tensor) -> bool:
    seen, stack = {tensor.op}, [tensor.op]
    while stack:
        for each in stack.pop().inputs:
            if history_of(each) is not None:
                return True
            if each.op not in seen:
                seen.add(each.op)
                stack.append(each.op)
    return False
