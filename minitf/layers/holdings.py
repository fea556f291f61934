"""What a layer holds: variables, losses, updates, and what it was called with.

A loss or an update is conditional if it follows from the inputs of a call:

    layer.add_loss(tf.nn.l2_loss(w))                     of the layer itself
    layer.add_loss(tf.reduce_sum(x), inputs=x)           of this call
    layer.get_losses_for(None), layer.get_losses_for(x)  the first; the second

Source: TensorFlow 1.15's base class of `tf.layers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import numpy as np

from minitf import nest
from minitf.api.framework import convert_to_tensor, get_collection_ref, name_scope
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.trackable.module import Module
from minitf.variables.partitioned import PartitionedVariable


class Holdings(Module):
    """Variables, losses and updates of a layer, and the tensors of its calls.

    Attributes:
        trainable: whether optimizers change the variables, and the layer is updated.
    """

    trainable = True
    _UNTRACKED: ClassVar[frozenset[str]] = Module._UNTRACKED | {  # noqa: SLF001 one of us
        "_calls",
        "_inputs",
        "_losses",
        "_non_trainable_weights",
        "_scope",
        "_trainable_weights",
        "_updates",
    }

    def __init__(self, trainable: bool, name: str) -> None:
        self.trainable = trainable
        self.built = False
        self._name = name
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._losses: list[tuple[Any, bool]] = []  # with whether it is conditional
        self._updates: list[tuple[Any, bool]] = []  # likewise
        self._calls: list[tuple[Any, Any]] = []  # inputs and outputs
        self._inputs: list[Any] = []  # of the call that is going on

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def name_scope(self) -> Any:
        """A name scope of its name, to be entered with `with`."""
        return name_scope(self.name)

    # --- variables -------------------------------------------------------------------------------

    def _remember(self, variable: Any, trained: bool = True) -> None:
        """Count a variable as the layer's: as one that optimizers change if they do."""
        held = get_collection_ref(GraphKeys.TRAINABLE_VARIABLES) if trained else []
        for part in variable if isinstance(variable, PartitionedVariable) else [variable]:
            group = self._trainable_weights if _is_in(part, held) else self._non_trainable_weights
            if not _is_in(part, group):
                group.append(part)

    @property
    def trainable_weights(self) -> list[Any]:
        """The variables that optimizers change."""
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        others = list(self._non_trainable_weights)
        return others if self.trainable else self._trainable_weights + others

    @property
    def weights(self) -> list[Any]:
        """All variables, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_variables(self) -> list[Any]:  # type: ignore[override]
        """The variables that optimizers change."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The variables that optimizers leave alone."""
        return self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:  # type: ignore[override]
        """All variables, the trainable ones first."""
        return self.weights

    def count_params(self) -> int:
        """Return how many numbers the variables hold.

        Raises:
            ValueError: if there are no variables yet.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. You "
                f"can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return sum(math.prod(each.shape.as_list()) for each in self.weights)

    def get_weights(self) -> list[Any]:
        """Return the values of all variables in the default session, the trainable ones first."""
        return [each.eval() for each in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Give all variables values in the default session, the trainable ones first.

        Raises:
            ValueError: if there are more or fewer values than variables, or one has another shape.
        """
        variables = self.weights
        if len(variables) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a weight list of '
                f"length {len(weights)}, but the layer was expecting {len(variables)} weights."
            )
        for variable, value in zip(variables, weights, strict=True):
            if not variable.shape.is_compatible_with(np.shape(value)):
                raise ValueError(
                    f"Layer weight shape {variable.shape} not compatible with provided weight "
                    f"shape {np.shape(value)}"
                )
            variable.load(value)

    # --- losses ----------------------------------------------------------------------------------

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Count tensors as losses of the layer; they join the regularization losses.

        Args:
            losses: a scalar, a function that makes one, None, or a list of these.
            inputs: the inputs of a call that they follow from; None if they follow from none.
        """
        collected = get_collection_ref(GraphKeys.REGULARIZATION_LOSSES)
        for each in nest.flatten(losses):
            loss = each() if callable(each) else each
            if loss is None:
                continue
            if not isinstance(loss, Tensor):
                loss = convert_to_tensor(loss, float32)
            self._losses.append((loss, inputs is not None))
            if not _is_in(loss, collected):
                collected.append(loss)

    @property
    def losses(self) -> list[Any]:
        """All losses."""
        return [loss for loss, _ in self._losses]

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """Return the losses that follow from inputs, or for None those that follow from none."""
        return _following(self._losses, inputs)

    # --- updates ---------------------------------------------------------------------------------

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Count operations as updates of the layer, which every step of training must run.

        Args:
            updates: an operation, a tensor, a function that makes one, or a list of these.
            inputs: what they follow from; in a call, it is known.
        """
        sources = self._inputs or [] if inputs is None else nest.flatten(inputs)
        for each in updates if isinstance(updates, (list, tuple)) else [updates]:
            made = each() if callable(each) else each
            update = made if isinstance(made, Operation) else getattr(made, "op", None)
            update = convert_to_tensor(made).op if update is None else update
            self._updates.append((update, follows(update, sources)))

    @property
    def updates(self) -> list[Any]:
        """All updates; none if the layer is not trained."""
        return [update for update, _ in self._updates] if self.trainable else []

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """Return the updates that follow from inputs, or for None those that follow from none."""
        return _following(self._updates if self.trainable else [], inputs)

    # --- calls -----------------------------------------------------------------------------------

    def get_input_at(self, node_index: int) -> Any:
        """Return the inputs of a call, by its number."""
        return self._of_call(node_index, 0, "input")

    def get_output_at(self, node_index: int) -> Any:
        """Return the outputs of a call, by its number."""
        return self._of_call(node_index, 1, "output")

    def get_input_shape_at(self, node_index: int) -> Any:
        """Return the static shapes of the inputs of a call, by its number."""
        return _shapes(self._of_call(node_index, 0, "input shape"))

    def get_output_shape_at(self, node_index: int) -> Any:
        """Return the static shapes of the outputs of a call, by its number."""
        return _shapes(self._of_call(node_index, 1, "output shape"))

    def _of_call(self, number: int, which: int, what: str) -> Any:
        if not self._calls:
            raise RuntimeError(f"The layer has never been called and thus has no defined {what}.")
        if number >= len(self._calls):
            raise ValueError(
                f"Asked to get {what} at node {number}, but the layer has only {len(self._calls)} "
                "inbound nodes."
            )
        return self._calls[number][which]

    @property
    def input(self) -> Any:
        """The inputs of its only call.

        Raises:
            AttributeError: if it was called several times, or not at all.
        """
        return self._of_only_call(self.get_input_at, "input")

    @property
    def output(self) -> Any:
        """The outputs of its only call; see `input`."""
        return self._of_only_call(self.get_output_at, "output")

    @property
    def input_shape(self) -> Any:
        """The static shapes of the inputs, alike in all calls; see `input`."""
        return self._of_all_calls(self.get_input_shape_at, "input")

    @property
    def output_shape(self) -> Any:
        """The static shapes of the outputs, alike in all calls; see `input`."""
        return self._of_all_calls(self.get_output_shape_at, "output")

    def _of_only_call(self, at: Callable[[int], Any], what: str) -> Any:
        if not self._calls:
            raise AttributeError(f"Layer {self.name} is not connected, no {what} to return.")
        if len(self._calls) > 1:
            raise AttributeError(
                f"Layer {self.name} has multiple inbound nodes, hence the notion of "
                f'"layer {what}" is ill-defined. Use `get_{what}_at(node_index)` instead.'
            )
        return at(0)

    def _of_all_calls(self, at: Callable[[int], Any], what: str) -> Any:
        if not self._calls:
            raise AttributeError(
                f"The layer has never been called and thus has no defined {what} shape."
            )
        first, *others = [at(number) for number in range(len(self._calls))]
        if any(each != first for each in others):
            raise AttributeError(
                f"The layer {self.name} has multiple inbound nodes, with different {what} shapes. "
                f'Hence the notion of "{what} shape" is ill-defined for the layer. Use '
                f"`get_{what}_shape_at(node_index)` instead."
            )
        return first


def _is_in(value: Any, values: Iterable[Any]) -> bool:
    """Tell whether an object is among others, which == would make tensors of."""
    return any(value is each for each in values)


def _shapes(tensors: Any) -> Any:
    return nest.map_structure(lambda each: tuple(each.shape.as_list()), tensors)


def _following(held: Sequence[tuple[Any, bool]], inputs: Any) -> list[Any]:
    if inputs is None:
        return [each for each, conditional in held if not conditional]
    sources = nest.flatten(inputs)
    return [
        each
        for each, conditional in held
        if conditional and follows(getattr(each, "op", each), sources)
    ]


def follows(operation: Operation, sources: Sequence[Any]) -> bool:
    """Tell whether an operation follows from tensors, by data or by control."""
    ends = {tensor.op for tensor in sources if isinstance(tensor, Tensor)}
    seen, stack = {operation}, [operation]
    while stack:
        op = stack.pop()
        if op in ends:
            return True
        before = {tensor.op for tensor in op.inputs} | set(op.control_inputs)
        stack += before - seen
        seen |= before
    return False
