"""Sessions that write all they run to folders, and the files that only Python can write.

Source: TensorFlow 1.15's `tensorflow.python.debug.wrappers.dumping_wrapper`.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.tfdbg.data import FEEDS_FILE, FETCHES_FILE
from minitf.tfdbg.wrapped_session import NonInteractiveDebugWrapperSession, WatchFunction


class DumpingDebugWrapperSession(NonInteractiveDebugWrapperSession):
    """A session whose runs each write a folder `run_TIME_NUMBER`, which DebugDumpDir reads.

    Args:
        sess: a Session or MonitoredSession.
        session_root: where the folders go: a new folder, or an empty one.
        watch_fn: says by fetches and feeds what to watch: everything if None.
        thread_name_filter, pass_through_operrors: as of BaseDebugWrapperSession.

    Raises:
        TypeError: if `sess` is no session, or `watch_fn` no function.
        ValueError: if there is something at `session_root`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        sess: Any,
        session_root: str,
        watch_fn: WatchFunction | None = None,
        thread_name_filter: str | None = None,
        pass_through_operrors: bool | None = None,
    ) -> None:
        super().__init__(sess, watch_fn, thread_name_filter, pass_through_operrors)
        self._session_root = empty_folder("session_root", session_root)

    def prepare_run_debug_urls(self, fetches: Any, feed_dict: Any) -> str:
        """Make the folder of a run, and note there what is fetched and fed."""
        return (
            f"file://{new_run_folder(self._session_root, self.run_call_count, fetches, feed_dict)}"
        )


def empty_folder(what: str, path: str) -> Path:
    """Return a folder that is empty or not there yet.

    Raises:
        ValueError: if it is a file, or not empty.
    """
    folder = Path(path).expanduser().absolute()
    if folder.exists():
        if not folder.is_dir():
            raise ValueError(f"{what} path points to a file: {path}")
        if any(folder.iterdir()):
            raise ValueError(f"{what} path points to a non-empty directory: {path}")
    return folder


def new_run_folder(root: Path, number: int, fetches: Any, feed_dict: Any) -> Path:
    """Make the folder of a run, with texts that tell what is fetched and fed."""
    folder = root / f"run_{time.time_ns() // 1000}_{number}"
    folder.mkdir(parents=True)
    keys = None if feed_dict is None else feed_dict.keys()
    for name, text in ((FETCHES_FILE, repr(fetches)), (FEEDS_FILE, repr(keys))):
        event = protos.Event()
        event.log_message.message = text
        (folder / name).write_bytes(event.SerializeToString())
    return folder
