"""`tf.GradientTape`: gradients of what happens in a block.

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    dy = tape.gradient(y, x)

In a graph what happens in a block are the operations that are made in it.  A gradient flows through
those that are recorded and depend on what is watched, and is built as `tf.gradients` builds it.

**State** of a tape: the stretches of the graph's operations that it has recorded; what it watches,
and since which operation.

Source: TensorFlow 1.15, `eager/backprop.py`.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any, Self

from minitf import nest
from minitf.autodiff import backward
from minitf.autodiff.backward import UnconnectedGradients
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import resource
from minitf.functional.parallel_for import batch_jacobian_by, jacobian_by
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.variables.base import Variable


class GradientTape:
    """Records what is made in its block, to differentiate it.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: whether trainable variables that are read are watched.

    Source: TensorFlow 1.15.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watches_variables = watch_accessed_variables
        self._graph: Graph = default_graph()
        self._stretches: list[list[int | None]] = []
        self._watched: dict[Tensor, int] = {}
        self._watched_variables: list[Any] = []
        self._recording = False
        self._is_spent = False

    def __enter__(self) -> Self:
        """Begin to record, in the graph that is the default one here."""
        if self._recording:
            raise ValueError("Tape is already recording.")
        self._graph = default_graph()
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop recording."""
        if self._recording:
            self._end()

    def _begin(self) -> None:
        self._stretches.append([self._graph.version, None])
        self._recording = True

    def _end(self) -> None:
        self._stretches[-1][1] = self._graph.version
        self._recording = False

    # --- what is recorded ------------------------------------------------------------------------

    def watch(self, tensor: Any) -> None:
        """Differentiate with respect to what depends on these tensors from here on.

        Args:
            tensor: a Tensor, a variable, or a nested structure of them.
        """
        for each in nest.flatten(tensor):
            if not (isinstance(each, (Tensor, Variable)) or hasattr(each, "handle")):
                raise ValueError(f"Passed in object of type {type(each)}, not tf.Tensor")
            dtype = each.dtype.base_dtype
            if not (dtype.is_floating or dtype.is_complex):
                logging.getLogger("tensorflow").warning(
                    "The dtype of the watched tensor must be floating (e.g. tf.float32), got %r",
                    dtype,
                )
            if isinstance(each, Variable):
                self._watched_variables.append(each)
            self._watched.setdefault(self._source(each), self._graph.version)

    @contextlib.contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Leave out what is made in the block.

        Raises:
            RuntimeError: if the tape is not recording.
        """
        if not self._recording:
            raise RuntimeError("Trying to stop recording a tape which is not recording.")
        self._end()
        try:
            yield
        finally:
            self._begin()

    def reset(self) -> None:
        """Forget what was recorded and watched."""
        recording = self._recording
        self._stretches, self._watched, self._watched_variables = [], {}, []
        self._recording = False
        if recording:
            self._begin()

    def watched_variables(self) -> tuple[Any, ...]:
        """Return the variables that are watched, in the order in which they were."""
        found = list(self._watched_variables)
        if self._watches_variables:
            by_tensor = {self._source(each, make=False): each for each in self._trainable()}
            for op in self._recorded():
                found += [by_tensor[tensor] for tensor in op.inputs if tensor in by_tensor]
        return tuple(dict.fromkeys(found))

    def _recorded(self) -> list[Operation]:
        operations = self._graph.get_operations()
        return [op for start, end in self._stretches for op in operations[start:end]]

    def _on_tape(self) -> tuple[set[Operation], set[Tensor]]:
        """Return the recorded operations that depend on what is watched, and what they give."""
        reached = set(self._watched)
        since = dict(self._watched)
        if self._watches_variables:
            for variable in self._trainable():
                source = self._source(variable, make=False)
                if source is not None:
                    reached.add(source)
        recorded = set(self._recorded())
        operations: set[Operation] = set()
        queue = list(reached)
        while queue:
            tensor = queue.pop()
            for op in tensor.consumers():
                if op in recorded and op not in operations and since.get(tensor, 0) <= op.index:
                    operations.add(op)
                    queue += [each for each in op.outputs if each not in reached]
                    reached.update(op.outputs)
        return operations, reached

    def _trainable(self) -> list[Any]:
        return self._graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def _source(self, each: Any, *, make: bool = True) -> Any:
        """Return the tensor whose gradient is that of a tensor or variable.

        Args:
            each: the tensor or variable.
            make: whether to capture what a function has not used yet; None is returned else.
        """
        handle = getattr(each, "handle", None)
        if isinstance(handle, Tensor) and handle.dtype is resource:
            tensor = handle
        elif isinstance(each, Variable):
            tensor = each.value()  # the read that all readers of a ref variable share
        else:
            tensor = convert_to_tensor(each)
        if tensor.graph is self._graph:
            return tensor
        graph: Any = self._graph
        if not make:
            return graph.stand_in(tensor) if graph.building_function else None
        return graph.inside([tensor])[0]

    # --- gradients -------------------------------------------------------------------------------

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: UnconnectedGradients = UnconnectedGradients.NONE,
    ) -> Any:
        """Return the derivative of the sum of the targets with respect to each source.

        Args:
            target: Tensors, in a nested structure.
            sources: Tensors or variables that are watched, in a nested structure.
            output_gradients: a gradient to start with for each target; None stands for ones.
            unconnected_gradients: what a source gets on which no target depends: None, or zeros.

        Returns:
            A gradient for each source, in their structure.

        Raises:
            RuntimeError: if it is called a second time and the tape is not persistent.
            ValueError: if `unconnected_gradients` is unknown.
        """
        self._spend()
        if not self._persistent and self._recording:
            self._end()
        return self._gradient(target, sources, output_gradients, unconnected_gradients)

    def _spend(self) -> None:
        if self._is_spent:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        self._is_spent = not self._persistent

    def _gradient(
        self, target: Any, sources: Any, output_gradients: Any, unconnected: UnconnectedGradients
    ) -> Any:
        targets = [convert_to_tensor(each) for each in nest.flatten(target)]
        flat = [self._source(each) for each in nest.flatten(sources)]
        given = None if output_gradients is None else nest.flatten(output_gradients)
        operations, reached = self._on_tape()
        kept = [i for i, y in enumerate(targets) if y in reached]
        found = backward.gradients(
            [targets[i] for i in kept],
            flat,
            None if given is None else [given[i] for i in kept],
            unconnected=unconnected,
            is_constant=lambda op: op not in operations,
        )
        zero = UnconnectedGradients(unconnected) is UnconnectedGradients.ZERO
        found = [
            grad if zero or source in reached else None
            for grad, source in zip(found, flat, strict=True)
        ]
        return nest.pack_sequence_as(sources, found)

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: UnconnectedGradients = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return the derivative of each element of a target with respect to each source.

        Args:
            target: a Tensor.
            sources: Tensors or variables that are watched, in a nested structure.
            unconnected_gradients: what a source gets on which the target does not depend.
            parallel_iterations: how many elements may be worked on at once.
            experimental_use_pfor: accepted: the results are the same.

        Returns:
            For each source a Tensor of shape target.shape + source.shape, in their structure.

        Raises:
            RuntimeError: as `gradient`.
        """
        self._spend()
        target, flat = convert_to_tensor(target), nest.flatten(sources)
        rows = jacobian_by(
            lambda grad: self._gradient(target, flat, [grad], unconnected_gradients),
            target,
            flat,
            parallel_iterations,
        )
        return nest.pack_sequence_as(sources, rows)

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: UnconnectedGradients = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Return the Jacobian of each row of a target with respect to the same row of a source.

        Args:
            target: Tensor of shape [batch, ...]; its row i depends on row i of the source only.
            source: Tensor of shape [batch, ...] that is watched.
            unconnected_gradients: what is returned if the target does not depend on the source.
            parallel_iterations: how many elements may be worked on at once.
            experimental_use_pfor: accepted: the results are the same.

        Raises:
            RuntimeError: as `gradient`.
            ValueError: if the first sizes differ.
        """
        target, source = convert_to_tensor(target), convert_to_tensor(source)
        if not target.shape[:1].is_compatible_with(source.shape[:1]):
            raise ValueError(
                f"Need first dimension of target shape ({target.shape}) and source shape "
                f"({source.shape}) to match."
            )
        self._spend()
        return batch_jacobian_by(
            lambda grad: self._gradient(target, source, [grad], unconnected_gradients),
            target,
            source,
            parallel_iterations,
        )
