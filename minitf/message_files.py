"""Messages in files, as protobuf's bytes or as its text form.

Source: no paper; TensorFlow 1.15 writes `graph.pbtxt`, `*.meta` and `checkpoint` so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from minitf.io import durable


def write_message(path: str | os.PathLike[str], message: Any, *, as_text: bool) -> None:
    """Write a message to a file, all or nothing; its folder is made if need be."""
    from google.protobuf import text_format

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = (
        text_format.MessageToString(message).encode() if as_text else message.SerializeToString()
    )
    with durable.file(path) as file:
        file.write(content)


def read_message(path: str | os.PathLike[str], cls: Any) -> Any:
    """Read a message of a class from a file, in whichever of the two forms it is there.

    Raises:
        OSError: if there is no such file, or it holds no such message.
    """
    from google.protobuf import message, text_format

    path = Path(path)
    if not path.is_file():
        raise OSError(f"File {path} does not exist.")
    content = path.read_bytes()
    try:
        return cls.FromString(content)
    except message.DecodeError:
        pass  # it may be text
    try:
        return text_format.Parse(content.decode(), cls())
    except (UnicodeDecodeError, text_format.ParseError) as error:
        raise OSError(f"Cannot parse file {path}: {error}.") from None
