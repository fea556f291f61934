"""Where descriptors of messages come from: a file, bytes, or what the program has loaded.

Source: TensorFlow 1.15's ops DecodeProtoV2 and EncodeProto, attribute `descriptor_source`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

_LOCAL, _BYTES = b"local://", b"bytes://"


def message_descriptor(source: bytes, name: str) -> Any:
    """Return the descriptor of a message.

    Args:
        source: "local://" or "" for the messages of TensorFlow and those that the program has
            loaded; "bytes://" with a serialized FileDescriptorSet behind it; or the path of a file
            that holds one.
        name: its full name.

    Raises:
        KeyError: if there is none of that name.
        ValueError: if the source holds no descriptors.
    """
    for pool in _pools(source):
        try:
            return pool.FindMessageTypeByName(name)
        except KeyError:
            pass
    raise KeyError(name)


def _pools(source: bytes) -> tuple[Any, ...]:
    from google.protobuf import descriptor_pool

    if source in (_LOCAL, b""):
        from minitf import protos

        return protos.GraphDef.DESCRIPTOR.file.pool, descriptor_pool.Default()
    if source.startswith(_BYTES):
        return (_pool(source.removeprefix(_BYTES)),)
    try:
        content = Path(source.decode()).read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read {source!r}: {error}") from None
    return (_pool(content),)


@lru_cache(maxsize=16)
def _pool(content: bytes) -> Any:
    """Return a pool of the files of a FileDescriptorSet, each behind those it imports."""
    from google.protobuf import descriptor_pb2, descriptor_pool
    from google.protobuf.message import DecodeError

    try:
        files = descriptor_pb2.FileDescriptorSet.FromString(content).file
    except DecodeError as error:
        raise ValueError(str(error)) from None
    if not files:
        raise ValueError("it has no files")
    by_name = {each.name: each for each in files}
    pool = descriptor_pool.DescriptorPool()
    done: set[str] = set()

    def add(name: str) -> None:
        if name in done:
            return
        done.add(name)
        file = by_name.get(name)
        if file is None:
            known = descriptor_pool.Default().FindFileByName(name)
            file = descriptor_pb2.FileDescriptorProto.FromString(known.serialized_pb)
        for each in file.dependency:
            add(each)
        pool.AddSerializedFile(file.SerializeToString())

    try:
        for name in by_name:
            add(name)
    except (KeyError, TypeError, RecursionError) as error:  # which of a very long chain of files
        raise ValueError(str(error)) from None
    return pool
