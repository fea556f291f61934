"""What branches give and loops carry: nested values as flat tensors, and back.

A leaf is a Tensor, a composite value (a SparseTensor, IndexedSlices, a RaggedTensor), which is
taken apart, or a TensorArray, which travels as its flow.

Source: TensorFlow 1.15's cond and while_loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.type_spec import CompositeTensor


def as_leaf(value: Any) -> Any:
    """Return a leaf as something that can be taken apart into tensors."""
    is_whole = isinstance(value, (CompositeTensor, TensorArray))
    return value if is_whole else convert_to_tensor(value)


def leaves(structure: Any) -> list[Any]:
    """Return the leaves of a structure, composite ones taken apart, TensorArrays whole."""
    return nest.flatten(structure, expand_composites=True)


def tensors(structure: Any) -> list[Tensor]:
    """Return the tensors that a structure of leaves travels as."""
    return [flow(each) for each in leaves(structure)]


def flow(leaf: Any) -> Any:
    """Return a TensorArray's flow, anything else as it is."""
    return leaf.flow if isinstance(leaf, TensorArray) else leaf


def packed(structure: Any, flat: Sequence[Tensor]) -> Any:
    """Return a structure with other tensors: what a branch or loop gives in its place."""
    parts = [
        leaf.with_flow(tensor) if isinstance(leaf, TensorArray) else tensor
        for leaf, tensor in zip(leaves(structure), flat, strict=True)
    ]
    return nest.pack_sequence_as(structure, parts, expand_composites=True)
