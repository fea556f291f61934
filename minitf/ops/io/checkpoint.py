"""Checkpoints: tensors to files and back.

    SaveV2, RestoreV2               bundles (`minitf.io.tensor_bundle`), many tensors at once
    MergeV2Checkpoints              one bundle of those that several tasks wrote
    ShardedFilename, ShardedFilespec        names of the files of a checkpoint in several

A box of a partitioned variable is told by a string, `10 20 0,5:-`; an empty one means the whole.

Source: 2015 §3.3; OSDI §4.3 (Save and Restore operations).
"""

import functools
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, variant
from minitf.dtypes import string as string_type
from minitf.errors import NotFoundError, invalid
from minitf.io.bundle_files import index_path
from minitf.io.checkpoints import CheckpointFiles, open_checkpoint
from minitf.io.os_errors import told
from minitf.io.slices_v1 import Slice
from minitf.io.tensor_bundle import BundleWriter, merge_bundles
from minitf.io.tensor_slice import TensorSlice, parse_shape_and_slice
from minitf.op_def import op
from minitf.ops.io.serialized import Serialized
from minitf.ops.strings.arrays import strings
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import TypeList, dtypes, int32, n, string

Array = np.ndarray[Any, Any]
EFFECT = "files are no function of tensors"

# --- SaveV2 --------------------------------------------------------------------------------------


@op("SaveV2", "stateful", dtypes=ANY.at_least(1))
def save_v2_op(
    prefix: string[()],
    tensor_names: string[n],
    shape_and_slices: string[n],
    tensors: TypeList[dtypes],
    *,
    context: Context,
) -> None:
    """Write tensors to a bundle, all or nothing.

    Args:
        prefix: the bundle's path, without endings.
        tensor_names: a name for each tensor.
        shape_and_slices: for each, the box of the whole tensor that it is, or "".
        tensors: the tensors.

    Raises:
        InvalidArgumentError: if the lengths differ, a name comes twice, or a box does not fit.

    Source: OSDI §4.3.
    """
    path = text_of(prefix)
    with told(path), BundleWriter(path) as writer:
        for name, text, array in _together(tensor_names, shape_and_slices, tensors):
            if text:
                writer.add_slice(name, *_placed(name, text, array), array)
            else:
                writer.add(name, array.as_array() if isinstance(array, Serialized) else array)


def slices(names: Array, specs: Array | None, tensors: Iterable[Array]) -> Iterator[Slice]:
    """Yield each tensor with its name, and the box of the whole that it is."""
    for name, text, array in _together(names, specs, tensors):
        if text:
            yield Slice(name, *_placed(name, text, array), array)
        else:
            yield Slice(name, array.shape, TensorSlice.full(array.ndim), array)


def _together(
    names: Array, specs: Array | None, tensors: Iterable[Array]
) -> Iterable[tuple[str, str, Array]]:
    """Return names, texts that tell boxes, and tensors, which must be equally many."""
    tensors = list(tensors)
    texts = ("",) * len(names) if specs is None else texts_of(specs)
    if not len(names) == len(texts) == len(tensors):
        raise invalid(
            f"Got {len(names)} tensor names, {len(texts)} shapes and slices but {len(tensors)} "
            "tensors"
        )
    return zip(texts_of(names), texts, tensors, strict=True)


def _placed(name: str, text: str, array: Array) -> tuple[tuple[int, ...], TensorSlice]:
    """Return the whole's shape, and the box of it that a tensor is."""
    shape, box, own_shape = parse_shape_and_slice(text)
    if own_shape != array.shape:
        raise invalid(
            f"Slice in shape_and_slice specification does not match the shape of the tensor "
            f"to save: {text}, tensor: {Shape(array.shape)}",
            tensor=name,
        )
    return shape, box


def text_of(name: Any) -> str:
    """Return a string element, or a scalar array of strings, as a path or name."""
    return os.fsdecode(name.item() if isinstance(name, np.ndarray) else name)


def texts_of(names: Array) -> tuple[str, ...]:
    """Return a vector of strings as paths or names; a graph has the same ones at each step."""
    return _decoded(tuple(names.tolist()))


@functools.lru_cache(maxsize=64)
def _decoded(names: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(map(os.fsdecode, names))


@save_v2_op.shape
def save_v2_shape(*_: Shape) -> tuple[()]:
    return ()


# --- RestoreV2 -----------------------------------------------------------------------------------


@op("RestoreV2", "stateful", dtypes=ANY.at_least(1), outputs=("tensors",))
def restore_v2_op(
    prefix: string[()],
    tensor_names: string[n],
    shape_and_slices: string[n],
    *,
    dtypes: tuple[DType, ...],
    context: Context,
) -> TypeList[dtypes]:
    """Read tensors of a checkpoint, of either format.

    Args:
        prefix: its path, without endings; of the first format, a path or a pattern.
        tensor_names: the tensors' names.
        shape_and_slices: for each, the box that is wanted of it, or "" for all.
        dtypes: their types.

    Returns:
        The tensors; large ones are read and checked by several threads.

    Raises:
        NotFoundError: if there is no checkpoint, or it lacks a tensor.
        InvalidArgumentError: if a tensor has another type, or the box does not fit its shape.
        DataLossError: if the files are damaged.

    Source: OSDI §4.3.
    """
    if variant in dtypes:
        return _with_variants(
            restore_v2_op.body, prefix, tensor_names, shape_and_slices, dtypes, context
        )
    files = open_checkpoint(text_of(prefix))
    names, texts = texts_of(tensor_names), texts_of(shape_and_slices)
    if not len(names) == len(texts) == len(dtypes):
        raise invalid(
            f"Got {len(names)} tensor names, {len(texts)} shapes and slices but {len(dtypes)} "
            "dtypes"
        )
    wanted = list(zip(names, texts, strict=True))
    large = []
    for i, (name, dtype) in enumerate(zip(names, dtypes, strict=True)):
        found = files.find(name)
        if found is None:
            raise NotFoundError(None, None, f"Key {name} not found in checkpoint")
        if found[0] is not dtype:
            must_have_type(name, found[0], dtype)
        if math.prod(found[1]) * dtype.numpy.itemsize >= _LARGE:
            large.append(i)
    if len(large) < 2:
        read = files.read
        return tuple(
            [read_tensor(files, name, text) if text else read(name) for name, text in wanted]
        )
    with ThreadPoolExecutor(_READERS) as pool:
        coming = {i: pool.submit(read_tensor, files, *wanted[i]) for i in large}
        return tuple(
            coming[i].result() if i in coming else read_tensor(files, *each)
            for i, each in enumerate(wanted)
        )


def _with_variants(
    restore: Callable[..., Any],
    prefix: Array,
    names: Array,
    texts: Array,
    dtypes: tuple[DType, ...],
    context: Context,
) -> tuple[Any, ...]:
    """Read tensors of which some are variants: strings in the file."""
    kinds = tuple([string_type if each is variant else each for each in dtypes])
    found = restore(prefix, names, texts, dtypes=kinds, context=context)
    return tuple(
        [
            Serialized(array.item()) if dtype is variant else array
            for array, dtype in zip(found, dtypes, strict=True)
        ]
    )


_LARGE = 1 << 20  # bytes of a tensor that is worth a thread
_READERS = 4  # they wait for memory more than they compute


def must_have_type(name: str, found: DType, wanted: DType) -> None:
    """Raise InvalidArgumentError if a tensor of a checkpoint has another type than is wanted."""
    if found is not wanted:
        raise invalid(
            f"tensor_name = {name}; expected dtype {wanted.name} does not equal original dtype "
            f"{found.name}"
        )


def read_tensor(files: CheckpointFiles, name: str, text: str) -> Array:
    """Return a tensor of a checkpoint, or the box that `text` tells."""
    if not text:
        return files.read(name)
    shape, box, _ = parse_shape_and_slice(text)
    if shape != files.shape(name):
        raise invalid(
            f"tensor_name = {name}; shape in shape_and_slice spec {Shape(shape)} does not match "
            f"the shape stored in checkpoint: {Shape(files.shape(name))}"
        )
    return files.read_slice(name, box)


@restore_v2_op.shape(values_of=("shape_and_slices",))
def restore_v2_shape(
    prefix: Shape, tensor_names: Shape, shape_and_slices: Any, *, dtypes: tuple[DType, ...]
) -> tuple[Shape, ...]:
    if shape_and_slices is None or len(shape_and_slices) != len(dtypes):
        return (Shape.unknown(),) * len(dtypes)
    return tuple(static_shape(each) for each in shape_and_slices)


def static_shape(text: Any) -> Shape:
    """Return what is known of a tensor's shape by the box that is wanted of it."""
    if not isinstance(text, bytes) or not text:
        return Shape.unknown()
    return Shape(parse_shape_and_slice(text.decode())[2])


# --- MergeV2Checkpoints --------------------------------------------------------------------------


@op("MergeV2Checkpoints", "stateful")
def merge_v2_checkpoints_op(
    checkpoint_prefixes: string[n],
    destination_prefix: string[()],
    *,
    delete_old_dirs: bool = True,
    allow_missing_files: bool = False,
    context: Context,
) -> None:
    """Make one bundle of several: data files are renamed, the tables become one.

    Args:
        checkpoint_prefixes: paths of the bundles, without endings.
        destination_prefix: path of the one.
        delete_old_dirs: whether to remove the folders that they were in, if they are empty then.
        allow_missing_files: whether to leave out bundles that are not there.

    Raises:
        NotFoundError: if one is not there.
        InvalidArgumentError: if two hold the same tensor.

    Source: TensorFlow's op of the same name; OSDI §4.3 (one Save per task).
    """
    prefixes = [text_of(each) for each in checkpoint_prefixes]
    if allow_missing_files:
        prefixes = [prefix for prefix in prefixes if index_path(prefix).is_file()]
    merged = text_of(destination_prefix)
    with told(merged):
        merge_bundles(prefixes, merged)
    if delete_old_dirs:
        for folder in {Path(prefix).parent for prefix in prefixes} - {Path(merged).parent}:
            if not any(folder.iterdir()):
                shutil.rmtree(folder, ignore_errors=True)


@merge_v2_checkpoints_op.shape
def merge_v2_checkpoints_shape(
    checkpoint_prefixes: Shape,
    destination_prefix: Shape,
    *,
    delete_old_dirs: bool,
    allow_missing_files: bool,
) -> tuple[()]:
    return ()


# --- ShardedFilename, ShardedFilespec ------------------------------------------------------------


@op("ShardedFilename", outputs=("filename",))
def sharded_filename_op(basename: string[()], shard: int32[()], num_shards: int32[()]) -> string:
    """Name one file of several: basename-00003-of-00010.

    Args:
        basename: how the names begin.
        shard: the file's number, from 0.
        num_shards: how many there are.

    Returns:
        string[].

    Source: TensorFlow's op of the same name.
    """
    return strings([b"%s-%05d-of-%05d" % (basename.item(), shard.item(), num_shards.item())], ())


@sharded_filename_op.shape
def sharded_filename_shape(basename: Shape, shard: Shape, num_shards: Shape) -> Shape:
    return Shape([])


@op("ShardedFilespec", outputs=("filename",))
def sharded_filespec_op(basename: string[()], num_shards: int32[()]) -> string:
    """Give the pattern of the names of several files: basename-?????-of-00010.

    Args:
        basename: how the names begin.
        num_shards: how many there are.

    Returns:
        string[].

    Source: TensorFlow's op of the same name.
    """
    return strings([b"%s-?????-of-%05d" % (basename.item(), num_shards.item())], ())


@sharded_filespec_op.shape
def sharded_filespec_shape(basename: Shape, num_shards: Shape) -> Shape:
    return Shape([])


for _op in (sharded_filename_op, sharded_filespec_op):
    _op.no_gradient("names are not numbers")

for _op in (save_v2_op, restore_v2_op, merge_v2_checkpoints_op):
    _op.no_gradient(EFFECT)
