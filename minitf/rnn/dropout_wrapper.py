"""DropoutWrapper: a cell some of whose inputs, outputs and states are set to zero at random.

Source: Zaremba 2014; Gal 2016 (one choice for all steps); TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from minitf import nest
from minitf.api.elementary import floor
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.math import divide
from minitf.api.nn_layers import dropout
from minitf.api.random import random_uniform
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.rnn.wrappers import CellWrapper
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape

Visitor = Callable[[Any], Any]


class DropoutWrapper(CellWrapper):
    """A cell with dropout; what is kept is scaled so that the expected sums stay the same.

    Args:
        cell: the cell.
        input_keep_prob: the probability that an input is kept: a number, or a scalar tensor.
        output_keep_prob: likewise an output.
        state_keep_prob: likewise what one step hands to the next.
        variational_recurrent: whether one choice holds for all steps, and for the whole batch.
        input_size: the shape of the inputs without the batch, or a structure of these: where one
            choice holds for all steps and inputs are dropped.
        dtype: the type of all tensors, where one choice holds for all steps.
        seed: of the random numbers.
        dropout_state_filter_visitor: function of a part of the state: whether to drop in it, or a
            structure of answers for its parts.  By default the memory `c` of an LSTMStateTuple
            and TensorArrays are left alone.
        **kwargs: of a layer: `trainable`, `name`.

    Raises:
        TypeError: if `cell` is none, or the visitor cannot be called.
        ValueError: if a probability is none, or what one choice for all steps needs is missing.

    Source: TensorFlow 1.15.
    """

    DESCRIBED = (
        "input_keep_prob output_keep_prob state_keep_prob variational_recurrent input_size seed"
    )

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Visitor | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        visitor = dropout_state_filter_visitor
        if visitor is not None and not callable(visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._visitor = visitor or _spares_memory
        with name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability(input_keep_prob, "input_keep_prob")
            self._state_keep_prob = _probability(state_keep_prob, "state_keep_prob")
            self._output_keep_prob = _probability(output_keep_prob, "output_keep_prob")
        self._seed = seed
        self._variational_recurrent = variational_recurrent
        self._input_size = input_size
        self._noise = self._no_dependency({})  # of an input, a state, an output: Tensors
        if variational_recurrent:
            if dtype is None:
                raise ValueError("When variational_recurrent=True, dtype must be provided")
            if _drops(self._input_keep_prob):
                if input_size is None:
                    raise ValueError(
                        "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                        "input_size must be provided"
                    )
                self._noise["input"] = self._drawn("input", input_size, dtype)
            self._noise["state"] = self._drawn("state", cell.state_size, dtype)
            self._noise["output"] = self._drawn("output", cell.output_size, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor.

        Raises:
            ValueError: if there is a visitor: a function can not be written down.
        """
        if self._visitor is not _spares_memory:
            raise ValueError(f"Cannot serialize the dropout_state_filter_visitor of {self.name}")
        return super().get_config()

    def _drawn(self, what: str, sizes: Any, dtype: Any) -> list[Tensor]:
        """Return uniform numbers, one for each element but alike for the whole batch."""
        return [
            random_uniform(
                [1, *TensorShape(size).as_list()], seed=self._seed_of(what, i), dtype=dtype
            )
            for i, size in enumerate(nest.flatten(sizes))
        ]

    def _seed_of(self, what: str, index: int) -> int | None:
        if self._seed is None:
            return None
        text = f"{self._seed}{what}_{index}".encode()
        return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self.cell

    def build(self, _: Any) -> None:
        """Make the variables of the cell inside."""
        self.cell.build(_)
        self.built = True

    def _wrapped(self, inputs: Any, state: Any, step: Callable[[Any, Any], Any]) -> Any:
        if _drops(self._input_keep_prob):
            inputs = self._dropped("input", inputs, self._input_keep_prob)
        outputs, new_state = step(inputs, state)
        if _drops(self._state_keep_prob):
            new_state = self._dropped("state", new_state, self._state_keep_prob, self._visitor)
        if _drops(self._output_keep_prob):
            outputs = self._dropped("output", outputs, self._output_keep_prob)
        return outputs, new_state

    def _dropped(
        self, what: str, values: Any, keep_prob: Any, visitor: Visitor = lambda _: True
    ) -> Any:
        """Return a structure with dropout in the parts that a visitor wants."""
        results: list[Any] = []
        noise = self._noise.get(what)
        for i, (wanted, leaves) in enumerate(_parts(visitor, values)):
            for leaf in leaves:
                if not wanted:
                    results.append(leaf)
                elif noise is None:
                    seed = self._seed_of(what, i)
                    results.append(dropout(leaf, rate=1.0 - keep_prob, seed=seed))
                else:
                    kept = floor(keep_prob + noise[len(results)])
                    results.append(divide(leaf, keep_prob) * kept)
                    results[-1].set_shape(leaf.shape)
        return nest.pack_sequence_as(values, results)


def _spares_memory(part: Any) -> Any:
    if isinstance(part, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(part, TensorArray)


def _parts(visitor: Visitor, values: Any) -> list[tuple[bool, list[Any]]]:
    """Return the leaves in groups: whether the visitor wants a group, and its leaves.

    A leaf that it wants is a group of its own; what it does not look into is one.
    """
    wanted = visitor(values)
    if not nest.is_nested(values) or wanted is False:
        return [(bool(wanted), nest.flatten(values))]
    inside = [values[k] for k in sorted(values)] if isinstance(values, Mapping) else list(values)
    answers = [True] * len(inside) if isinstance(wanted, bool) else nest.flatten(wanted)
    return [
        group
        for answer, part in zip(answers, inside, strict=True)
        for group in (_parts(visitor, part) if answer else [(False, nest.flatten(part))])
    ]


def _probability(value: Any, name: str) -> Any:
    """Return a probability as a number if it is known, else as a tensor."""
    tensor = convert_to_tensor(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {known}")
    return float(known)


def _drops(keep_prob: Any) -> bool:
    return not isinstance(keep_prob, float) or keep_prob < 1
