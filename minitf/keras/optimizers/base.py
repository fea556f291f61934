"""Optimizer: how variables follow their gradients, its numbers being variables themselves.

    opt = Adam(learning_rate=0.01)
    model.compile(opt, ...)          or   train = opt.minimize(loss, var_list=[w])
    K.set_value(opt.lr, 0.001)       between two steps

**State**: `iterations`, how many steps were taken; the numbers (learning rate and the like); slots,
variables of each trained variable's shape.

**Invariants**
1. The weights are `iterations`, then the first slot of all variables, then the second, ...
2. The learning rate of a step is learning_rate / (1 + decay iterations).

Source: TensorFlow 1.15's `tf.keras.optimizers`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from minitf.api.casting import cast
from minitf.api.clipping import clip_by_norm, clip_by_value
from minitf.api.constants import zeros
from minitf.api.control import group
from minitf.api.framework import control_dependencies, convert_to_tensor, name_scope
from minitf.api.gradients import gradients
from minitf.api.state import assign, assign_add
from minitf.composite import IndexedSlices
from minitf.dtypes import DType, as_dtype, int64
from minitf.keras import initializers
from minitf.keras.backend.config import floatx
from minitf.keras.backend.sessions import batch_get_value, batch_set_value, track_variable
from minitf.keras.optimizers.hooks import ApplyState, Hooks, with_state
from minitf.keras.optimizers.schedules import LearningRateSchedule, deserialize, serialize
from minitf.tensor import Tensor
from minitf.trackable.position import CheckpointPosition
from minitf.train.mixed_precision import register_loss_scale_wrapper
from minitf.variables.base import Variable


class Optimizer(Hooks):
    """How variables follow their gradients; subclasses say what one step does.

    Args:
        name: of the operations and variables that it adds.
        **kwargs: `clipnorm`, the greatest norm of a gradient; `clipvalue`, the greatest of its
            elements; `lr`, an old name of `learning_rate`; `decay`, how the rate decreases.

    Raises:
        TypeError: if there is another keyword.
        ValueError: if one is negative.
    """

    SLOTS: ClassVar[tuple[str, ...]] = ()
    NUMBERS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str, **kwargs: Any) -> None:
        for key, value in kwargs.items():
            if key not in {"clipnorm", "clipvalue", "lr", "decay"}:
                raise TypeError(f"Unexpected keyword argument passed to optimizer: {key}")
            if value is not None and not callable(value) and value < 0:
                raise ValueError(f"Expected {key} >= 0, received: {value}")
        self._name = name
        self._numbers: dict[str, Any] = {"decay": kwargs.get("decay", 0.0)}
        self._first_decay = self._numbers["decay"]
        self.clipnorm = kwargs.get("clipnorm")
        self.clipvalue = kwargs.get("clipvalue")
        self._iterations: Any = None
        self._slots: dict[tuple[int, str], Any] = {}
        self._order: list[Any] = []  # of the slots
        self._step_numbers: dict[DType, dict[str, Any]] = {}
        self._waiting: dict[tuple[int, str], list[CheckpointPosition]] = {}  # for slots

    # --- numbers ---------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        numbers = vars(self).get("_numbers", {})
        name = "learning_rate" if name == "lr" else name
        if name in numbers:
            return self._number(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        numbers = vars(self).get("_numbers", {})
        name = "learning_rate" if name == "lr" else name
        if name not in numbers:
            super().__setattr__(name, value)
        elif isinstance(numbers[name], Variable) and not isinstance(value, (Tensor, Variable)):
            batch_set_value([(numbers[name], value)])
        else:
            numbers[name] = value

    def _number(self, name: str) -> Any:
        """Return a number of the optimizer as a variable, or the tensor or function given."""
        held = self._numbers[name]
        if not (isinstance(held, (Tensor, Variable)) or callable(held)):
            self._numbers[name] = held = self._variable(name, held, as_dtype(floatx()))
        if isinstance(held, Variable):
            self._track_trackable(held, name, overwrite=True)
        return held

    def _tensor(self, name: str, dtype: DType) -> Tensor:
        held = self._number(name)
        if isinstance(held, LearningRateSchedule):
            held = held(self.iterations)
        return cast(held() if callable(held) else held, dtype)

    def _variable(self, name: str, value: Any, dtype: DType, *, scope: bool = True) -> Any:
        made = Variable(
            lambda: convert_to_tensor(value, dtype),
            trainable=False,
            name=f"{self._name}/{name}" if scope else name,
            dtype=dtype,
            use_resource=True,
        )
        track_variable(made)
        return made

    @property
    def iterations(self) -> Any:
        """A variable: how many steps were taken."""
        if self._iterations is None:
            self._iterations = self._variable("iter", 0, int64)
            self._track_trackable(self._iterations, "iter")
        return self._iterations

    def count_by(self, iterations: Any) -> None:
        """Count steps in a variable of the program."""
        self._iterations = iterations

    def _rate(self, dtype: DType) -> Tensor:
        """Return the learning rate of a step."""
        rate = self._tensor("learning_rate", dtype)
        if not self._first_decay:
            return rate
        return rate / (1.0 + self._tensor("decay", dtype) * cast(self.iterations, dtype))

    # --- steps -----------------------------------------------------------------------------------

    def get_gradients(self, loss: Any, params: Sequence[Any]) -> list[Any]:
        """Return the gradients of a loss, clipped as asked for.

        Raises:
            ValueError: if a variable has none.
        """
        with name_scope("gradients"):
            grads = gradients(loss, list(params))
        for variable, grad in zip(params, grads, strict=True):
            if grad is None:
                raise ValueError(
                    f"Variable {variable} has `None` for gradient. Please make sure that all of "
                    "your ops have a gradient defined (i.e. are differentiable). Common ops "
                    "without gradient: K.argmax, K.round, K.eval."
                )
        return [self._clipped(each) for each in grads]

    def _clipped(self, grad: Any) -> Any:
        if self.clipnorm is not None:
            grad = clip_by_norm(grad, self.clipnorm)
        if self.clipvalue is not None:
            grad = clip_by_value(grad, -self.clipvalue, self.clipvalue)
        return grad

    def get_updates(self, loss: Any, params: Sequence[Any]) -> list[Any]:
        """Return the operations of a step along the gradients of a loss."""
        return [self.apply_gradients(zip(self.get_gradients(loss, params), params, strict=True))]

    def minimize(
        self, loss: Any, var_list: Any, grad_loss: Any = None, name: str | None = None
    ) -> Any:
        """Return the operation of a step along the gradients of a loss.

        Args:
            loss: a scalar, or a function that makes one.
            var_list: the variables, or a function that gives them.
            grad_loss: the gradient of the loss; 1 by default.
            name: of the operation.
        """
        value = loss() if callable(loss) else loss
        variables = list(var_list() if callable(var_list) else var_list)
        grads = gradients(value, variables, grad_loss)
        pairs = [(g, v) for g, v in zip(grads, variables, strict=True) if g is not None]
        return self.apply_gradients([(self._clipped(g), v) for g, v in pairs], name)

    def apply_gradients(self, grads_and_vars: Any, name: str | None = None) -> Any:
        """Return the operation of a step, which counts itself.

        Args:
            grads_and_vars: pairs of a gradient and its variable.
            name: of the operation.

        Raises:
            ValueError: if there is no gradient.
        """
        pairs = [(grad, variable) for grad, variable in grads_and_vars if grad is not None]
        if not pairs:
            raise ValueError("No gradients provided for any variable.")
        variables = [variable for _, variable in pairs]
        iterations = self.iterations
        self.begin(variables)
        with name_scope(name or self._name):
            self._step_numbers = {}
            for variable in variables:
                self._of_step(variable.dtype.base_dtype)
            state = self._prepare(variables)
            steps = [self._step(grad, variable, state) for grad, variable in pairs]
            with control_dependencies(steps):
                return group(assign_add(iterations, 1))

    def begin(self, variables: Sequence[Any]) -> None:
        """Make what steps of variables need, unless it is there."""
        self._iterations = self.iterations
        for number in self._numbers:
            self._number(number)
        self._create_slots(variables)

    def _step(self, grad: Any, variable: Any, state: ApplyState) -> Any:
        if isinstance(grad, IndexedSlices):
            apply_rows = self._resource_apply_sparse_duplicate_indices
            if "apply_state" not in inspect.signature(self._resource_apply_sparse).parameters:
                update = apply_rows(grad.values, variable, grad.indices)
            else:
                update = with_state(
                    apply_rows, grad.values, variable, grad.indices, apply_state=state
                )
        else:
            update = with_state(self._resource_apply_dense, grad, variable, apply_state=state)
        if variable.constraint is None:
            return update
        with control_dependencies([update] if update is not None else []):
            return assign(variable, variable.constraint(variable.read_value()))

    def _of_step(self, dtype: DType) -> dict[str, Any]:
        """Return the numbers of the step that is being built, in a type."""
        if dtype not in self._step_numbers:
            self._step_numbers[dtype] = self._of_type(dtype)
        return self._step_numbers[dtype]

    def _of_type(self, dtype: DType) -> dict[str, Any]:
        """Return the numbers of a step in a type, for all variables of it."""
        return {"rate": self._rate(dtype)} if "learning_rate" in self._numbers else {}

    # --- slots -----------------------------------------------------------------------------------

    def _slot_names(self) -> Sequence[str]:
        return self.SLOTS

    def _first_value(self, slot: str) -> Callable[..., Any]:
        return zeros

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        """Make the slots of variables, by `add_slot`."""
        for name in self._slot_names():
            for variable in var_list:
                self.add_slot(variable, name, self._first_value(name))

    def add_slot(self, var: Any, slot_name: str, initializer: Any = "zeros") -> Any:
        """Return a variable of another's shape, made at the first call."""
        key = id(var), slot_name
        if key not in self._slots:
            start = initializer if callable(initializer) else initializers.get(initializer)
            dtype = var.dtype.base_dtype
            sizes = var.shape.as_list()
            made = Variable(
                lambda: start(sizes, dtype=dtype),
                trainable=False,
                name=f"{self._name}/{var.op.name}/{slot_name}",
                dtype=dtype,
                use_resource=True,
            )
            track_variable(made)
            self._slots[key] = made
            self._order.append(made)
            for position in sorted(self._waiting.pop(key, ()), key=lambda each: -each.restore_uid):
                position.restore(made)
        return self._slots[key]

    def _create_or_restore_slot_variable(
        self, slot_variable_position: CheckpointPosition, slot_name: str, variable: Any
    ) -> None:
        """Restore a slot from a checkpoint of objects, at once or when it is made."""
        key = id(variable), slot_name
        if key in self._slots:
            slot_variable_position.restore(self._slots[key])
        else:
            self._waiting.setdefault(key, []).append(slot_variable_position)

    def get_slot(self, var: Any, slot_name: str) -> Any:
        """Return a slot of a variable."""
        return self._slots[id(var), slot_name]

    def get_slot_names(self) -> list[str]:
        """Return the names of the slots."""
        return list(self._slot_names())

    # --- weights and configuration ---------------------------------------------------------------

    @property
    def weights(self) -> list[Any]:
        """`iterations` and the slots; see the module's invariants."""
        return ([] if self._iterations is None else [self._iterations]) + self._order

    def variables(self) -> list[Any]:
        """Return the weights."""
        return self.weights

    def get_weights(self) -> list[Any]:
        """Return the values of the weights."""
        return batch_get_value(self.weights)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Give the weights values.

        Raises:
            ValueError: if there are more or fewer, or one has another shape.
        """
        held = self.weights
        if len(held) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on optimizer {self._name} with a  weight list "
                f"of length {len(weights)}, but the optimizer was expecting {len(held)} weights."
            )
        for variable, value in zip(held, weights, strict=True):
            if not variable.shape.is_compatible_with(np.shape(value)):
                raise ValueError(
                    f"Optimizer weight shape {variable.shape} not compatible with provided weight "
                    f"shape {np.shape(value)}"
                )
        batch_set_value(list(zip(held, weights, strict=True)))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor, the numbers as they are."""
        config: dict[str, Any] = {"name": self._name}
        for key in ("clipnorm", "clipvalue"):
            if getattr(self, key) is not None:
                config[key] = getattr(self, key)
        return config | {name: self._plain(name) for name in self.NUMBERS}

    def _plain(self, name: str) -> Any:
        held = self._numbers[name]
        if isinstance(held, LearningRateSchedule):
            return serialize(held)
        if callable(held):
            held = held()
        if isinstance(held, (Tensor, Variable)):
            return batch_get_value([held])[0].item()
        return held

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Any = None) -> Self:
        """Return the optimizer that `get_config` describes.

        Args:
            config: the arguments of the constructor.
            custom_objects: name -> class, for the schedules of the program.
        """
        given = dict(config)
        if "lr" in given:
            given["learning_rate"] = given.pop("lr")
        rate = given.get("learning_rate")
        if isinstance(rate, Mapping):
            given["learning_rate"] = deserialize(rate, custom_objects)
        return cls(**given)


def _with_scaled_loss(optimizer: Optimizer, loss_scale: Any) -> Any:
    from minitf.keras.mixed_precision.loss_scale_optimizer import LossScaleOptimizer

    return LossScaleOptimizer(optimizer, loss_scale)


register_loss_scale_wrapper(Optimizer, _with_scaled_loss)
