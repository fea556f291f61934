"""Scaffold: the operations that a training needs beside its step, and the makers of its sessions.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from minitf.api.array import concat
from minitf.api.control import group
from minitf.api.framework import add_to_collection, get_collection, get_default_graph
from minitf.api.state import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from minitf.graph_keys import GraphKeys
from minitf.train.saver import Saver
from minitf.train.session_manager import SessionManager


class Scaffold:
    """Holds, or makes when finalized, the operations that a training needs.

    Args:
        init_op: gives all global variables their values.
        init_feed_dict: its feeds.
        init_fn: called with the scaffold and the session after it.
        ready_op: names the variables without a value.
        ready_for_local_init_op: names those that `local_init_op` needs.
        local_init_op: runs in every new session.
        summary_op: the merged summaries.
        saver: the Saver.
        copy_from_scaffold: another scaffold, whose parts stand in for those not given.

    Raises:
        TypeError: if `copy_from_scaffold` is no Scaffold.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Any = None,
        copy_from_scaffold: Scaffold | None = None,
    ) -> None:
        other = copy_from_scaffold
        if other is not None and not isinstance(other, Scaffold):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")

        def either(own: Any, name: str) -> Any:
            return getattr(other, name) if own is None and other is not None else own

        self.init_op = either(init_op, "init_op")
        self.init_feed_dict = either(init_feed_dict, "init_feed_dict")
        self._user_init_fn = init_fn or (other._user_init_fn if other else None)  # noqa: SLF001
        self.ready_op = either(ready_op, "ready_op")
        self.ready_for_local_init_op = either(ready_for_local_init_op, "ready_for_local_init_op")
        self.local_init_op = either(local_init_op, "local_init_op")
        self.summary_op = either(summary_op, "summary_op")
        self.saver = either(saver, "saver")

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        """The function that is called with a session after `init_op`, or None."""
        user = self._user_init_fn
        return None if user is None else lambda sess: user(self, sess)

    def finalize(self) -> Scaffold:
        """Make what was not given, and finalize the graph."""
        default = self.get_or_default
        if self.init_op is None:
            self.init_op = default("init_op", GraphKeys.INIT_OP, _default_init_op)
        if self.ready_op is None:
            self.ready_op = default("ready_op", GraphKeys.READY_OP, _default_ready_op)
        if self.ready_for_local_init_op is None:
            self.ready_for_local_init_op = default(
                "ready_for_local_init_op",
                GraphKeys.READY_FOR_LOCAL_INIT_OP,
                lambda: concat([report_uninitialized_variables(global_variables())], 0),
            )
        if self.local_init_op is None:
            self.local_init_op = default(
                "local_init_op", GraphKeys.LOCAL_INIT_OP, self.default_local_init_op
            )
        if self.summary_op is None:
            self.summary_op = default("summary_op", GraphKeys.SUMMARY_OP, lambda: None)
        if self.saver is None:
            self.saver = default(
                "saver", GraphKeys.SAVERS, lambda: Saver(sharded=True, allow_empty=True)
            )
        self.saver.build()
        get_default_graph().finalize()
        logging.getLogger("tensorflow").info("Graph was finalized.")
        return self

    @staticmethod
    def get_or_default(arg_name: str, collection_key: Any, default_constructor: Any) -> Any:
        """Return what stands in a collection; make it and put it there if nothing does.

        Raises:
            RuntimeError: if there are several.
        """
        found = get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}". Please indicate which '
                f"one to use by passing it to the tf.Scaffold constructor as:  "
                f"tf.Scaffold({arg_name}=item to use)"
            )
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op() -> Any:
        """Return what initializes local variables and tables."""
        return group(local_variables_initializer(), *get_collection(GraphKeys.TABLE_INITIALIZERS))


def _default_init_op() -> Any:
    return group(global_variables_initializer())


def _default_ready_op() -> Any:
    return concat([report_uninitialized_variables()], 0)


class SessionCreator:
    """Makes sessions for a MonitoredSession.

    Source: TensorFlow 1.15.
    """

    def create_session(self) -> Any:
        """Return a new session."""
        raise NotImplementedError(f"create_session is not implemented for {self}.")


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
        self.scaffold = scaffold or Scaffold()
        self._master = master
        self._config = config
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_filename_with_path = checkpoint_filename_with_path

    def create_session(self) -> Any:
        """Return a new session, restored or initialized."""
        scaffold = self.scaffold.finalize()
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
        self.scaffold = scaffold or Scaffold()
        self._master = master
        self._config = config
        self._max_wait_secs = max_wait_secs

    def create_session(self) -> Any:
        """Return a new session once the chief has initialized the variables."""
        return _manager(self.scaffold.finalize()).wait_for_session(
            self._master, config=self._config, max_wait_secs=self._max_wait_secs
        )


def _manager(scaffold: Scaffold) -> SessionManager:
    return SessionManager(
        local_init_op=scaffold.local_init_op,
        ready_op=scaffold.ready_op,
        ready_for_local_init_op=scaffold.ready_for_local_init_op,
        graph=get_default_graph(),
    )
