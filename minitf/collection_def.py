"""Collections in a MetaGraphDef: how their items are written and read.

Items of the graph are written by name; numbers and strings as they are; objects such as Variables
by functions that are registered for their collection.

**State**: `_REGISTERED`, collection -> how its items become messages; filled as the modules that
define such items are imported, at the latest when such items are written or read (`_DEFINED_IN`).

Source: TensorFlow 1.15, `meta_graph.proto` and `register_proto_function`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

from minitf import protos
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys


class _Form(NamedTuple):
    """How the items of a collection become messages: the class's name, and both ways."""

    message_name: str
    to_proto: Callable[..., Any]
    from_proto: Callable[..., Any]


_REGISTERED: dict[str, _Form] = {}
_DEFINED_IN = {
    **dict.fromkeys(
        (
            *(GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES),
            *(GraphKeys.MODEL_VARIABLES, GraphKeys.METRIC_VARIABLES, GraphKeys.GLOBAL_STEP),
            *(GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.TRAINABLE_RESOURCE_VARIABLES),
        ),
        "minitf.variables.base",
    ),
    GraphKeys.QUEUE_RUNNERS: "minitf.train.queue_runner",
    GraphKeys.COND_CONTEXT: "minitf.contexts.context_defs",
    GraphKeys.WHILE_CONTEXT: "minitf.contexts.context_defs",
}


def form_of(collection_name: str) -> _Form | None:
    """Return how the items of a collection become messages, None if they are no objects."""
    if collection_name in _DEFINED_IN and collection_name not in _REGISTERED:
        import_module(_DEFINED_IN[collection_name])
    return _REGISTERED.get(collection_name)


def register_proto_function(
    collection_name: str,
    proto_type: str,
    to_proto: Callable[..., Any],
    from_proto: Callable[..., Any],
) -> None:
    """Say how the items of a collection become messages.

    Args:
        collection_name: the collection.
        proto_type: the message's name in `minitf.protos`.
        to_proto: (item, export_scope=) -> message, None for an item to leave out.
        from_proto: (message, import_scope=) -> item.

    Raises:
        ValueError: if the collection is registered already.
    """
    if collection_name in _REGISTERED:
        raise ValueError(f"collection {collection_name!r} is registered already")
    _REGISTERED[collection_name] = _Form(proto_type, to_proto, from_proto)


def strip_name_scope(name: str, export_scope: str | None) -> str:
    """Take the scope off a name, also off `^scope/x` and `loc:@scope/x`."""
    if not export_scope:
        return name
    return re.sub(rf"^(\^|loc:@|){re.escape(export_scope)}/+", r"\1", name)


def prepend_name_scope(name: str, import_scope: str | None) -> str:
    """Put a scope before a name, also in `^x` and `loc:@x`."""
    if not import_scope:
        return name
    return re.sub(r"^(\^|loc:@|)", lambda match: f"{match[1]}{import_scope}/", name)


# --- writing ----------------------------------------------------------------------------------


def collection_def(key: str, items: Iterable[Any], export_scope: str | None = None) -> Any:
    """Return a collection as a CollectionDef, None if nothing of it can be written.

    Args:
        key: its name.
        items: what it holds.
        export_scope: leave out what stands outside this scope, and the scope in names.
    """
    kept = [item for item in items if _is_inside(item, export_scope)]
    message = protos.CollectionDef()
    try:
        form = form_of(key)
        if form is not None:
            found = [form.to_proto(item, export_scope=export_scope) for item in kept]
            message.bytes_list.value.extend(
                each.SerializeToString() for each in found if each is not None
            )
        elif kept:
            kind = _kind(kept[0])
            getattr(message, kind).value.extend(_WRITTEN[kind](item, export_scope) for item in kept)
    except (TypeError, AttributeError) as error:
        warnings.warn(
            f"Issue encountered when serializing {key}.\n  Type is unsupported, or the types of "
            f"the items don't match field type in CollectionDef: {error}\n  the collection is left "
            "out",
            stacklevel=2,
        )
        return None
    return message if message.WhichOneof("kind") else None


def _is_inside(item: Any, scope: str | None) -> bool:
    name = getattr(item, "name", None)
    return not scope or not isinstance(name, str) or name.startswith(f"{scope}/")


def _kind(item: Any) -> str:
    if isinstance(item, (str, bytes)):
        return "bytes_list"
    if isinstance(item, int):
        return "int64_list"
    if getattr(getattr(item, "DESCRIPTOR", None), "full_name", None) == "google.protobuf.Any":
        return "any_list"
    return "float_list" if isinstance(item, float) else "node_list"


_WRITTEN: dict[str, Callable[[Any, str | None], Any]] = {
    "bytes_list": lambda item, _: item.encode() if isinstance(item, str) else item,
    "int64_list": lambda item, _: item,
    "float_list": lambda item, _: item,
    "node_list": lambda item, scope: strip_name_scope(item.name, scope),
    "any_list": lambda item, _: _own_any(item),
}


def _own_any(item: Any) -> Any:
    """Return an Any, which may be of the public pool, as a message of ours."""
    own = protos.MetaGraphDef.MetaInfoDef().any_info
    own.MergeFromString(item.SerializeToString())
    return own


# --- reading ----------------------------------------------------------------------------------


def add_collections(graph: Graph, collections: Any, import_scope: str) -> None:
    """Add the items of CollectionDefs to a graph whose nodes are imported already.

    One message in several collections is one item: a Variable that is global and trainable.

    Args:
        graph: the graph.
        collections: CollectionDef messages by collection.
        import_scope: the scope that the nodes were imported into, without a slash.
    """
    items: dict[bytes, Any] = {}
    found: list[tuple[str, Any]] = []
    for key in sorted(collections):
        message = collections[key]
        kind = message.WhichOneof("kind")
        if kind is None:
            continue  # somebody wrote it without items
        form = form_of(key)
        for value in getattr(message, kind).value:
            item: Any = value
            if kind == "node_list":
                item = graph.as_graph_element(prepend_name_scope(value, import_scope))
            elif kind == "bytes_list" and form is not None:
                if value not in items:
                    items[value] = _item(form, value, import_scope)
                item = items[value]
            elif kind == "bytes_list" and import_scope:
                item = prepend_name_scope(value.decode(), import_scope)  # it may be a name
            found.append((key, item))
    for key, item in found:
        graph.add_to_collection(key, item)


def _item(form: _Form, content: bytes, import_scope: str) -> Any:
    message = getattr(protos, form.message_name).FromString(content)
    return form.from_proto(message, import_scope=import_scope)
