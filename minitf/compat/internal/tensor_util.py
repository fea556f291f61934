"""`tensorflow.python.framework.tensor_util`: tensors as messages, and what is known of them."""

from typing import Any

from minitf import lazy
from minitf.convert import convert_to_tensor
from minitf.shapes import SCALAR, shape_of_value
from minitf.static_value import rule_argument
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_NAMES = {
    "minitf.api.framework": "constant_value=get_static_value is_tensor",
    "minitf.api.tensor_util": (
        "MakeNdarray=make_ndarray make_ndarray make_tensor_proto"  # as TensorFlow spells it within
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)


def constant_value_as_shape(tensor: Any) -> TensorShape:
    """Return the shape that an integer vector names, as far as its elements are known.

    Args:
        tensor: the sizes; -1 is an unknown one, and a scalar of -1 a shape of unknown rank.

    Raises:
        ValueError: if it is another scalar.
    """
    sizes = tensor if isinstance(tensor, Tensor) else convert_to_tensor(tensor)
    if sizes.static_shape == SCALAR:
        size = rule_argument(sizes)
        if size != -1:
            found = "with unknown value" if size is None else f"value '{size}'"
            raise ValueError(
                f"Received a scalar {found} as shape; require a statically known scalar with "
                "value '-1' to describe an unknown shape."
            )
        return TensorShape(None)
    sizes.shape.assert_has_rank(1)
    return TensorShape(shape_of_value(rule_argument(sizes)))
