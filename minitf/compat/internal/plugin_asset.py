"""`tensorflow.python.summary.plugin_asset`: files of TensorBoard's plugins beside a graph's events.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from minitf.api.framework import get_default_graph
from minitf.graph import Graph
from minitf.summary.file_writer import PLUGIN_ASSETS


class PluginAsset(ABC):
    """What a plugin of TensorBoard writes beside a graph; a subclass sets `plugin_name`."""

    plugin_name: str | None = None

    @abstractmethod
    def assets(self) -> dict[str, str]:
        """Return the files by name."""


Asset = TypeVar("Asset", bound=PluginAsset)


def get_plugin_asset(plugin_asset_cls: type[Asset], graph: Graph | None = None) -> Asset:
    """Return a graph's object of a class; there is one for each plugin.

    Args:
        plugin_asset_cls: a subclass of PluginAsset.
        graph: the Graph; the default one if None.

    Raises:
        ValueError: if the class has no name, or the graph has another class of that name.
    """
    name = plugin_asset_cls.plugin_name
    if not name:
        raise ValueError(f"Class {plugin_asset_cls.__name__} has no plugin_name")
    for each in get_all_plugin_assets(graph):
        if each.plugin_name == name:
            if not isinstance(each, plugin_asset_cls):
                raise ValueError(
                    f"Collision for plugin name {name}: an object of {type(each).__name__} has it"
                )
            return each
    made = plugin_asset_cls()
    (graph or get_default_graph()).add_to_collection(PLUGIN_ASSETS, made)
    return made


def get_all_plugin_assets(graph: Graph | None = None) -> list[PluginAsset]:
    """Return all of a graph's objects.

    Args:
        graph: the Graph; the default one if None.
    """
    found: list[PluginAsset] = (graph or get_default_graph()).get_collection(PLUGIN_ASSETS)
    return found
