"""What a program's own optimizer may override and call, under TensorFlow's names.

    class Signed(tf.keras.optimizers.Optimizer):
        def __init__(self, rate, name="Signed", **kwargs):
            super().__init__(name, **kwargs)
            self._set_hyper("rate", rate)
        def _resource_apply_dense(self, grad, var):
            return var.assign_sub(self._get_hyper("rate", var.dtype) * tf.sign(grad))
        def get_config(self):
            return {**super().get_config(), "rate": self._serialize_hyperparameter("rate")}

**State**: the numbers of the step that is being built, in each type of variables.

Source: TensorFlow 1.15's `tf.keras.optimizers.Optimizer`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from minitf.api.control import identity
from minitf.composite import IndexedSlices
from minitf.dtypes import DType, as_dtype
from minitf.keras.optimizers.parts import scatter_update, scattered, summed
from minitf.keras.optimizers.schedules import LearningRateSchedule
from minitf.trackable.base import Trackable

ApplyState = dict[tuple[str, DType], dict[str, Any]]


class Hooks(Trackable):
    """The part of an optimizer that subclasses know."""

    _numbers: dict[str, Any]
    _first_decay: Any
    _use_locking = True

    # --- numbers ---------------------------------------------------------------------------------

    def _set_hyper(self, name: str, value: Any) -> None:
        """Set a number of the optimizer, which is its attribute of that name.

        Args:
            name: its name.
            value: a number, a Tensor, a schedule, or a function that gives one.
        """
        if name in self._numbers:
            setattr(self, name, value)
        else:
            self._numbers[name] = value

    def _get_hyper(self, name: str, dtype: Any = None) -> Any:
        """Return a number as a variable or tensor, of a type if one is given; a schedule as it is.

        Raises:
            KeyError: if there is none of that name.
        """
        if isinstance(self._numbers[name], LearningRateSchedule):
            return self._numbers[name]
        if dtype is not None:
            return self._tensor(name, as_dtype(dtype).base_dtype)
        return self._call_if_callable(self._number(name))

    def _serialize_hyperparameter(self, hyperparameter_name: str) -> Any:
        """Return a number as a configuration holds it."""
        return self._plain(hyperparameter_name)

    @property
    def _hyper(self) -> dict[str, Any]:
        return self._numbers

    @property
    def _initial_decay(self) -> Any:
        return self._first_decay

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) and not isinstance(param, Trackable) else param

    def _decayed_lr(self, var_dtype: Any) -> Any:
        """Return the learning rate of the step, in a type."""
        return self._rate(as_dtype(var_dtype).base_dtype)

    # --- a step ----------------------------------------------------------------------------------

    def _prepare(self, var_list: Iterable[Any]) -> ApplyState:
        """Compute what the updates of variables share.

        Returns:
            By device and type of variables, tensors by name.
        """
        state: ApplyState = {}
        for variable in var_list:
            key = variable.device, variable.dtype.base_dtype
            if key not in state:
                state[key] = {}
                self._prepare_local(*key, state)
        return state

    def _prepare_local(self, var_device: str, var_dtype: DType, apply_state: ApplyState) -> None:
        """Compute what the updates of variables of one device and type share."""
        if "learning_rate" in self._numbers:
            rate = identity(self._decayed_lr(var_dtype))
            apply_state[var_device, var_dtype]["lr_t"] = rate

    def _fallback_apply_state(self, var_device: str, var_dtype: DType) -> dict[str, Any]:
        """Compute it for an update outside of `apply_gradients`."""
        state: ApplyState = {(var_device, var_dtype): {}}
        self._prepare_local(var_device, var_dtype, state)
        return state[var_device, var_dtype]

    def _resource_apply_dense(self, grad: Any, handle: Any, apply_state: Any = None) -> Any:
        """Return the operation that moves a variable along a gradient."""
        return self._apply(grad, handle, self._of_step(handle.dtype.base_dtype))

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Any, handle: Any, indices: Any, **kwargs: Any
    ) -> Any:
        """Return the operation that moves some rows of a variable, which may be named twice."""
        rows, places = summed(IndexedSlices(grad, indices))
        return self._resource_apply_sparse(rows, handle, places, **kwargs)

    def _resource_apply_sparse(
        self, grad: Any, handle: Any, indices: Any, apply_state: Any = None
    ) -> Any:
        """Return the operation that moves some rows of a variable, each once."""
        return self._apply_rows(grad, indices, handle, self._of_step(handle.dtype.base_dtype))

    def _resource_scatter_add(self, x: Any, i: Any, v: Any) -> Any:
        """Return a variable after values were added to its rows."""
        return self._after(scattered(x, i, v), x)

    def _resource_scatter_update(self, x: Any, i: Any, v: Any) -> Any:
        """Return a variable after its rows were replaced."""
        return self._after(scatter_update(x, i, v), x)

    def _after(self, update: Any, variable: Any) -> Any:
        from minitf.api.framework import control_dependencies

        with control_dependencies([update]):
            return variable.read_value()

    # --- what an optimizer of Keras supplies -----------------------------------------------------

    def _number(self, name: str) -> Any:
        raise NotImplementedError

    def _tensor(self, name: str, dtype: DType) -> Any:
        raise NotImplementedError

    def _plain(self, name: str) -> Any:
        raise NotImplementedError

    def _rate(self, dtype: DType) -> Any:
        raise NotImplementedError

    def _of_step(self, dtype: DType) -> dict[str, Any]:
        raise NotImplementedError

    def _apply(self, grad: Any, variable: Any, state: dict[str, Any]) -> Any:
        raise NotImplementedError("Must be implemented in subclasses.")

    def _apply_rows(self, rows: Any, places: Any, variable: Any, state: dict[str, Any]) -> Any:
        raise NotImplementedError("Must be implemented in subclasses.")


def with_state(method: Callable[..., Any], *args: Any, apply_state: ApplyState) -> Any:
    """Call a hook, with the shared state if it takes that."""
    parameters = inspect.signature(method).parameters
    takes = "apply_state" in parameters or any(
        each.kind is each.VAR_KEYWORD for each in parameters.values()
    )
    return method(*args, apply_state=apply_state) if takes else method(*args)
