"""What a variable may be told when it is made: enumerations and checks.

Source: TensorFlow 1.15's tf.Variable.
"""

from __future__ import annotations

import enum
from typing import Any

from minitf.graph_keys import GraphKeys


class VariableSynchronization(enum.Enum):
    """When copies of a variable on several devices are brought together; recorded only."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How copies of a variable on several devices are combined; recorded only."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3  # noqa: PIE796 the older name


def is_trainable(trainable: bool | None, synchronization: VariableSynchronization) -> bool:
    """Tell whether optimizers change a variable: by default, unless it is synchronised on read."""
    if trainable is None:
        return synchronization is not VariableSynchronization.ON_READ
    return trainable


def checked_collections(collections: Any, *, trainable: bool) -> list[str]:
    """Return the names of the collections that a variable joins.

    Raises:
        ValueError: if they are not in a list, tuple or set.
    """
    if collections is None:
        collections = [GraphKeys.GLOBAL_VARIABLES]
    if not isinstance(collections, (list, tuple, set)):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or set. "
            f"Got {collections} of type {type(collections)}"
        )
    key = GraphKeys.TRAINABLE_VARIABLES
    return [*collections, key] if trainable and key not in collections else list(collections)
