"""Iterators: the ops that make them, give them datasets and take their elements.

Source: TensorFlow 1.15, `tf.data.Iterator`; 2015 §4.5, §4.7.
"""

from collections.abc import Callable

from minitf.dtypes import DType
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset
from minitf.ops.data.iteration import Iterator, check_elements, iterator_of
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, TypeList, output_types, variant


def _find_iterator(
    context: Context,
    container: str,
    shared_name: str,
    types: tuple[DType, ...],
    shapes: tuple[Shape, ...],
    make: Callable[[], Dataset] | None = None,
) -> Handle:
    """Return the handle of the iterator of that container and name, made at first use."""
    name = shared_name or context.node_name
    found = context.resources.find_or_create(
        container, name, lambda: Iterator(types, shapes, make), Iterator
    )
    check_elements(types, shapes, found.types, found.shapes)
    return Handle(found, container, name)


# --- OneShotIterator, Iterator, IteratorV2 -------------------------------------------------------


@op(
    "OneShotIterator",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def one_shot_iterator_op(
    *,
    dataset_factory: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of an iterator that iterates once, over what a function gives.

    Args:
        dataset_factory: gives the dataset, the first time that an element is asked for.
        output_types, output_shapes: of an element.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, dataset_factory)

    def make() -> Dataset:
        dataset: Dataset = call()[0]
        return dataset

    return _find_iterator(context, container, shared_name, output_types, output_shapes, make)


@op(
    "IteratorV2",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def iterator_v2_op(
    *,
    shared_name: str,
    container: str,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> Resource:
    """Give the handle of an iterator, to which MakeIterator gives a dataset.

    Args:
        shared_name: its name; "" is the operation's name.
        container: where it is kept; "" is the default container.
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _find_iterator(context, container, shared_name, output_types, output_shapes)


@op("Iterator", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def iterator_op(
    *,
    shared_name: str,
    container: str,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> Resource:
    """Give the handle of an iterator, as IteratorV2 does; of old graphs.

    Args:
        shared_name: its name; "" is the operation's name.
        container: where it is kept; "" is the default container.
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _find_iterator(context, container, shared_name, output_types, output_shapes)


for _op in (one_shot_iterator_op, iterator_v2_op, iterator_op):
    _op.shape(lambda **_: SCALAR)
    _op.no_gradient("it has no inputs")

# --- MakeIterator --------------------------------------------------------------------------------


@op("MakeIterator", "stateful")
def make_iterator_op(dataset: variant, iterator: Resource) -> None:
    """Let an iterator begin an iteration over a dataset.

    Args:
        dataset: the dataset.
        iterator: the iterator.

    Raises:
        InvalidArgumentError: if the elements are of other types or shapes than the iterator's.

    Source: TensorFlow's op of the same name.
    """
    iterator_of(iterator).restart(dataset)


make_iterator_op.no_gradient("it has no outputs")

# --- IteratorGetNext, IteratorGetNextSync --------------------------------------------------------


@op(
    "IteratorGetNext", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("components",)
)
def iterator_get_next_op(
    iterator: Resource, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> TypeList[output_types]:
    """Take the next element of an iterator.

    Args:
        iterator: the iterator.
        output_types, output_shapes: of an element.

    Returns:
        The components of the element.

    Raises:
        OutOfRangeError: at the end.
        FailedPreconditionError: if it has no dataset.

    Source: TensorFlow's op of the same name.
    """
    found = iterator_of(iterator)
    check_elements(output_types, output_shapes, found.types, found.shapes)
    return list(found.next())


@op(
    "IteratorGetNextSync",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("components",),
)
def iterator_get_next_sync_op(
    iterator: Resource, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> TypeList[output_types]:
    """Take the next element of an iterator, as IteratorGetNext does.

    Args:
        iterator: the iterator.
        output_types, output_shapes: of an element.

    Returns:
        The components of the element.

    Raises:
        OutOfRangeError, FailedPreconditionError: as IteratorGetNext.

    Source: TensorFlow's op of the same name.
    """
    return iterator_get_next_op.body(
        iterator, output_types=output_types, output_shapes=output_shapes
    )


@iterator_get_next_op.shape
@iterator_get_next_sync_op.shape
def iterator_get_next_shape(
    iterator: Shape, *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> list[Shape]:
    return list(output_shapes)


for _op in (iterator_get_next_op, iterator_get_next_sync_op):
    _op.no_gradient("what is read is no function of a handle")
