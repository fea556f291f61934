"""TensorFlow's wire messages as tables: packages, names, numbers and types are TensorFlow 1.15's.

One module per area, written in the words of `grammar`; `minitf.protos` makes the classes.

State: TABLES, all messages and enums that stand by themselves, by name; constant.
"""

from __future__ import annotations

from minitf.schema import (
    checkpoint,
    cluster,
    config,
    example,
    graph,
    profiler,
    projector,
    readers,
    saved_model,
    saved_objects,
    session,
    structures,
    summary,
    tensor,
    training,
)
from minitf.schema.grammar import Table

_AREAS = (
    tensor,
    graph,
    cluster,
    config,
    session,
    summary,
    example,
    readers,
    training,
    checkpoint,
    structures,
    saved_objects,
    saved_model,
    projector,
    profiler,
)

TABLES: dict[str, type[Table]] = {
    name: table
    for area in _AREAS
    for name, table in vars(area).items()
    if isinstance(table, type) and table.__module__ == area.__name__
}
