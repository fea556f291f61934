"""Session creators: how a monitored session gets its sessions, as the chief or as a worker.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from minitf.api.framework import get_default_graph
from minitf.train.scaffold import Scaffold
from minitf.train.session_manager import SessionManager


class SessionCreator(ABC):
    """Makes sessions for a MonitoredSession.

    Source: TensorFlow 1.15.
    """

    @abstractmethod
    def create_session(self) -> Any:
        """Return a new session."""


class ChiefSessionCreator(SessionCreator):
    """Makes sessions that are restored from a checkpoint or initialized.

    Args:
        scaffold: the operations for that; a default one if None.
        master: the target of the sessions.
        config: ConfigProto.
        checkpoint_dir: the folder whose latest checkpoint is restored.
        checkpoint_filename_with_path: the checkpoint, instead.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: Any = None,
        checkpoint_filename_with_path: Any = None,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._master = master
        self._config = config
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_filename_with_path = checkpoint_filename_with_path

    def create_session(self) -> Any:
        """Return a new session, restored or initialized."""
        scaffold = self._scaffold.finalize()
        return _manager(scaffold).prepare_session(
            self._master,
            saver=scaffold.saver,
            checkpoint_dir=self._checkpoint_dir,
            checkpoint_filename_with_path=self._checkpoint_filename_with_path,
            config=self._config,
            init_op=scaffold.init_op,
            init_feed_dict=scaffold.init_feed_dict,
            init_fn=scaffold.init_fn,
        )


class WorkerSessionCreator(SessionCreator):
    """Makes sessions whose variables the chief initializes.

    Args:
        scaffold: the operations for that; a default one if None.
        master: the target, whose state chief and worker share.
        config: ConfigProto.
        max_wait_secs: how long to wait for the chief.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        max_wait_secs: float = 30 * 60,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._master = master
        self._config = config
        self._max_wait_secs = max_wait_secs

    def create_session(self) -> Any:
        """Return a new session once the chief has initialized the variables."""
        return _manager(self._scaffold.finalize()).wait_for_session(
            self._master, config=self._config, max_wait_secs=self._max_wait_secs
        )


def _manager(scaffold: Scaffold) -> SessionManager:
    return SessionManager(
        local_init_op=scaffold.local_init_op,
        ready_op=scaffold.ready_op,
        ready_for_local_init_op=scaffold.ready_for_local_init_op,
        graph=get_default_graph(),
    )
