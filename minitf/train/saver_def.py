"""SaverDefs: the names of the operations by which a Saver saves and restores.

Source: TensorFlow 1.15, `saver.proto`.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.api.graph_io import as_message


def checked(saver_def: Any) -> Any:
    """Return a SaverDef, ours or TensorFlow's, as ours."""
    try:
        saver_def = as_message(saver_def, protos.SaverDef, "saver_def")
    except TypeError:
        raise ValueError(f"saver_def must be a saver_pb2.SaverDef: {saver_def}") from None
    for field in ("save_tensor_name", "restore_op_name"):
        if not getattr(saver_def, field):
            raise ValueError(f"saver_def must specify the {field}: {saver_def}")
    return saver_def


def names(saver_def: Any) -> list[str]:
    """Return the names in it: the path's, the saved path's, and of the operation that restores."""
    return [
        saver_def.filename_tensor_name,
        saver_def.save_tensor_name,
        saver_def.restore_op_name,
    ]


def moved(saver_def: Any, rename: Any) -> Any:
    """Return a SaverDef with other names."""
    made = protos.SaverDef()
    made.CopyFrom(saver_def)
    made.filename_tensor_name, made.save_tensor_name, made.restore_op_name = [
        rename(name) for name in names(saver_def)
    ]
    return made
