"""Resources that nobody else can name: iterators, caches and seeds, each with what deletes it.

Every run of such an op makes another resource.  It lives as long as somebody holds its handle, so
what deletes it has nothing to do.

Source: TensorFlow 1.15, the ops of the same names.
"""

import itertools
from typing import Any

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.data.dataset import Dataset, Elements, is_dataset, positive
from minitf.ops.data.iteration import Iterator
from minitf.ops.data.keeping import MemoryCache, cached
from minitf.ops.data.shuffling import SeedsOfPasses, Shuffler
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.resources import Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, int64, string, variant

_numbers = itertools.count()


def anonymous(resource: Any, kind: str) -> Handle:
    """Return the handle of a resource, under a name that no other has."""
    return Handle(resource, "", f"{kind}/{next(_numbers)}")


# --- AnonymousIterator, AnonymousIteratorV2, DeleteIterator --------------------------------------


@op("AnonymousIterator", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def anonymous_iterator_op(
    *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> Resource:
    """Make an iterator that only the handle names.

    Args:
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return anonymous(Iterator(output_types, output_shapes), "AnonymousIterator")


@op(
    "AnonymousIteratorV2",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle", "deleter"),
)
def anonymous_iterator_v2_op(
    *, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> tuple[Resource, variant]:
    """Make an iterator that only the handle names, and what deletes it.

    Args:
        output_types, output_shapes: of an element.

    Returns:
        The handle, and the deleter.

    Source: TensorFlow's op of the same name.
    """
    handle = anonymous(Iterator(output_types, output_shapes), "AnonymousIterator")
    return handle, handle


@op("DeleteIterator", "stateful")
def delete_iterator_op(handle: Resource, deleter: variant) -> None:
    """Delete an iterator that only a handle names.

    Args:
        handle: the handle.
        deleter: what deletes it.

    Source: TensorFlow's op of the same name.
    """


# --- AnonymousMemoryCache, DeleteMemoryCache, CacheDatasetV2 -------------------------------------


@op("AnonymousMemoryCache", "stateful", outputs=("handle", "deleter"))
def anonymous_memory_cache_op() -> tuple[Resource, variant]:
    """Make an empty cache of elements that only the handle names, and what deletes it.

    Returns:
        The handle, and the deleter.

    Source: TensorFlow's op of the same name.
    """
    handle = anonymous(MemoryCache(), "AnonymousMemoryCache")
    return handle, handle


@op("DeleteMemoryCache", "stateful")
def delete_memory_cache_op(handle: Resource, deleter: variant) -> None:
    """Delete a cache that only a handle names.

    Args:
        handle: the handle.
        deleter: what deletes it.

    Source: TensorFlow's op of the same name.
    """


@op("CacheDatasetV2", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def cache_dataset_v2_op(
    input_dataset: variant,
    filename: string,
    cache: Resource,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset that keeps the elements of another in a cache, or in a file.

    Args:
        input_dataset: the other.
        filename: where they are kept, "" in the cache.
        cache: the cache.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """
    memory = _resource(cache, MemoryCache)
    return cached(input_dataset, filename, memory, output_types, output_shapes)


def _resource(handle: Any, kind: type) -> Any:
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, kind):
        raise invalid(f"Trying to access resource of the wrong type: {handle}")
    return found


# --- AnonymousRandomSeedGenerator, DeleteRandomSeedGenerator, ShuffleDatasetV2 -------------------


@op("AnonymousRandomSeedGenerator", "stateful", outputs=("handle", "deleter"))
def anonymous_random_seed_generator_op(seed: int64, seed2: int64) -> tuple[Resource, variant]:
    """Make a source of seeds that only the handle names, and what deletes it.

    Args:
        seed: the first seed.
        seed2: the second; both 0 ask for seeds that nobody can repeat.

    Returns:
        The handle, and the deleter.

    Source: TensorFlow's op of the same name.
    """
    generator = SeedsOfPasses(int(seed), int(seed2), anew=True)
    handle = anonymous(generator, "AnonymousRandomSeedGenerator")
    return handle, handle


@op("DeleteRandomSeedGenerator", "stateful")
def delete_random_seed_generator_op(handle: Resource, deleter: variant) -> None:
    """Delete a source of seeds that only a handle names.

    Args:
        handle: the handle.
        deleter: what deletes it.

    Source: TensorFlow's op of the same name.
    """


@op("ShuffleDatasetV2", "stateful", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def shuffle_dataset_v2_op(
    input_dataset: variant,
    buffer_size: int64,
    seed_generator: Resource,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of elements in random order, another one in each pass.

    Args:
        input_dataset: whose elements they are.
        buffer_size: how many elements wait to be drawn.
        seed_generator: gives the seeds of each pass.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        InvalidArgumentError: if the buffer has no size.

    Source: TensorFlow's op of the same name.
    """
    size = positive(buffer_size, "buffer_size")
    seeds = _resource(seed_generator, SeedsOfPasses)

    def begin() -> Elements:
        return Elements(Shuffler(input_dataset.begin, size, seeds).step)

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


for _op in (cache_dataset_v2_op, shuffle_dataset_v2_op):
    is_dataset(_op)
for _op in (delete_iterator_op, delete_memory_cache_op, delete_random_seed_generator_op):
    _op.no_gradient("it has no outputs")
anonymous_iterator_op.shape(lambda **_: SCALAR)
for _op in (
    anonymous_iterator_v2_op,
    anonymous_memory_cache_op,
    anonymous_random_seed_generator_op,
):
    _op.shape(lambda *_, **__: (SCALAR, SCALAR))
for _op in (
    anonymous_iterator_op,
    anonymous_iterator_v2_op,
    anonymous_memory_cache_op,
    anonymous_random_seed_generator_op,
):
    _op.no_gradient("a handle is no number")
