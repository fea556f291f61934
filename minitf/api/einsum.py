"""Einstein's summation: sums of products of tensors whose axes have letters.

`einsum("ijk,kl->il", x, y)`: an axis letter that the result lacks is summed over.  The product of
the first two tensors is a matrix product of the axes kept, `i j` and `l`, over the summed `k`, in
batches of the letters that both have and the result keeps; the next tensor joins that product.

Source: TensorFlow 1.15's tf.einsum.
"""

from __future__ import annotations

import math
import re
import string
import warnings
from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, reshape, transpose
from minitf.api.framework import name_scope
from minitf.api.math import multiply
from minitf.api.matmul import matmul
from minitf.api.norms import trace
from minitf.api.reductions import reduce_sum
from minitf.convert import convert_to_tensor
from minitf.shapes import known
from minitf.tensor import Tensor


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """Sum products of tensors over the axes whose letters the result lacks.

    Args:
        equation: letters of each input's axes, and of the result's after `->`; without it, the
            letters that occur once, in alphabetical order.  `...` stands for any further axes.
        inputs: the tensors.
        kwargs: `name`, of the scope of the operations.

    Raises:
        TypeError: if there are other keyword arguments.
        ValueError: if the equation is malformed, does not fit the inputs, or repeats a letter
            within one input ("ii" alone is the trace).

    Source: Einstein 1916; TensorFlow 1.15's tf.einsum.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError("invalid keyword arguments for this function: " + ", ".join(sorted(kwargs)))
    with name_scope(name, "einsum", inputs):
        tensors = [convert_to_tensor(x) for x in inputs]
        letters, wanted = _resolved(equation, tensors)
        for own in letters:
            repeated = next((letter for letter in own if own.count(letter) > 1), None)
            if repeated and len(letters) == 1 and own == own[::-1] and "->" not in equation:
                return trace(tensors[0])
            if repeated:
                raise ValueError(f"Subscript not supported: an axis appears more than once: {own}")
        for letter in set("".join(letters)) - set(wanted):
            if sum(letter in own for own in letters) > 2:
                warnings.warn(
                    "Falling back to exponential-space implementation of einsum() because index "
                    f"{letter!r} is summed over more than two inputs.",
                    stacklevel=2,
                )
                return _by_broadcasting(letters, wanted, tensors)
        made, own = tensors[0], letters[0]
        for other, others in zip(tensors[1:], letters[1:], strict=True):
            made, own = _joined(made, own, other, others, wanted)
        rest = [axis for axis, letter in enumerate(own) if letter not in wanted]
        if rest:
            made = reduce_sum(made, axis=rest)
            own = "".join(letter for letter in own if letter in wanted)
        if sorted(own) != sorted(wanted):
            raise ValueError(
                f"Invalid equation: {equation} (computed and specified output labels do not match: "
                f"{own} vs {wanted})"
            )
        return _ordered(made, own, wanted)


# --- the equation --------------------------------------------------------------------------------


def _resolved(equation: str, tensors: Sequence[Tensor]) -> tuple[list[str], str]:
    """Return the letters of each input's axes and of the result's, ellipses replaced."""
    match = re.match(r"^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation.replace(" ", ""))
    if not match:
        raise ValueError(f"Indices have incorrect format: {equation}")
    letters = match[1].split(",")
    if len(tensors) != len(letters):
        raise ValueError(
            f'Got {len(tensors)} arguments for equation "{equation}", expecting {len(letters)}'
        )
    unused = "".join(c for c in string.ascii_letters if c not in match[1])
    pairs = [_spelled(own, x, unused) for own, x in zip(letters, tensors, strict=True)]
    letters = [own for own, _ in pairs]
    further = max((more for _, more in pairs), key=len)
    if match[2] is None:
        every = "".join(letters)
        once = (c for c in set(every) - set(further) if every.count(c) == 1)
        return letters, further + "".join(sorted(once))
    wanted = match[2][2:].replace("...", further)
    if "." in wanted:
        raise ValueError(f'period "." found outside of ellipsis in output {wanted}')
    for own, x in zip(letters, tensors, strict=True):
        if x.static_shape.rank not in (None, len(own)):
            raise ValueError(f"input {x} does not match the {len(own)} axes of {own}")
    return letters, wanted


def _spelled(own: str, x: Tensor, unused: str) -> tuple[str, str]:
    """Return an input's letters with the ellipsis spelled out, and what it stands for."""
    parts = own.split("...")
    if len(parts) > 2:
        raise ValueError(f"Unable to resolve ellipsis. Excess number found: {len(parts) - 1} vs 1.")
    more = ""
    if len(parts) == 2:
        if x.static_shape.rank is None:
            raise ValueError("Unable to statically infer ellipsis axes: the rank is unknown")
        count = x.static_shape.rank - len("".join(parts))
        if count < 0:
            raise ValueError("Ellipses lengths do not match.")
        if count > len(unused):
            raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
        more = unused[len(unused) - count :]
    spelled = more.join(parts)
    if "." in spelled:
        raise ValueError(f'period "." found outside of ellipsis in input {own}')
    return spelled, more


# --- products ------------------------------------------------------------------------------------


def _joined(x: Tensor, of_x: str, y: Tensor, of_y: str, wanted: str) -> tuple[Tensor, str]:
    """Multiply two tensors and sum over what both have and the result lacks."""
    for each, own in ((x, of_x), (y, of_y)):
        if each.static_shape.rank != len(own):
            raise ValueError(
                f"Tensor of rank {each.static_shape.rank} does not match einsum reduction of "
                f"length {len(own)}"
            )
    both = set(of_x) & set(of_y)
    summed, batch = sorted(both - set(wanted)), sorted(both & set(wanted))
    free_of_x, free_of_y = sorted(set(of_x) - both), sorted(set(of_y) - both)
    x = _ordered(x, of_x, [*batch, *free_of_x, *summed])
    y = _ordered(y, of_y, [*batch, *summed, *free_of_y])
    made = "".join([*batch, *free_of_x, *free_of_y])
    if not summed:
        for _ in free_of_y:
            x = expand_dims(x, -1)
        for _ in free_of_x:
            y = expand_dims(y, len(batch))
        return multiply(x, y), made
    lead, width = len(batch), len(summed)
    of_left, of_right = _sizes(x), _sizes(y)
    rows, columns = of_left[lead:-width], of_right[lead + width :]
    free, count = math.prod(rows), math.prod(of_left[-width:])
    left = _in_shape(x, [*of_left[:lead], free, count])
    right = _in_shape(y, [*of_right[:lead], count, math.prod(columns)])
    return _in_shape(matmul(left, right), [*of_left[:lead], *rows, *columns]), made


def _ordered(x: Tensor, own: Sequence[str], wanted: Sequence[str]) -> Tensor:
    order = [own.index(letter) for letter in wanted]
    return x if order == sorted(order) else transpose(x, order)


def _sizes(x: Tensor) -> list[Any]:
    """Return the sizes, ints where they are known, else Tensors."""
    sizes = list(x.static_shape)
    if known(*sizes):
        return sizes
    dynamic = ops.shape_op(x)
    return [size if known(size) else dynamic[i] for i, size in enumerate(sizes)]


def _in_shape(x: Tensor, sizes: list[Any]) -> Tensor:
    own = x.static_shape.as_list()
    same = own is not None and not any(isinstance(size, Tensor) for size in sizes) and own == sizes
    return x if same else reshape(x, tuple(sizes))


def _by_broadcasting(letters: list[str], wanted: str, tensors: list[Tensor]) -> Tensor:
    """Multiply tensors that all have all axes, of size 1 where they lack a letter; then sum.

    The product has the size of all axes together.
    """
    summed = sorted(set("".join(letters)) - set(wanted))
    every = [*summed, *wanted]
    product: Any = 1
    for own, x in zip(letters, tensors, strict=True):
        if x.static_shape.rank != len(own):
            raise ValueError(
                f"Input {x} with axes {own} has incorrect number of dimensions (expected "
                f"{len(own)}, got {x.static_shape.rank})."
            )
        order = sorted(own, key=every.index)
        turned = _ordered(x, own, order)
        sizes = dict(zip(order, _sizes(turned), strict=True))
        product *= reshape(turned, [sizes.get(letter, 1) for letter in every])
    return reduce_sum(product, list(range(len(summed))))
