"""AutoTrackable: an object whose attributes are its parts.

    model = AutoTrackable()
    model.w = tf.Variable(1.0)          the part "w"
    model.layers = [a, b]               the part "layers" with the parts "0" and "1"

Source: TensorFlow 1.15, `training/tracking/tracking.py`.
"""

from __future__ import annotations

import contextlib
import functools
import weakref
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from minitf.api.constants import constant
from minitf.api.framework import add_to_collection, init_scope
from minitf.dtypes import string
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.trackable import structures
from minitf.trackable.base import Trackable


class NotTrackable:
    """A mark of objects that are no parts though their classes are Trackable.

    Source: TensorFlow 1.15.
    """


_NOTHING = object()


class AutoTrackable(Trackable):
    """An object whose Trackable attributes, lists and dicts are its parts.

    Source: TensorFlow 1.15.
    """

    # attributes that are a class's own affair, and no parts
    _UNTRACKED: ClassVar[frozenset[str]] = frozenset(
        {
            "_unconditional_checkpoint_dependencies",
            "_unconditional_deferred_dependencies",
            "_unconditional_dependency_names",
        }
    )

    @property
    def _setattr_tracking(self) -> bool:
        """Whether attributes that are set become parts."""
        return self._self_setattr_tracking

    @_setattr_tracking.setter
    def _setattr_tracking(self, value: bool) -> None:
        vars(self)["_self_setattr_tracking"] = value

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute, and make it a part if it can be one.

        What is there already is not set again: a property without a setter may be given its value.
        """
        if _is_same(getattr(self, name, _NOTHING), value):
            return
        if self._self_setattr_tracking and name not in self._UNTRACKED:
            value = structures.sticky_attribute_assignment(self, value, name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        """Delete an attribute, which is no part any more."""
        self._untrack_trackable(name)
        super().__delattr__(name)

    def _no_dependency(self, value: Any) -> Any:
        return structures.NoDependency(value)


def _is_same(found: Any, value: Any) -> bool:
    """Tell whether both are one object, or views of the one shape of a tensor."""
    if isinstance(found, TensorShape) and isinstance(value, TensorShape):
        return found.static_shape is value.static_shape
    return found is value


def delete_tracking(obj: Any, name: str) -> None:
    """Forget a part of an object, if there is one of that name."""
    obj._untrack_trackable(name)  # noqa: SLF001 one of us


class _ByInstance:
    """Remembers what a method gave each object that it was called for."""

    def __init__(self, method: Callable[[Any], Any]) -> None:
        self._method = method
        self._known: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()

    def __call__(self, item: Any) -> Any:
        if item not in self._known:
            self._known[item] = self._method(item)
        return self._known[item]


def cached_per_instance(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a method without arguments run once for each object."""
    known = _ByInstance(f)

    @functools.wraps(f)
    def wrapped(item: Any) -> Any:
        return known(item)

    return wrapped


# --- resources -----------------------------------------------------------------------------------


class ResourceTracker:
    """Collects the resources that are made in a `resource_tracker_scope`."""

    def __init__(self) -> None:
        self._resources: list[Any] = []

    @property
    def resources(self) -> list[Any]:
        """The resources."""
        return self._resources

    def add_resource(self, resource: Any) -> None:
        """Add one."""
        self._resources.append(resource)


@contextlib.contextmanager
def resource_tracker_scope(resource_tracker: ResourceTracker) -> Iterator[None]:
    """Tell a ResourceTracker of the resources that are made in the block, and no outer one."""
    trackers = CapturableResource.trackers
    trackers.append(resource_tracker)
    try:
        yield
    finally:
        trackers.remove(resource_tracker)


class CapturableResource(Trackable):
    """An object with a resource handle, made when it is first asked for.

    Args:
        device: the device to make it on, "" for any.
        deleter: accepted for compatibility: resources end with their session.

    Source: TensorFlow 1.15.
    """

    trackers: ClassVar[list[ResourceTracker]] = []

    def __init__(self, device: str = "", deleter: Any = None) -> None:
        self._resource_handle: Any = None
        self._resource_device = device
        self._resource_deleter = deleter

    def _create_resource(self) -> Any:
        """Return a handle of the resource."""
        raise NotImplementedError("TrackableResource._create_resource not implemented.")

    def _initialize(self) -> Any:
        """Return the operation that fills the resource."""

    @property
    def resource_handle(self) -> Any:
        """The handle."""
        if self._resource_handle is None:
            from minitf.api.framework import device

            with init_scope(), device(self._resource_device):
                self._resource_handle = self._create_resource()
        return self._resource_handle


class TrackableResource(CapturableResource):
    """A CapturableResource that the innermost `resource_tracker_scope` knows.

    Args:
        device: the device to make it on, "" for any.
        deleter: accepted for compatibility: resources end with their session.

    Source: TensorFlow 1.15.
    """

    def __init__(self, device: str = "", deleter: Any = None) -> None:
        if self.trackers:
            self.trackers[-1].add_resource(self)
        super().__init__(device, deleter)


class CapturableResourceDeleter:
    """Deletes a resource when it is called.

    Args:
        destroy_resource_fn: deletes it; None for nothing to delete.

    Source: TensorFlow 1.15.
    """

    def __init__(self, destroy_resource_fn: Callable[[], Any] | None = None) -> None:
        self._destroy = destroy_resource_fn

    def destroy_resource(self) -> Any:
        """Delete the resource."""
        return self._destroy() if self._destroy is not None else None


class TrackableAsset(Trackable):
    """A file that a model needs, which a SavedModel holds a copy of.

    Args:
        path: the file, or a Tensor of it.

    Source: TensorFlow 1.15.
    """

    def __init__(self, path: Any) -> None:
        with init_scope():
            is_tensor = isinstance(path, Tensor)
            self._path = path if is_tensor else constant(path, name="asset_path", dtype=string)
        add_to_collection(GraphKeys.ASSET_FILEPATHS, self._path)

    @property
    def asset_path(self) -> Any:
        """The path, a Tensor of a string."""
        return self._path
