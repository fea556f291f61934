"""Adam and its kin: Adamax, which takes the greatest gradient, and Nadam, a step ahead.

Source: TensorFlow 1.15's `tf.keras.optimizers`; the papers named at each.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.control import group
from minitf.api.elementary import sqrt, square
from minitf.api.gathering import gather
from minitf.api.math import abs as absolute
from minitf.api.math import maximum, pow
from minitf.api.state import assign, assign_sub
from minitf.dtypes import DType, as_dtype
from minitf.keras.backend.config import epsilon as default_epsilon
from minitf.keras.backend.config import floatx
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.parts import decayed, scatter_update, scattered
from minitf.tensor import Tensor

State = dict[str, Any]


class Adam(Optimizer):
    """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; var -= rate_t m / (sqrt(v) + epsilon).

    rate_t = rate sqrt(1 - b2^t) / (1 - b1^t).  With gradients of some rows, all of `m` and `v`
    decay.

    Args:
        learning_rate: see `SGD`.
        beta_1: how much of `m` remains.
        beta_2: how much of `v` remains.
        epsilon: keeps the divisor from 0.
        amsgrad: whether the greatest `v` so far takes the place of `v`.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Source: Kingma and Ba 2015; Reddi, Kale and Kumar 2018.
    """

    NUMBERS = ("learning_rate", "decay", "beta_1", "beta_2")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: Any = 0.9,
        beta_2: Any = 0.999,
        epsilon: float | None = 1e-7,
        amsgrad: bool = False,
        name: str = "Adam",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        rate = kwargs.get("lr", learning_rate)
        self._numbers |= {"learning_rate": rate, "beta_1": beta_1, "beta_2": beta_2}
        self.epsilon = epsilon or default_epsilon()
        self.amsgrad = amsgrad

    def _slot_names(self) -> tuple[str, ...]:
        return ("m", "v", "vhat") if self.amsgrad else ("m", "v")

    def _of_type(self, dtype: DType) -> State:
        state = super()._of_type(dtype)
        step = cast(self.iterations + 1, dtype)
        state |= {name: self._tensor(name, dtype) for name in ("beta_1", "beta_2")}
        state |= {f"{name}_power": pow(state[name], step) for name in ("beta_1", "beta_2")}
        state["scaled"] = (
            state["rate"] * sqrt(1 - state["beta_2_power"]) / (1 - state["beta_1_power"])
        )
        return state

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        beta_1, beta_2 = state["beta_1"], state["beta_2"]
        if not self.amsgrad:
            return ops.resource_apply_adam_op(
                variable.handle,
                m.handle,
                v.handle,
                state["beta_1_power"],
                state["beta_2_power"],
                state["rate"],
                beta_1,
                beta_2,
                cast(self.epsilon, grad.dtype),
                grad,
            )
        mean = assign(m, beta_1 * m + (1 - beta_1) * grad)
        squares = assign(v, beta_2 * v + (1 - beta_2) * square(grad))
        return self._moved(variable, mean, squares, state)

    def _moved(self, variable: Any, mean: Any, squares: Any, state: State) -> Any:
        if self.amsgrad:
            held = self.get_slot(variable, "vhat")
            squares = assign(held, maximum(held, squares))
        return assign_sub(variable, state["scaled"] * mean / (sqrt(squares) + self.epsilon))

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        beta_1, beta_2 = state["beta_1"], state["beta_2"]
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        mean = decayed(m, beta_1, places, rows * (1 - beta_1))
        squares = decayed(v, beta_2, places, square(rows) * (1 - beta_2))
        return self._moved(variable, mean, squares, state)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "epsilon": self.epsilon, "amsgrad": self.amsgrad}


class Adamax(Adam):
    """m as Adam's; v = max(b2 v, |g|); var -= rate / (1 - b1^t) m / (v + epsilon).

    With gradients of some rows, `v` changes in these rows only.

    Args:
        learning_rate: see `SGD`.
        beta_1: how much of `m` remains.
        beta_2: how much of `v` remains.
        epsilon: keeps the divisor from 0.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`.

    Source: Kingma and Ba 2015, section 7.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: Any = 0.9,
        beta_2: Any = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Adamax",
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad=False, name=name, **kwargs)

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        mean = assign(m, state["beta_1"] * m + (1 - state["beta_1"]) * grad)
        greatest = assign(v, maximum(state["beta_2"] * v, absolute(grad)))
        rate = state["rate"] / (1 - state["beta_1_power"])
        return assign_sub(variable, rate * mean / (greatest + self.epsilon))

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        of_rows = gather(m.read_value(), places), gather(v.read_value(), places)
        mean = of_rows[0] * state["beta_1"] + rows * (1 - state["beta_1"])
        greatest = maximum(of_rows[1] * state["beta_2"], absolute(rows))
        step = state["rate"] / (1 - state["beta_1_power"]) * mean / (greatest + self.epsilon)
        return group(
            scatter_update(m, places, mean),
            scatter_update(v, places, greatest),
            scattered(variable, places, -step),
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()
        del config["amsgrad"]
        return config


class Nadam(Adam):
    """Adam with Nesterov's momentum, whose share grows over the steps.

    mu_t = b1 (1 - 0.96^(decay t) / 2); the step is along (1 - mu_t) g' + mu_{t+1} m', with g' and
    m' scaled by the products of all mu so far.

    Args:
        learning_rate: see `SGD`.
        beta_1: how much of `m` remains.
        beta_2: how much of `v` remains.
        epsilon: keeps the divisor from 0.
        name: of the operations and variables that it adds.
        **kwargs: see `Optimizer`; `schedule_decay`, 0.004 by default, is the decay of mu.

    Source: Dozat 2016.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: Any = 0.9,
        beta_2: Any = 0.999,
        epsilon: float | None = 1e-7,
        name: str = "Nadam",
        **kwargs: Any,
    ) -> None:
        kwargs["decay"] = kwargs.pop("schedule_decay", kwargs.get("decay") or 0.004)
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad=False, name=name, **kwargs)
        self._product: Any = None

    def _create_slots(self, var_list: Any) -> None:
        if self._product is None:
            self._product = self._variable("momentum_cache", 1.0, as_dtype(floatx()))
            self._track_trackable(self._product, "momentum_cache")
            self._order.append(self._product)
        super()._create_slots(var_list)

    def _rate(self, dtype: DType) -> Tensor:
        return self._tensor("learning_rate", dtype)

    def _of_type(self, dtype: DType) -> State:
        state = super()._of_type(dtype)
        first, second = (cast(self.iterations + k, dtype) for k in (1, 2))
        mu, mu_next = (
            state["beta_1"] * (1.0 - 0.5 * pow(cast(0.96, dtype), self._first_decay * step))
            for step in (first, second)
        )
        product = assign(self._product, self._product.read_value() * cast(mu, self._product.dtype))
        product = cast(product, dtype)
        return state | {"mu": mu, "mu_next": mu_next, "product": product}

    def _apply(self, grad: Tensor, variable: Any, state: State) -> Any:
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        mean = assign(m, state["beta_1"] * m + (1 - state["beta_1"]) * grad)
        squares = assign(v, state["beta_2"] * v + (1 - state["beta_2"]) * square(grad))
        return assign_sub(variable, self._nesterov(grad, mean, squares, state))

    def _nesterov(self, grad: Tensor, mean: Any, squares: Any, state: State) -> Tensor:
        mu, mu_next, product = state["mu"], state["mu_next"], state["product"]
        ahead = (1 - mu) * grad / (1 - product) + mu_next * mean / (1 - product * mu_next)
        spread = squares / (1 - state["beta_2_power"])
        return state["rate"] * ahead / (sqrt(spread) + self.epsilon)

    def _apply_rows(self, rows: Tensor, places: Tensor, variable: Any, state: State) -> Any:
        beta_1, beta_2 = state["beta_1"], state["beta_2"]
        m, v = self.get_slot(variable, "m"), self.get_slot(variable, "v")
        mean = decayed(m, beta_1, places, rows * (1 - beta_1))
        squares = decayed(v, beta_2, places, square(rows) * (1 - beta_2))
        mean, squares = gather(mean, places), gather(squares, places)
        return scattered(variable, places, -self._nesterov(rows, mean, squares, state))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = super().get_config()
        del config["amsgrad"]
        return config
