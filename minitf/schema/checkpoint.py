"""What checkpoint files hold: TensorBundle (V2), slices (V1), the list of checkpoints, objects.

Source: TensorFlow 1.15, `tensor_bundle.proto`, `tensor_slice.proto`, `saved_tensor_slice.proto`,
`checkpoint_state.proto`, `trackable_object_graph.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    OneOf,
    bool_,
    double,
    fixed32,
    int32,
    int64,
    repeated,
    string,
)
from minitf.schema.graph import VersionDef
from minitf.schema.tensor import DataType, TensorProto, TensorShapeProto


class CheckpointState(Message):
    """The file `checkpoint` of a directory, in text format; times in seconds since 1970."""

    model_checkpoint_path = string(1)
    all_model_checkpoint_paths = repeated(string(2))
    all_model_checkpoint_timestamps = repeated(double(3))
    last_preserved_timestamp = double(4)


class TensorSliceProto(Message):
    """A box within a tensor."""

    class Extent(Message):
        """Along one dimension; without a length, all of it."""

        start = int64(1)
        has_length_hack = OneOf(length=int64(2))

    extent = repeated(Extent(1))


class BundleHeaderProto(Message):
    """The entry under the empty key of a bundle's index."""

    class Endianness(Enum):
        """Byte order of the numbers."""

        LITTLE = 0
        BIG = 1

    num_shards = int32(1)
    endianness = Endianness(2)
    version = VersionDef(3)


class BundleEntryProto(Message):
    """Where a tensor's bytes are; of a partitioned one, only its slices."""

    dtype = DataType(1)
    shape = TensorShapeProto(2)
    shard_id = int32(3)
    offset = int64(4)
    size = int64(5)
    crc32c = fixed32(6)  # masked
    slices = repeated(TensorSliceProto(7))


class SavedSliceMeta(Message):
    """A tensor of a V1 file, and the slices that there are of it."""

    name = string(1)
    shape = TensorShapeProto(2)
    type = DataType(3)
    slice = repeated(TensorSliceProto(4))


class SavedTensorSliceMeta(Message):
    """All tensors of a V1 file."""

    tensor = repeated(SavedSliceMeta(1))
    versions = VersionDef(2)


class SavedSlice(Message):
    """One slice with its values."""

    name = string(1)
    slice = TensorSliceProto(2)
    data = TensorProto(3)


class SavedTensorSlices(Message):
    """An entry of a V1 file: `meta` in the first one, `data` in the others."""

    meta = SavedTensorSliceMeta(1)
    data = SavedSlice(2)


class TrackableObjectGraph(Message):
    """The objects of a checkpoint; the first one is the root."""

    class TrackableObject(Message):
        """An object: its parts, and what is saved of it."""

        class ObjectReference(Message):
            """A part."""

            node_id = int32(1)
            local_name = string(2)

        class SerializedTensor(Message):
            """A value; `full_name` is its name in a checkpoint of a Saver."""

            name = string(1)
            full_name = string(2)
            checkpoint_key = string(3)
            optional_restore = bool_(4)

        class SlotVariableReference(Message):
            """A slot of an optimizer."""

            original_variable_node_id = int32(1)
            slot_name = string(2)
            slot_variable_node_id = int32(3)

        children = repeated(ObjectReference(1))
        attributes = repeated(SerializedTensor(2))
        slot_variables = repeated(SlotVariableReference(3))

    nodes = repeated(TrackableObject(1))
