"""What a served model receives: the tensors that are fed, and the features made of them.

    receive = tf.estimator.export.build_parsing_serving_input_receiver_fn(feature_spec)
    receiver = receive()                # called while the graph to be served is built
    receiver.receiver_tensors           # {"examples": a placeholder of serialized Examples}
    receiver.features                   # what the model function gets

Source: TensorFlow 1.15's `tf.estimator.export`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

from minitf.api.constants import placeholder
from minitf.api.parsing import parse_example
from minitf.composite import SparseTensor
from minitf.dtypes import string
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

SINGLE_RECEIVER = "input"
_SINGLE_FEATURE = "feature"
_EXAMPLES = "examples"


class _Fields(NamedTuple):
    features: Any
    receiver_tensors: dict[str, Tensor]
    receiver_tensors_alternatives: dict[str, dict[str, Tensor]] | None


class ServingInputReceiver(_Fields):
    """What is fed to a served model, and the features made of it.

    Args:
        features: tensor by name; a single one is called "feature".
        receiver_tensors: the tensors to feed, by name; a single one is called "input".
        receiver_tensors_alternatives: name -> other tensors that may be fed in their place.

    Raises:
        ValueError: if something is no tensor, or a name no string.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> Self:
        """Check what is given, and name what has no name."""
        return super().__new__(
            cls,
            _named("features", features, _SINGLE_FEATURE, (Tensor, SparseTensor)),
            _named("receiver_tensors", receiver_tensors, SINGLE_RECEIVER, (Tensor,)),
            _alternatives(receiver_tensors_alternatives),
        )


class TensorServingInputReceiver(_Fields):
    """What is fed to a served model whose features are one tensor.

    Args:
        features: the tensor.
        receiver_tensors: as of ServingInputReceiver, likewise the rest.
        receiver_tensors_alternatives: see there.

    Raises:
        ValueError: if something is no tensor, or a name no string.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> Self:
        """Check what is given, and name what has no name."""
        if features is None:
            raise ValueError("features must be defined.")
        if not isinstance(features, (Tensor, SparseTensor)):
            raise ValueError(f"feature must be a Tensor or SparseTensor: {features}")
        return super().__new__(
            cls,
            features,
            _named("receiver_tensors", receiver_tensors, SINGLE_RECEIVER, (Tensor,)),
            _alternatives(receiver_tensors_alternatives),
        )


def _named(what: str, tensors: Any, single: str, kinds: tuple[type, ...]) -> dict[str, Any]:
    """Return tensors by name."""
    if tensors is None:
        raise ValueError(f"{what} must be defined.")
    named = dict(tensors) if isinstance(tensors, Mapping) else {single: tensors}
    for name, tensor in named.items():
        if not isinstance(name, str):
            raise ValueError(f"{what} keys must be strings: {name}.")
        if not isinstance(tensor, kinds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            raise ValueError(f"{what} {name} must be a {wanted}: {tensor}")
    return named


def _alternatives(given: Any) -> dict[str, dict[str, Tensor]] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise ValueError(f"receiver_tensors_alternatives must be a dict: {given}.")
    return {
        name: _named(f"receiver_tensors_alternatives {name}", tensors, SINGLE_RECEIVER, (Tensor,))
        for name, tensors in given.items()
    }


# --- functions that make them ---------------------------------------------------------------------


def build_parsing_serving_input_receiver_fn(
    feature_spec: Mapping[str, Any], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Return a function that makes a receiver of serialized Examples.

    Args:
        feature_spec: what is parsed, as of `tf.parse_example`.
        default_batch_size: how many are fed at once; any number if None.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        examples = placeholder(string, [default_batch_size], name="input_example_tensor")
        features = parse_example(examples, feature_spec)
        return ServingInputReceiver(features, {_EXAMPLES: examples})

    return serving_input_receiver_fn


def build_raw_serving_input_receiver_fn(
    features: Mapping[str, Tensor], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Return a function that makes a receiver of the features themselves.

    Args:
        features: tensor by name: of their types, names, and shapes but for the first size.
        default_batch_size: the first size; any if None.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        fed = {
            name: placeholder(
                tensor.dtype, _batched(tensor.shape, default_batch_size), name=tensor.op.name
            )
            for name, tensor in features.items()
        }
        return ServingInputReceiver(fed, fed)

    return serving_input_receiver_fn


def _batched(shape: TensorShape, batch_size: int | None) -> list[int | None]:
    return [batch_size, *shape.as_list()[1:]]
