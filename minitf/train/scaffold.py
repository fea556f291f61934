"""Scaffold: the operations that a training needs beside its step.

    scaffold = tf.train.Scaffold(init_fn=lambda _, sess: pretrained.restore(sess, path))
    with tf.train.MonitoredTrainingSession(scaffold=scaffold) as sess: ...

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from minitf.api.control import group
from minitf.api.framework import add_to_collection, get_collection, get_default_graph
from minitf.api.state import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
    tables_initializer,
)
from minitf.graph_keys import GraphKeys
from minitf.summary.merging import merge_all
from minitf.train.saver import Saver


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

        self._init_op = either(init_op, "init_op")
        self._init_feed_dict = either(init_feed_dict, "init_feed_dict")
        self._user_init_fn: Any = either(init_fn, "_user_init_fn")
        self._ready_op = either(ready_op, "ready_op")
        self._ready_for_local_init_op = either(ready_for_local_init_op, "ready_for_local_init_op")
        self._local_init_op = either(local_init_op, "local_init_op")
        self._summary_op = either(summary_op, "summary_op")
        self._saver = either(saver, "saver")

    @property
    def init_op(self) -> Any:
        """What gives all global variables their values."""
        return self._init_op

    @property
    def init_feed_dict(self) -> Any:
        """The feeds of `init_op`."""
        return self._init_feed_dict

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        """The function that is called with a session after `init_op`, or None."""
        user = self._user_init_fn
        return None if user is None else lambda sess: user(self, sess)

    @property
    def ready_op(self) -> Any:
        """What names the variables without a value."""
        return self._ready_op

    @property
    def ready_for_local_init_op(self) -> Any:
        """What names those that `local_init_op` needs."""
        return self._ready_for_local_init_op

    @property
    def local_init_op(self) -> Any:
        """What runs in every new session."""
        return self._local_init_op

    @property
    def summary_op(self) -> Any:
        """The merged summaries; None if there are none."""
        return self._summary_op

    @property
    def saver(self) -> Any:
        """The Saver."""
        return self._saver

    def finalize(self) -> Scaffold:
        """Make what was not given, and finalize the graph."""
        default = self.get_or_default
        if self._init_op is None:
            self._init_op = default("init_op", GraphKeys.INIT_OP, _default_init_op)
        if self._ready_op is None:
            self._ready_op = default("ready_op", GraphKeys.READY_OP, report_uninitialized_variables)
        if self._ready_for_local_init_op is None:
            self._ready_for_local_init_op = default(
                "ready_for_local_init_op",
                GraphKeys.READY_FOR_LOCAL_INIT_OP,
                lambda: report_uninitialized_variables(global_variables()),
            )
        if self._local_init_op is None:
            self._local_init_op = default(
                "local_init_op", GraphKeys.LOCAL_INIT_OP, self.default_local_init_op
            )
        if self._summary_op is None:
            self._summary_op = default("summary_op", GraphKeys.SUMMARY_OP, merge_all)
        if self._saver is None:
            self._saver = default(
                "saver", GraphKeys.SAVERS, lambda: Saver(sharded=True, allow_empty=True)
            )
        self._saver.build()
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
        return group(local_variables_initializer(), tables_initializer())


def _default_init_op() -> Any:
    return group(global_variables_initializer())
