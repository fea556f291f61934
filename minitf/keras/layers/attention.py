"""Attention: for each query the mean of values, weighted by how well their keys fit.

    scores [N, Tq, Tv] of queries and keys -> softmax -> weights; weights values -> [N, Tq, D]

Source: TensorFlow 1.15's `tf.keras.layers.Attention`; Luong 2015 (products), Bahdanau 2014 (sums).
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal, logical_and, logical_not
from minitf.api.elementary import tanh
from minitf.api.matmul import matmul
from minitf.api.nn_losses import softmax
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import range as numbers
from minitf.api.sizes import shape
from minitf.keras.backend.config import floatx
from minitf.keras.engine.layer import Layer
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_FAR = 1e9  # what is subtracted of the scores of masked values


class DenseAttention(Layer):
    """What the kinds share: inputs [query, value], or [query, value, key]; keys are the values.

    Args:
        causal: whether a query sees no values behind its own place.
        **kwargs: see `Layer`.
    """

    def __init__(self, causal: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.causal = causal
        self.supports_masking = True

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        raise NotImplementedError

    def call(self, inputs: Any, mask: Any = None) -> Tensor:
        """Return the outputs.

        Args:
            inputs: [N, Tq, D], [N, Tv, D] and, if there are keys, [N, Tv, D].
            mask: of queries and of values, None for one that there is not.

        Raises:
            ValueError: if there are fewer or more.
        """
        self._check(inputs, mask)
        query, value = inputs[0], inputs[1]
        of_query, of_value = (None, None) if mask is None else (mask[0], mask[1])
        scores = self._scores(query, inputs[2] if len(inputs) > 2 else value)
        seen = None if of_value is None else array.expand_dims(of_value, -2)
        if self.causal:
            before = _not_behind(shape(scores))
            seen = before if seen is None else logical_and(seen, before)
        if seen is not None:
            scores -= _FAR * cast(logical_not(seen), floatx())
        made = matmul(softmax(scores), value)
        if of_query is not None:
            made *= cast(array.expand_dims(of_query, -1), made.dtype)
        return made

    def _check(self, inputs: Any, mask: Any) -> None:
        kind = type(self).__name__
        if not isinstance(inputs, (list, tuple)):
            raise ValueError(
                f"{kind} layer must be called on a list of inputs, namely [query, value] or "
                "[query, value, key]."
            )
        if not 2 <= len(inputs) <= 3:
            raise ValueError(
                f"{kind} layer accepts inputs list of length 2 or 3, namely [query, value] or "
                f"[query, value, key]. Given length: {len(inputs)}"
            )
        if mask is not None and len(mask) < 2:
            raise ValueError(f"{kind} layer mask must be a list of length 2 or more.")

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs: that of the queries."""
        return None if mask is None else mask[0]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: a row of values for each query."""
        query, value = (TensorShape(each).as_list() for each in input_shape[:2])
        return TensorShape([*query[:-1], value[-1]])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "causal": self.causal}


def _not_behind(sizes: Tensor) -> Tensor:
    """Return bool[1, Tq, Tv]: whether a value's place is not behind that of the query."""
    rows = array.reshape(numbers(sizes[-2]), [1, -1, 1])
    columns = array.reshape(numbers(sizes[-1]), [1, 1, -1])
    return greater_equal(rows, columns)


class Attention(DenseAttention):
    """Attention whose scores are the products of queries and keys.

    Args:
        use_scale: whether a number, which is learned, scales the scores.
        **kwargs: `causal`, whether a query sees no values behind its own place; see `Layer`.
    """

    scale: Any = None

    def __init__(self, use_scale: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape: Any) -> None:
        """Make the scale."""
        if self.use_scale:
            self.scale = self.add_weight("scale", (), initializer="ones")
        self.built = True

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        scores = matmul(query, key, transpose_b=True)
        return scores if self.scale is None else scores * self.scale

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "use_scale": self.use_scale}


class AdditiveAttention(DenseAttention):
    """Attention whose scores are sum(scale tanh(query + key)).

    Args:
        use_scale: whether there is a scale, which is learned, for each feature.
        **kwargs: `causal`, whether a query sees no values behind its own place; see `Layer`.
    """

    scale: Any = None

    def __init__(self, use_scale: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape: Any) -> None:
        """Make the scales."""
        if self.use_scale:
            depth = TensorShape(input_shape[1]).as_list()[-1]
            self.scale = self.add_weight("scale", [depth], initializer="glorot_uniform")
        self.built = True

    def _scores(self, query: Tensor, key: Tensor) -> Tensor:
        sums = tanh(array.expand_dims(query, -2) + array.expand_dims(key, -3))
        return reduce_sum(sums if self.scale is None else self.scale * sums, -1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "use_scale": self.use_scale}
