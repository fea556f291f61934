"""The file `checkpoint` in a folder: which checkpoints there are, and which is the latest.

It is a CheckpointState in protobuf's text form.  Paths in it are relative to the folder where they
were given so; what is read has them joined with the folder again.

Checkpoints go to the disk behind the program that saves them, so after a power cut the file may
name one that is torn.  Then the youngest whole one takes its place; there is one, since the last
that is on the disk is never deleted (`minitf.train.commits`).  A program that is killed while one
replaces another of the same path may leave the old one, under its second name only.

Source: OSDI §4.3 (retention); TensorFlow 1.15, `checkpoint_management.py`.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.errors import DataLossError, NotFoundError
from minitf.io import durable
from minitf.io.bundle_files import remove_bundle, replaced
from minitf.io.bundle_reader import BundleReader
from minitf.io.os_errors import told

_LOG = logging.getLogger("tensorflow")
_FILE = "checkpoint"
_V2 = 2  # SaverDef.V2


def get_checkpoint_state(checkpoint_dir: Any, latest_filename: str | None = None) -> Any:
    """Return what the file `checkpoint` of a folder says, as a CheckpointState; None without one.

    Instead of a latest checkpoint that is torn, the youngest whole one that the file names is told,
    with a warning.

    Args:
        checkpoint_dir: the folder.
        latest_filename: another name of the file.

    Raises:
        ValueError: if it names no checkpoint.
    """
    from google.protobuf import text_format

    folder = os.fsdecode(checkpoint_dir)
    path = _state_path(folder, latest_filename)
    state = protos.CheckpointState()
    try:
        text_format.Merge(path.read_text(encoding="utf-8"), state)
    except (OSError, UnicodeDecodeError, text_format.ParseError):
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    # joined as TensorFlow does, which keeps `./` and the like: programs compare these paths
    state.model_checkpoint_path = os.path.join(folder, state.model_checkpoint_path)  # noqa: PTH118
    for i, each in enumerate(state.all_model_checkpoint_paths):
        state.all_model_checkpoint_paths[i] = os.path.join(folder, each)  # noqa: PTH118
    latest = state.model_checkpoint_path
    if _is_torn(latest) or (not checkpoint_exists(latest) and checkpoint_exists(replaced(latest))):
        others = [path for path in state.all_model_checkpoint_paths if path != latest]
        for path in (replaced(latest), *reversed(others)):
            if checkpoint_exists(path) and not _is_torn(path):
                _LOG.warning("The checkpoint %s is torn: taking %s instead.", latest, path)
                state.model_checkpoint_path = path
                break
    return state


def _is_torn(prefix: str) -> bool:
    """Tell whether a checkpoint that there is, of format V2, is not all there."""
    try:
        return BundleReader(prefix).is_torn()
    except NotFoundError:
        return False
    except DataLossError:
        return True


def generate_checkpoint_state_proto(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> Any:
    """Return a CheckpointState.

    Args:
        save_dir: the folder; if it is relative, relative paths become relative to it.
        model_checkpoint_path: the latest checkpoint.
        all_model_checkpoint_paths: all of them, from old to new.
        all_model_checkpoint_timestamps: when each was written, in seconds since 1970.
        last_preserved_timestamp: when the last one was written that is kept for good.

    Raises:
        ValueError: if there are not as many times as paths.
    """
    folder, latest = os.fsdecode(save_dir), model_checkpoint_path
    paths = list(all_model_checkpoint_paths or ())
    if not paths or paths[-1] != latest:
        paths.append(latest)
    times = list(all_model_checkpoint_timestamps or ())
    if times and len(times) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths (got "
            f"paths {paths} and timestamps {times})"
        )
    if not Path(folder).is_absolute():
        latest, *paths = [_relative(path, folder) for path in (latest, *paths)]
    return protos.CheckpointState(
        model_checkpoint_path=latest,
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=times,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def update_checkpoint_state(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Write the file `checkpoint`, all or nothing.

    Args:
        save_dir: the folder.
        model_checkpoint_path: as of `generate_checkpoint_state_proto`, likewise the rest.
        all_model_checkpoint_paths: see there.
        latest_filename: another name of the file.
        all_model_checkpoint_timestamps: see there.
        last_preserved_timestamp: see there.

    Raises:
        RuntimeError: if the checkpoint has the path of this file.
    """
    write_state(
        save_dir,
        generate_checkpoint_state_proto(
            save_dir,
            model_checkpoint_path,
            all_model_checkpoint_paths,
            all_model_checkpoint_timestamps,
            last_preserved_timestamp,
        ),
        latest_filename,
    )


def write_state(save_dir: Any, state: Any, latest_filename: str | None) -> None:
    """Write a CheckpointState to a folder's file.

    Raises:
        RuntimeError: if the checkpoint has the path of this file.
        OpError: if the folder cannot be written to.
    """
    from google.protobuf import text_format

    path = _state_path(save_dir, latest_filename)
    if str(path) == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{state.model_checkpoint_path}' conflicts with path used for checkpoint "
            "state.  Please use a different save path."
        )
    with told(str(path)), durable.file(path) as file:
        file.write(text_format.MessageToString(state).encode())


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """Return the path of the latest checkpoint of a folder, None if there is none.

    Args:
        checkpoint_dir: the folder.
        latest_filename: another name of the file `checkpoint`.
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not checkpoint_exists(state.model_checkpoint_path):
        return None
    path: str = state.model_checkpoint_path
    return path


def checkpoint_exists(checkpoint_prefix: Any) -> bool:
    """Tell whether there is a checkpoint of either format at a path.

    Args:
        checkpoint_prefix: its path, without endings; of the first format, a path or a pattern.
    """
    return _first_file(checkpoint_prefix) is not None


def get_checkpoint_mtimes(checkpoint_prefixes: Iterable[Any]) -> list[float]:
    """Return when checkpoints were written, in seconds since 1970; those that exist.

    Args:
        checkpoint_prefixes: their paths.
    """
    files = map(_first_file, checkpoint_prefixes)
    return [file.stat().st_mtime for file in files if file is not None]


def remove_checkpoint(
    checkpoint_prefix: Any,
    checkpoint_format_version: int = _V2,
    meta_graph_suffix: str = "meta",
) -> None:
    """Remove the files of a checkpoint, its MetaGraph included.

    Args:
        checkpoint_prefix: its path.
        checkpoint_format_version: SaverDef.V2, or V1.
        meta_graph_suffix: how the MetaGraph's file ends.
    """
    prefix = os.fsdecode(checkpoint_prefix)
    doomed = _matching(meta_graph_filename(prefix, meta_graph_suffix))
    if checkpoint_format_version == _V2:
        remove_bundle(prefix)
        remove_bundle(replaced(prefix))
    else:
        doomed += _matching(prefix)
    for file in doomed:
        file.unlink(missing_ok=True)


def meta_graph_filename(checkpoint_filename: str, meta_graph_suffix: str = "meta") -> str:
    """Return the path of the MetaGraph that belongs to a checkpoint."""
    base = re.sub(r"-[\d\?]+-of-\d+$", "", checkpoint_filename)
    return f"{base}.{meta_graph_suffix}"


def relative_state(state: Any, save_dir: Any) -> Any:
    """Return a CheckpointState with all paths relative to its folder."""
    folder = os.path.abspath(save_dir)  # noqa: PTH100 without following links
    state.model_checkpoint_path = _within(state.model_checkpoint_path, folder)
    for i, each in enumerate(state.all_model_checkpoint_paths):
        state.all_model_checkpoint_paths[i] = _within(each, folder)
    return state


def _within(path: str, folder: str) -> str:
    return os.path.relpath(path, folder) if Path(path).is_absolute() else path


def _relative(path: str, folder: str) -> str:
    return path if Path(path).is_absolute() else os.path.relpath(path, folder)


def _state_path(folder: Any, name: str | None) -> Path:
    return Path(os.fsdecode(folder), name or _FILE)


def _first_file(prefix: Any) -> Path | None:
    """Return a file that shows that there is a checkpoint: its table, or one of its files."""
    text = os.fsdecode(prefix)
    return next(iter([*_matching(f"{text}.index"), *_matching(text)]), None)


def _matching(pattern: str) -> list[Path]:
    path = Path(pattern)
    if not path.name:
        return []
    return [found for found in sorted(path.parent.glob(path.name)) if found.is_file()]
