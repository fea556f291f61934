"""Operations that the runtime adds to a step: they stand in no graph, and on one device each.

Source: 2015 §3.2.2 (Send and Recv nodes are added), §4.4.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from minitf.devices import Device
from minitf.operation import Operation
from minitf.ops import find_op
from minitf.shapes import Shape
from minitf.tensor import Tensor


class Inserted:
    """Makes the operations that are added to one step.

    Args:
        placement: operation -> its device; gets theirs.

    Source: 2015 §3.2.2.
    """

    def __init__(self, placement: dict[Operation, Device]) -> None:
        self._placement = placement
        self._numbers = itertools.count()

    def add(
        self,
        kind: str,
        beside: Operation,
        device: Device,
        inputs: Sequence[Tensor],
        attrs: dict[str, Any],
        waits: Sequence[Operation] = (),
    ) -> Operation:
        """Make an operation.

        Args:
            kind: the op's registry name.
            beside: the operation for which it is made, which gives it name and line.
            device: where it is to run.
            inputs: its inputs.
            attrs: all its attributes.
            waits: what it waits for besides.
        """
        name = f"{beside.name}/_{next(self._numbers)}"
        made = Operation(beside.graph, find_op(kind), name, tuple(inputs), attrs)
        made.site, made.index, made.device = beside.site, beside.index, device.name
        made.control_inputs = list(waits)
        made.outputs = [
            Tensor(made, i, dtype, Shape.unknown())
            for i, dtype in enumerate(made.definition.output_types(attrs))
        ]
        self._placement[made] = device
        return made
