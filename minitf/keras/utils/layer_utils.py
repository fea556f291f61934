"""The table of a model's layers, and where tensors come from.

Source: TensorFlow 1.15's `tf.keras.Model.summary` and `tf.keras.utils`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest
from minitf.keras.engine.inner import distinct
from minitf.keras.engine.nodes import history_of


def count_params(weights: Sequence[Any]) -> int:
    """Return how many numbers variables hold."""
    return sum(math.prod(each.shape.as_list()) for each in distinct(weights))


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
) -> None:
    """Print a table of a model's layers; see `Model.summary`."""
    show = print if print_fn is None else print_fn
    linked = not _is_chain(model)
    titles = ["Layer (type)", "Output Shape", "Param #"]
    if linked:
        length, ends = line_length or 98, list(positions or (0.33, 0.55, 0.67, 1.0))
        titles.append("Connected to")
    else:
        length, ends = line_length or 65, list(positions or (0.45, 0.85, 1.0))
    if ends[-1] <= 1:
        ends = [int(length * each) for each in ends]
    columns = [int(each) for each in ends]
    show(f'Model: "{model.name}"')
    show("_" * length)
    _line(show, titles, columns)
    show("=" * length)
    layers = model.layers
    for number, layer in enumerate(layers):
        cells = [f"{layer.name} ({type(layer).__name__})", _shape(layer), str(layer.count_params())]
        sources = _sources(model, layer) if linked else []
        _line(show, [*cells, sources[0] if sources else ""], columns)
        for each in sources[1:]:
            _line(show, ["", "", "", each], columns)
        show(("=" if number == len(layers) - 1 else "_") * length)
    trained, others = (
        count_params(model.trainable_weights),
        count_params(model.non_trainable_weights),
    )
    show(f"Total params: {trained + others:,}")
    show(f"Trainable params: {trained:,}")
    show(f"Non-trainable params: {others:,}")
    show("_" * length)


def _line(show: Callable[[str], Any], cells: Sequence[str], columns: Sequence[int]) -> None:
    line = ""
    for cell, column in zip(cells, columns, strict=False):
        if line:
            line = f"{line[:-1]} "
        line = (line + cell)[:column].ljust(column)
    show(line)


def _shape(layer: Any) -> str:
    try:
        return str(layer.output_shape)
    except AttributeError:
        return "multiple"
    except RuntimeError:  # not called yet
        return "?"


def _is_chain(model: Any) -> bool:
    """Tell whether layers stand one after the other, so that no column says what follows what."""
    if model._topology is None or type(model).__name__ == "Sequential":  # noqa: SLF001
        return True
    nodes = model._topology.nodes  # noqa: SLF001
    within = set(nodes)
    if any(len(layers) > 1 for layers in model._topology.by_depth.values()):  # noqa: SLF001
        return False
    return all(
        len(node.sources) <= 1
        and sum(each in within for each in node.outbound_layer.inbound_nodes) <= 1
        for node in nodes
    )


def _sources(model: Any, layer: Any) -> list[str]:
    within = set(model._topology.nodes)  # noqa: SLF001
    return [
        f"{source.layer.name}[{source.node_index}][{source.tensor_index}]"
        for node in layer.inbound_nodes
        if node in within
        for source in node.sources
    ]


def get_source_inputs(tensor: Any, layer: Any = None, node_index: int | None = None) -> list[Any]:
    """Return the tensors that a tensor follows from and that no layer made of others.

    Args:
        tensor: the tensor, which a layer made.
        layer: the layer that made it; by default its history says so.
        node_index: the number of the call of the layer, likewise.
    """
    if history_of(tensor) is None:
        return [tensor]
    if layer is None or node_index:
        layer, node_index, _ = history_of(tensor)
    if not layer.inbound_nodes:
        return [tensor]
    node = layer.inbound_nodes[node_index or 0]
    before = nest.flatten(node.input_tensors)
    if not node.sources:
        return before
    return list(distinct(source for each in before for source in get_source_inputs(each)))
