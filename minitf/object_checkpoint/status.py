"""What `restore` returns: checks of how much was restored, and what runs the restore.

    status = checkpoint.restore(path)
    status.assert_consumed()            everything on both sides has its counterpart
    status.initialize_or_restore(sess)  values of the checkpoint, first values for the rest

Source: TensorFlow 1.15, `training/tracking/util.py`.
"""

from __future__ import annotations

import abc
from typing import Any, Self

from minitf.object_checkpoint.graph_view import ObjectGraphView
from minitf.object_checkpoint.restoring import NameBasedRestoration, Restoration
from minitf.object_checkpoint.sessions import get_session
from minitf.trackable.holding import TrackableDataStructure
from minitf.train.saver import Saver


class _LoadStatus(abc.ABC):
    """What is known of a restore."""

    @abc.abstractmethod
    def assert_consumed(self) -> Any:
        """Assert that all values of the checkpoint and all objects of the program matched."""

    @abc.abstractmethod
    def assert_existing_objects_matched(self) -> Any:
        """Assert that all objects of the program have values in the checkpoint."""

    @abc.abstractmethod
    def assert_nontrivial_match(self) -> Any:
        """Assert that something besides the root matched."""

    @abc.abstractmethod
    def run_restore_ops(self, session: Any = None) -> None:
        """Restore what was found, in a session."""

    @abc.abstractmethod
    def initialize_or_restore(self, session: Any = None) -> None:
        """Restore what was found, and give first values to the rest."""

    def expect_partial(self) -> Self:
        """Let values of the checkpoint be left over without a warning."""
        return self


class CheckpointLoadStatus(_LoadStatus):
    """Of a restore of a checkpoint of objects.

    Args:
        checkpoint: the restore.
        graph_view: the program's objects.
        feed_dict: what to feed: the path.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, checkpoint: Restoration, graph_view: ObjectGraphView, feed_dict: dict[Any, Any]
    ) -> None:
        self._checkpoint = checkpoint
        self._feed_dict = feed_dict
        self._graph_view = graph_view

    def assert_consumed(self) -> Self:
        """Assert that all values of the checkpoint and all objects of the program matched.

        Raises:
            AssertionError: if one has no counterpart; it says which.
        """
        self.assert_existing_objects_matched()
        for each in self._checkpoint.unresolved():
            raise AssertionError(f"Unresolved object in checkpoint: {each}")
        if self._checkpoint.slot_restorations:
            raise AssertionError(
                f"Unresolved slot restorations: {self._checkpoint.slot_restorations}"
            )
        if self._checkpoint.unused_attributes:
            known = self._checkpoint.all_python_objects
            raise AssertionError(
                "Unused attributes in these objects (the attributes exist in the checkpoint but "
                "were not restored): "
                f"{[(known[k], v) for k, v in self._checkpoint.unused_attributes.items()]}"
            )
        return self

    def assert_existing_objects_matched(self) -> Self:
        """Assert that all objects of the program have values in the checkpoint.

        Raises:
            AssertionError: if one has none; it says which.
        """
        for number, found in self._checkpoint.object_by_proto_id.items():
            if found._update_uid < self._checkpoint.restore_uid:  # noqa: SLF001 TensorFlow's name
                raise AssertionError(
                    f"Object not assigned a value from checkpoint: "
                    f"{self._checkpoint.described(number)}"
                )
        unmatched = self._unmatched(empty=False)
        if unmatched:
            raise AssertionError(
                "Some Python objects were not bound to checkpointed values, likely due to changes "
                f"in the Python program: {unmatched}"
            )
        return self

    def _unmatched(self, *, empty: bool) -> list[Any]:
        """Return the objects of the program that stand for none of the checkpoint.

        Args:
            empty: whether lists and dicts without parts count.
        """
        for each in self._graph_view.list_objects():
            is_container = isinstance(each, TrackableDataStructure)
            if empty or not is_container or each._checkpoint_dependencies:  # noqa: SLF001
                self._checkpoint.all_python_objects[id(each)] = each
        bound = {id(each) for each in self._checkpoint.object_by_proto_id.values()}
        known = self._checkpoint.all_python_objects
        return [each for number, each in known.items() if number not in bound]

    def assert_nontrivial_match(self) -> Self:
        """Assert that something besides the root matched.

        Raises:
            AssertionError: if nothing did.
        """
        unmatched = self._unmatched(empty=True)
        if len(self._checkpoint.object_by_proto_id) > 1:
            return self
        if unmatched:
            raise AssertionError(
                "Nothing except the root object matched a checkpointed value. Typically this means "
                "that the checkpoint does not match the Python program. The following objects have "
                f"no matching checkpointed value: {unmatched}"
            )
        raise AssertionError(
            f"Nothing to load. No dependencies have been added to {self._graph_view.root} yet."
        )

    def run_restore_ops(self, session: Any = None) -> None:
        """Restore what was found, in a session.

        Args:
            session: the session; the default one if None is given.
        """
        (session or get_session()).run(self._checkpoint.restore_ops, feed_dict=self._feed_dict)

    def initialize_or_restore(self, session: Any = None) -> None:
        """Restore what was found, and give first values to the rest.

        Args:
            session: the session; the default one if None is given.
        """
        session = session or get_session()
        restored = {id(each) for each in self._checkpoint.object_by_proto_id.values()}
        others = [each for each in self._graph_view.list_objects() if id(each) not in restored]
        self.run_restore_ops(session)
        session.run(initializers_before(others, self._checkpoint.restore_uid))

    def expect_partial(self) -> Self:
        """Let values of the checkpoint be left over without a warning."""
        self._checkpoint.expect_partial()
        return self


class InitializationOnlyStatus(_LoadStatus):
    """Of a restore without a checkpoint: objects get first values.

    Args:
        graph_view: the program's objects.
        restore_uid: the number of the restore.

    Source: TensorFlow 1.15.
    """

    def __init__(self, graph_view: ObjectGraphView, restore_uid: int) -> None:
        self._graph_view = graph_view
        self._restore_uid = restore_uid

    def _nothing(self) -> AssertionError:
        return AssertionError(
            "No checkpoint specified (save_path=None); nothing is being restored."
        )

    def assert_consumed(self) -> Any:
        """Fail: there is no checkpoint."""
        raise self._nothing()

    def assert_existing_objects_matched(self) -> Any:
        """Fail: there is no checkpoint."""
        raise self._nothing()

    def assert_nontrivial_match(self) -> Any:
        """Fail: there is no checkpoint."""
        raise self._nothing()

    def run_restore_ops(self, session: Any = None) -> None:
        """Fail: there is no checkpoint."""
        raise self._nothing()

    def initialize_or_restore(self, session: Any = None) -> None:
        """Give first values to objects that were never restored.

        Args:
            session: the session; the default one if None is given.
        """
        found = initializers_before(self._graph_view.list_objects(), self._restore_uid)
        (session or get_session()).run(found)


class NameBasedSaverStatus(_LoadStatus):
    """Of a restore of a checkpoint that a Saver wrote.

    Args:
        checkpoint: the restore.
        graph_view: the program's objects.

    Source: TensorFlow 1.15.
    """

    def __init__(self, checkpoint: NameBasedRestoration, graph_view: ObjectGraphView) -> None:
        self._checkpoint = checkpoint
        self._graph_view = graph_view

    def assert_consumed(self) -> Self:
        """Assert that all objects of the program were restored.

        Raises:
            AssertionError: if one was not, as before `run_restore_ops`.
        """
        if self._checkpoint.unused_attributes:
            known = {id(each): each for each in self._graph_view.list_objects()}
            unused = self._checkpoint.unused_attributes.items()
            raise AssertionError(
                "Some objects had attributes which were not restored: "
                f"{[(known.get(number), names) for number, names in unused]}"
            )
        for each in self._graph_view.list_objects():
            if each._update_uid < self._checkpoint.restore_uid:  # noqa: SLF001
                raise AssertionError(f"Object not restored: {each}")
        return self

    def assert_existing_objects_matched(self) -> Self:
        """Assert that all objects of the program were restored."""
        return self.assert_consumed()

    def assert_nontrivial_match(self) -> Self:
        """Assert that all objects of the program were restored."""
        return self.assert_consumed()

    def _gather_saveable_objects(self) -> list[Any]:
        found: list[Any] = []
        for each in self._graph_view.list_objects():
            if each._update_uid < self._checkpoint.restore_uid:  # noqa: SLF001
                each._update_uid = self._checkpoint.restore_uid  # noqa: SLF001
                found += self._checkpoint.globally_named_object_attributes(each)
        return found

    def run_restore_ops(self, session: Any = None) -> None:
        """Restore all objects, in a session.

        Args:
            session: the session; the default one if None is given.
        """
        session = session or get_session()
        with session.graph.as_default():
            found = self._gather_saveable_objects()
            Saver(found).restore(session, self._checkpoint.save_path)

    def initialize_or_restore(self, session: Any = None) -> None:
        """Restore all objects, in a session; see `run_restore_ops`."""
        self.run_restore_ops(session)


def initializers_before(objects: Any, restore_uid: int) -> list[Any]:
    """Return the initializers of objects that no restore of a number, or a later one, reached."""
    return [
        each.initializer
        for each in objects
        if getattr(each, "initializer", None) is not None and each._update_uid < restore_uid  # noqa: SLF001
    ]


def streaming_restore(status: Any, session: Any = None) -> None:
    """Restore what was found in a session, and further parts as soon as they are made.

    Args:
        status: what `restore` returned.
        session: the session; the default one if None is given.

    Raises:
        NotImplementedError: if a Saver wrote the checkpoint.
    """
    session = session or get_session()
    if isinstance(status, NameBasedSaverStatus):
        raise NotImplementedError(
            "Streaming restore not supported from name-based checkpoints when graph building. As "
            "a workaround, consider using tf.train.Checkpoint to load name-based checkpoints."
        )
    status.run_restore_ops(session)
    status._checkpoint.new_restore_ops_callback = lambda new_ops: session.run(  # noqa: SLF001
        new_ops,
        feed_dict=status._feed_dict,  # noqa: SLF001
    )
