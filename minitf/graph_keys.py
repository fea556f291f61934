"""Collections of a graph: named lists of anything, and the standard names of them.

Source: TensorFlow's `GraphKeys`; the library layers agree through these.
"""

from __future__ import annotations

import re
import threading
from typing import Any


class GraphKeys:
    """Names of the collections that the library itself fills or reads."""

    GLOBAL_VARIABLES = "variables"
    VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    METRIC_VARIABLES = "metric_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    SUMMARIES = "summaries"
    QUEUE_RUNNERS = "queue_runners"
    TABLE_INITIALIZERS = "table_initializer"
    ASSET_FILEPATHS = "asset_filepaths"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    CONCATENATED_VARIABLES = "concatenated_variables"
    SAVERS = "savers"
    WEIGHTS = "weights"
    BIASES = "biases"
    ACTIVATIONS = "activations"
    UPDATE_OPS = "update_ops"
    LOSSES = "losses"
    SAVEABLE_OBJECTS = "saveable_objects"
    RESOURCES = "resources"
    LOCAL_RESOURCES = "local_resources"
    TRAINABLE_RESOURCE_VARIABLES = "trainable_resource_variables"
    INIT_OP = "init_op"
    LOCAL_INIT_OP = "local_init_op"
    READY_OP = "ready_op"
    READY_FOR_LOCAL_INIT_OP = "ready_for_local_init_op"
    SUMMARY_OP = "summary_op"
    GLOBAL_STEP = "global_step"
    EVAL_STEP = "eval_step"
    TRAIN_OP = "train_op"
    COND_CONTEXT = "cond_context"
    WHILE_CONTEXT = "while_context"


# The operations that open the files of `tf.contrib.summary`; TensorFlow keeps the name to itself.
SUMMARY_WRITER_INITIALIZERS = "_SUMMARY_WRITER_INIT_OP"


class Collections:
    """The part of a Graph that keeps named lists, until it is finalized.

    A name may be any hashable object.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self._collections: dict[Any, list[Any]] = {}
        self._finalized = False

    @property
    def finalized(self) -> bool:
        """Whether it may not change any more."""
        return self._finalized

    def finalize(self) -> None:
        """Refuse any further change."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        """Allow changes again; TensorFlow's name, which its users call."""
        self._finalized = False

    def check_not_finalized(self) -> None:
        """Raise RuntimeError if the graph is finalized."""
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append a value to a named collection."""
        self.check_not_finalized()
        with self.lock:
            self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append a value to each of several collections."""
        for name in (names,) if isinstance(names, str) else dict.fromkeys(names):
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """Return a collection itself: changing the list changes the collection."""
        with self.lock:
            return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """Return a copy of a collection; with `scope`, only items whose name matches it."""
        with self.lock:
            found = list(self._collections.get(name, ()))
        if scope is None:
            return found
        pattern = re.compile(scope)
        return [each for each in found if hasattr(each, "name") and pattern.match(each.name)]

    def get_all_collection_keys(self) -> list[Any]:
        """Return the names of all collections that are strings."""
        with self.lock:
            return [key for key in self._collections if isinstance(key, str)]

    @property
    def collections(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        """Forget a collection."""
        self.check_not_finalized()
        with self.lock:
            self._collections.pop(name, None)
