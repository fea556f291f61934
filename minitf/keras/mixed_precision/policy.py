"""Policy: the type of a layer's variables, and the type in which it computes.

    set_policy("mixed_float16")        layers compute in float16, their variables are of float32
    Dense(3, dtype=Policy("float64"))  this one does both in float64

On a CPU half precision is slower than float32; results are those of half precision all the same.

Source: Micikevicius 2018; TensorFlow 1.15's `tf.keras.mixed_precision.experimental`.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.api.framework import get_default_graph
from minitf.dtypes import as_dtype
from minitf.train import loss_scale as loss_scales

_LOG = logging.getLogger("tensorflow")
_BEHIND = "_with_float32_vars"
_AUTO = "auto"


class Policy:
    """The types of a layer, and how its model scales the loss.

    Args:
        name: a type, for both; "mixed_float16" or "mixed_bfloat16", to compute in that and have
            variables of float32, and so any type with "_with_float32_vars" behind it; "infer", to
            take the type of the layer's first inputs, alone or with "_with_float32_vars".
        loss_scale: a LossScale, a number, "dynamic" or None; by default "dynamic" for
            "mixed_float16", else None.

    Raises:
        TypeError: if the name is none.
        ValueError: if it tells no types.

    Source: TensorFlow 1.15.
    """

    def __init__(self, name: Any, loss_scale: Any = _AUTO) -> None:
        if not isinstance(name, str):
            raise TypeError(f"'name' must be a string, but got: {name!r}")
        self._name = name
        self._compute_dtype, self._variable_dtype = _types(name)
        if loss_scale == _AUTO:
            is_half = self._compute_dtype == "float16" and self._variable_dtype == "float32"
            loss_scale = "dynamic" if is_half else None
        if loss_scale and self._compute_dtype not in (None, "float16"):
            _LOG.warning(
                "Creating a Policy with a loss scale is only useful for float16 policies. You "
                "passed loss_scale=%r for policy %s. Consider not passing any loss_scale instead.",
                loss_scale,
                name,
            )
        self._given_scale = loss_scale
        self._made: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def compute_dtype(self) -> str | None:
        """The name of the type to compute in; None for that of the inputs."""
        return self._compute_dtype

    @property
    def variable_dtype(self) -> str | None:
        """The name of the type of variables; None for that of the inputs."""
        return self._variable_dtype

    @property
    def should_cast_variables(self) -> bool:
        """Whether variables are cast where a layer uses them."""
        return self._variable_dtype is not None and self._compute_dtype != self._variable_dtype

    @property
    def loss_scale(self) -> Any:
        """The LossScale of models, or None; one for each graph, unless the program made it."""
        graph = get_default_graph()
        if graph not in self._made:
            self._made[graph] = loss_scales.get(self._given_scale)
        return self._made[graph]

    def __repr__(self) -> str:
        return f'<Policy "{self._name}", loss_scale={self.loss_scale}>'

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        held = self.loss_scale
        scale = held and {"class_name": type(held).__name__, "config": held.get_config()}
        return {"name": self._name, "loss_scale": scale}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Policy:
        """Return the policy that `get_config` describes."""
        return cls(**config)


def _types(name: str) -> tuple[str | None, str | None]:
    """Return the types to compute in and of variables that a name tells."""
    if name in ("mixed_float16", "mixed_bfloat16"):
        return name.removeprefix("mixed_"), "float32"
    stem = name.removesuffix(_BEHIND)
    of_variables = "float32" if stem != name else None
    if stem == "infer":
        return None, of_variables
    try:
        dtype = as_dtype(stem).name
    except TypeError:
        raise ValueError(
            f"Cannot convert value {name!r} to a mixed precision Policy. Valid policies include "
            "those with names of types, 'mixed_float16', 'mixed_bfloat16' and 'infer'."
        ) from None
    return dtype, of_variables or dtype


class _Global:
    """The policy of layers that were given none."""

    policy: Any = None


def global_policy() -> Policy:
    """Return the policy of layers that are given none: "infer" at first."""
    if _Global.policy is None:
        _Global.policy = Policy("infer")
    found: Policy = _Global.policy
    return found


def set_policy(policy: Any) -> None:
    """Set the policy of layers that are given none.

    Args:
        policy: a Policy or its name; None for "infer".

    Raises:
        ValueError: if `enable_mixed_precision_graph_rewrite` is on.
    """
    from minitf.train.mixed_precision import Switch

    made = policy_of(policy)
    if Switch.is_on and made is not None and made.should_cast_variables:
        raise ValueError(
            "The global dtype policy cannot be set to a mixed one, because the mixed precision "
            "graph rewrite has already been enabled. At most, one of the following can be called:"
            "\n\n  1. tf.train.experimental.enable_mixed_precision_graph_rewrite()\n"
            "  2. tf.keras.mixed_precision.experimental.set_policy() with a mixed policy"
        )
    _Global.policy = made


@contextmanager
def policy_scope(policy: Any) -> Iterator[None]:
    """Set the policy of layers that are made in the block.

    Args:
        policy: a Policy or its name.
    """
    before = _Global.policy
    try:
        set_policy(policy)
        yield
    finally:
        _Global.policy = before


def policy_of(given: Any) -> Policy | None:
    """Return a policy by itself, its name, its configuration or a type; None for None."""
    if given is None or isinstance(given, Policy):
        return given
    if isinstance(given, dict):
        return Policy.from_config(given["config"])
    if isinstance(given, str) and (given.startswith(("mixed_", "infer")) or _BEHIND in given):
        return Policy(given)
    return Policy(as_dtype(given).name)
