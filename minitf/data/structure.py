"""Structures of elements: tuples, dicts and namedtuples of tensors, sparse tensors and datasets.

An op sees a flat list of tensors; a program sees elements.  A *part* stands at each leaf of a
structure and says how a value there becomes one tensor and back: a sparse tensor travels as a
variant that holds its three arrays, a dataset as the variant that it is.

    >>> structure = structure_of({"x": tf.zeros([3]), "y": 1})
    >>> types_of(structure)
    {'x': tf.float32, 'y': tf.int32}

Lists are no structure here: a list of numbers is a tensor.

Source: TensorFlow 1.15, `tf.data`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf.composite import SparseTensor, SparseTensorValue
from minitf.composite_specs import SparseTensorSpec
from minitf.convert import convert_to_tensor
from minitf.data.parts import (
    DatasetPart,
    OptionalPart,
    SparsePart,
    SpecPart,
    Structure,
    TensorPart,
)
from minitf.dtypes import DType, int64
from minitf.errors import InvalidArgumentError
from minitf.shapes import SCALAR, UNKNOWN, Shape, merge
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import CompositeTensor, TypeSpec

NUMBER = TensorPart(int64, SCALAR)

# --- structures ----------------------------------------------------------------------------------


def is_nested(value: Any) -> bool:
    """Tell whether a value is a structure of others."""
    return isinstance(value, dict) or (
        isinstance(value, tuple) and not isinstance(value, SparseTensorValue)
    )


def mapped(function: Callable[..., Any], first: Any, *others: Any) -> Any:
    """Apply a function at each leaf of a structure, with what stands there in others.

    Raises:
        TypeError: if the others have another structure.
        ValueError: if they have other keys or lengths.
    """
    if not is_nested(first):
        return function(first, *others)
    for other in others:
        _check_alike(first, other)
    if isinstance(first, dict):
        made = {k: mapped(function, first[k], *[o[k] for o in others]) for k in sorted(first)}
        return type(first)((k, made[k]) for k in first)
    parts = [mapped(function, *each) for each in zip(first, *others, strict=True)]
    return type(first)(*parts) if hasattr(first, "_fields") else tuple(parts)


def _check_alike(one: Any, other: Any) -> None:
    shown = f"\n  first: {one}\n  second: {other}"
    if isinstance(one, dict) and isinstance(other, dict):
        alike = one.keys() == other.keys()
    elif not isinstance(one, dict) and isinstance(other, (tuple, list)):
        alike = len(one) == len(other)
    else:
        raise TypeError(f"The two structures don't have the same nested structure.{shown}")
    if not alike:
        raise ValueError(
            f"The two structures don't have the same number of elements or keys.{shown}"
        )


def leaves(structure: Any) -> Iterator[Any]:
    """Yield the leaves: of a dict in the order of its keys."""
    if isinstance(structure, dict):
        for key in sorted(structure):
            yield from leaves(structure[key])
    elif is_nested(structure):
        for each in structure:
            yield from leaves(each)
    else:
        yield structure


def filled(structure: Structure, values: Sequence[Any]) -> Any:
    """Return a structure with other leaves, in the order of `leaves`."""
    left = iter(values)
    return mapped(lambda _: next(left), structure)


# --- parts ---------------------------------------------------------------------------------------


def structure_of(value: Any) -> Structure:
    """Return the structure of an element."""
    return mapped(_part_of, value)


def _part_of(value: Any) -> Any:
    if isinstance(value, (SparseTensor, SparseTensorValue)):
        sparse = SparseTensor.from_value(value)
        return SparsePart(sparse.dtype, sparse.shape.static_shape)
    if hasattr(value, "element_part"):
        return value.element_part
    if isinstance(value, CompositeTensor):
        return part_of_spec(value._type_spec)
    tensor = convert_to_tensor(value)
    return TensorPart(tensor.dtype.base_dtype, tensor.static_shape)


def converted(value: Any, scope: str = "component") -> Any:
    """Return an element whose leaves are Tensors, SparseTensors and datasets."""
    count = iter(range(1 << 30))

    def leaf(each: Any) -> Any:
        number = next(count)
        if isinstance(each, (SparseTensor, SparseTensorValue)):
            return SparseTensor.from_value(each)
        if hasattr(each, "element_part") or isinstance(each, CompositeTensor):
            return each
        return convert_to_tensor(each, name=f"{scope}_{number}")

    return mapped(leaf, value)


def flat_tensors(structure: Structure, value: Any) -> list[Tensor]:
    """Return an element as the tensors that an op sees."""
    return list(leaves(mapped(lambda part, each: part.packed(each), structure, value)))


def element_of(structure: Structure, tensors: Sequence[Tensor]) -> Any:
    """Return the element that the tensors of an op are."""
    return mapped(lambda part, tensor: part.unpacked(tensor), structure, filled(structure, tensors))


def flat_attrs(structure: Structure) -> dict[str, Any]:
    """Return types and shapes as the attributes of an op."""
    flat = [part.flat for part in leaves(structure)]
    return {
        "output_types": tuple([dtype for dtype, _ in flat]),
        "output_shapes": tuple([shape for _, shape in flat]),
    }


def types_of(structure: Structure) -> Any:
    """Return the structure of types, as programs see it."""
    return mapped(lambda part: part.spec if _is_whole(part) else part.dtype, structure)


def shapes_of(structure: Structure) -> Any:
    """Return the structure of shapes, as programs see it."""
    return mapped(lambda part: part.spec if _is_whole(part) else TensorShape(part.shape), structure)


def classes_of(structure: Structure) -> Any:
    """Return the structure of classes, as programs see it."""
    return mapped(lambda part: part.value_class, structure)


def _is_whole(part: Any) -> bool:
    """Tell whether programs see a spec as the type, shape and class of a part."""
    return isinstance(part, (DatasetPart, OptionalPart))


def specs_of(structure: Structure) -> Any:
    """Return the structure of specs, as programs see it."""
    return mapped(lambda part: part.spec, structure)


def structure_of_specs(specs: Any) -> Structure:
    """Return the structure of the elements that specs describe."""
    return mapped(part_of_spec, specs)


def part_of_spec(spec: Any) -> Any:
    """Return the part that a spec describes.

    Raises:
        TypeError: if it is no spec.
    """
    if hasattr(spec, "part"):  # of datasets and optionals
        return spec.part
    if isinstance(spec, (TensorSpec, SparseTensorSpec)):
        kind = TensorPart if isinstance(spec, TensorSpec) else SparsePart
        return kind(spec.dtype, spec.shape.static_shape)
    if not isinstance(spec, TypeSpec):
        raise TypeError(f"Could not build a structure for {spec!r}: it is no `tf.TypeSpec`")
    return SpecPart(spec)


def from_types(types: Any, shapes: Any = None, classes: Any = None) -> Structure:
    """Return the structure that types, shapes and classes say.

    Args:
        types: a structure of types.
        shapes: of the same structure; None if nothing is known of any.
        classes: likewise; None if all are Tensors.
    """
    from minitf.dtypes import as_dtype
    from minitf.shapes import as_shape

    types = mapped(lambda each: each if isinstance(each, TypeSpec) else as_dtype(each), types)
    known = mapped(lambda _: None, types) if shapes is None else shapes
    kinds = mapped(lambda _: Tensor, types) if classes is None else classes

    def part(dtype: DType, shape: Any, kind: Any) -> Any:
        if isinstance(kind, TypeSpec):
            return part_of_spec(kind)
        if not (isinstance(kind, type) and issubclass(kind, (Tensor, SparseTensor))):
            raise TypeError(f"Could not build a structure for output class {kind!r}")
        made = SparsePart if issubclass(kind, SparseTensor) else TensorPart
        return made(dtype, as_shape(shape))

    return mapped(part, types, known, kinds)


def fits(wanted: Structure, found: Structure) -> bool:
    """Tell whether shapes do not contradict each other, part by part."""
    for one, other in zip(leaves(wanted), leaves(found), strict=True):
        try:
            merge(one.shape, other.shape)
        except InvalidArgumentError:
            return False
    return True


# --- other shapes --------------------------------------------------------------------------------


def stacked_structure(structure: Structure, count: Any) -> Structure:
    """Return the structure of elements that are stacked `count` high."""
    return mapped(
        lambda part: part.with_shape(
            Shape.unknown() if part.shape.dims is None else Shape([count, *part.shape])
        ),
        structure,
    )


def sliced_structure(structure: Structure) -> Structure:
    """Return the structure of slices of elements along their first dimension.

    Raises:
        ValueError: if a component is a scalar.
    """

    def sliced(part: Any) -> Any:
        if part.shape.dims is None:
            return part
        if not part.shape.dims:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1: one is a scalar")
        return part.with_shape(Shape(part.shape[1:]))

    return mapped(sliced, structure)


def widened(one: Structure, other: Structure) -> Structure:
    """Return the structure of elements that are of the one or of the other."""
    return mapped(lambda a, b: a.with_shape(_wider(a.shape, b.shape)), one, other)


def _wider(one: Shape, other: Shape) -> Shape:
    if one.rank is None or one.rank != other.rank:
        return Shape.unknown()
    return Shape([a if _equal(a, b) else UNKNOWN for a, b in zip(one, other, strict=True)])


def _equal(one: Any, other: Any) -> bool:
    return one is not UNKNOWN and other is not UNKNOWN and one == other


def batch_dimension(batch_size: Any, drop_remainder: Any) -> Any:
    """Return the first dimension of batches: known where none may be smaller."""
    sizes = [
        constant_value(each) if isinstance(each, Tensor) else each
        for each in (batch_size, drop_remainder)
    ]
    return int(sizes[0]) if sizes[0] is not None and sizes[1] else UNKNOWN
