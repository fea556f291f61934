"""`dataset_serialization_test_base` of `tf.data`: iterators that are saved go on where they stood.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from minitf import errors, nest
from minitf.api.framework import add_to_collection, get_collection
from minitf.api.state import global_variables_initializer, tables_initializer
from minitf.compat.internal import data_nest
from minitf.compat.test_case import TestCase
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.data.options import Options
from minitf.dtypes import variant
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.input_checkpoints import make_saveable_from_iterator
from minitf.train.meta_graph_import import import_meta_graph
from minitf.train.saver import Saver

MakeDataset = Callable[[], Any]
_OPS = "iterator_ops"


def remove_variants(get_next_op: Any) -> Any:
    """Return a structure without Tensors that cannot be fetched: empty tuples instead."""
    return nest.map_structure(
        lambda each: () if getattr(each, "dtype", None) is variant else each, get_next_op
    )


class DatasetSerializationTestBase(TestCase):
    """Tests of saved iterators.

    A dataset comes as a function that makes it, with the number of its elements.
    """

    def tearDown(self) -> None:
        """Remove the checkpoint."""
        self._delete_ckpt()
        super().tearDown()

    def run_core_tests(
        self, ds_fn: MakeDataset, num_outputs: int, sparse_tensors: bool = False
    ) -> None:
        """Check an iterator that is saved unused, used, exhausted, often, and begun anew."""
        options = Options()
        options.experimental_optimization.apply_default_optimizations = False

        def make() -> Any:
            return ds_fn().with_options(options)

        for check in (
            self.verify_unused_iterator,
            self.verify_fully_used_iterator,
            self.verify_exhausted_iterator,
            self.verify_multiple_breaks,
            self.verify_reset_restored_iterator,
        ):
            check(make, num_outputs, sparse_tensors=sparse_tensors)

    def verify_unused_iterator(
        self,
        ds_fn: MakeDataset,
        num_outputs: int,
        sparse_tensors: bool = False,
        verify_exhausted: bool = True,
    ) -> None:
        """Check an iterator that is saved before its first element."""
        self.verify_run_with_breaks(ds_fn, [0], num_outputs, sparse_tensors, verify_exhausted)

    def verify_fully_used_iterator(
        self, ds_fn: MakeDataset, num_outputs: int, sparse_tensors: bool = False
    ) -> None:
        """Check an iterator that is saved after its last element."""
        self.verify_run_with_breaks(ds_fn, [num_outputs], num_outputs, sparse_tensors)

    def verify_exhausted_iterator(
        self, ds_fn: MakeDataset, num_outputs: int, sparse_tensors: bool = False
    ) -> None:
        """Check an iterator that is saved after its end."""
        self.gen_outputs(ds_fn, [], num_outputs, sparse_tensors=sparse_tensors)
        found = self.gen_outputs(ds_fn, [], 0, ckpt_saved=True, sparse_tensors=sparse_tensors)
        self.assertEqual(len(found), 0)

    def verify_multiple_breaks(
        self,
        ds_fn: MakeDataset,
        num_outputs: int,
        num_breaks: int = 10,
        sparse_tensors: bool = False,
        verify_exhausted: bool = True,
    ) -> None:
        """Check an iterator that is saved and restored several times."""
        breaks = self.gen_break_points(num_outputs, num_breaks)
        self.verify_run_with_breaks(ds_fn, breaks, num_outputs, sparse_tensors, verify_exhausted)

    def verify_reset_restored_iterator(
        self,
        ds_fn: MakeDataset,
        num_outputs: int,
        break_point: int | None = None,
        sparse_tensors: bool = False,
        verify_exhausted: bool = True,
    ) -> None:
        """Check that an iterator that is begun after it was restored gives all elements."""
        how = {"sparse_tensors": sparse_tensors, "verify_exhausted": verify_exhausted}
        expected = self.gen_outputs(ds_fn, [], num_outputs, **how)
        half = break_point or num_outputs // 2
        self.gen_outputs(ds_fn, [], half, sparse_tensors=sparse_tensors, verify_exhausted=False)
        with Graph().as_default() as graph:
            saver = self._import_meta_graph()
            begin, element = self._get_iterator_ops_from_collection(ds_fn, sparse_tensors)
            element = remove_variants(element)
            with self.session(graph=graph) as session:
                self._initialize(begin, session)
                self._restore(saver, session)
                self._initialize(begin, session)
                found = [session.run(element) for _ in range(num_outputs)]
                self._check_end(session, element, verify_exhausted)
        self.match(expected, found)

    def verify_error_on_save(
        self,
        ds_fn: MakeDataset,
        num_outputs: int,
        error: type[Exception],
        break_point: int | None = None,
        sparse_tensors: bool = False,
    ) -> None:
        """Check that an iterator cannot be saved."""
        with Graph().as_default() as graph:
            begin, element, saver = self._build_graph(ds_fn, sparse_tensors)
            element = remove_variants(element)
            with self.session(graph=graph) as session:
                self._initialize(begin, session)
                for _ in range(break_point or num_outputs // 2):
                    session.run(element)
                with self.assertRaises(error):
                    self._save(session, saver)

    def verify_run_with_breaks(
        self,
        ds_fn: MakeDataset,
        break_points: Sequence[int],
        num_outputs: int,
        sparse_tensors: bool = False,
        verify_exhausted: bool = True,
    ) -> None:
        """Check that an iterator gives the same whether it is saved at some places or not."""
        how = {"sparse_tensors": sparse_tensors, "verify_exhausted": verify_exhausted}
        self.match(
            self.gen_outputs(ds_fn, [], num_outputs, **how),
            self.gen_outputs(ds_fn, break_points, num_outputs, **how),
        )

    def gen_outputs(
        self,
        ds_fn: MakeDataset,
        break_points: Sequence[int],
        num_outputs: int,
        ckpt_saved: bool = False,
        sparse_tensors: bool = False,
        verify_exhausted: bool = True,
        save_checkpoint_at_end: bool = True,
    ) -> list[Any]:
        """Return elements; at some places another graph and session go on from a checkpoint.

        Args:
            ds_fn: makes the dataset.
            break_points: after how many elements.
            num_outputs: how many elements.
            ckpt_saved: whether there is a checkpoint to begin with.
            sparse_tensors: whether elements are the three parts of a SparseTensor.
            verify_exhausted: whether the end must come then.
            save_checkpoint_at_end: whether to save then.
        """
        found: list[Any] = []
        ends = [*break_points, num_outputs]
        for number, (start, end) in enumerate(zip([0, *break_points], ends, strict=True)):
            is_last = number == len(break_points)
            with Graph().as_default() as graph:
                if ckpt_saved:
                    saver = self._import_meta_graph()
                    begin, element = self._get_iterator_ops_from_collection(ds_fn, sparse_tensors)
                else:
                    begin, element, saver = self._build_graph(ds_fn, sparse_tensors)
                element = remove_variants(element)
                with self.session(graph=graph) as session:
                    self._initialize(begin, session)
                    if ckpt_saved:
                        self._restore(saver, session)
                    found += [session.run(element) for _ in range(end - start)]
                    self._check_end(session, element, is_last and verify_exhausted)
                    if save_checkpoint_at_end or not is_last:
                        self._save(session, saver)
                        ckpt_saved = True
        return found

    def _check_end(self, session: Any, element: Any, wanted: bool) -> None:
        if wanted:
            with self.assertRaises(errors.OutOfRangeError):
                session.run(element)

    def match(self, expected: Any, actual: Any) -> None:
        """Check that two structures have equal values."""
        expected, actual = (
            each.tolist() if isinstance(each, np.ndarray) else each for each in (expected, actual)
        )
        self.assertEqual(type(expected), type(actual))
        if isinstance(expected, SparseTensorValue):
            self.match(tuple(expected), tuple(actual))
        elif isinstance(expected, dict):
            self.assertEqual(sorted(expected), sorted(actual))
            for key in expected:
                self.match(expected[key], actual[key])
        elif isinstance(expected, (list, tuple)):
            self.assertEqual(len(expected), len(actual))
            for pair in zip(expected, actual, strict=True):
                self.match(*pair)
        else:
            self.assertEqual(expected, actual)

    def does_not_match(self, expected: Any, actual: Any) -> None:
        """Check that two structures have not."""
        with self.assertRaises(AssertionError):
            self.match(expected, actual)

    def gen_break_points(self, num_outputs: int, num_samples: int = 10) -> Any:
        """Return so many places between the first element and the end."""
        return np.linspace(0, num_outputs, num_samples, dtype=int)

    # --- graphs ----------------------------------------------------------------------------------

    def _build_graph(self, ds_fn: MakeDataset, sparse_tensors: bool = False) -> Any:
        iterator = ds_fn().make_initializable_iterator()
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, make_saveable_from_iterator(iterator))
        element = iterator.get_next()
        if sparse_tensors:
            element = SparseTensor(*element)
        add_to_collection(_OPS, iterator.initializer)
        for each in data_nest.flatten(element):
            is_sparse = isinstance(each, SparseTensor)
            for part in (each.indices, each.values, each.dense_shape) if is_sparse else (each,):
                add_to_collection(_OPS, part)
        return iterator.initializer, element, Saver(allow_empty=True)

    def _get_iterator_ops_from_collection(
        self, ds_fn: MakeDataset, sparse_tensors: bool = False
    ) -> Any:
        begin, *parts = get_collection(_OPS)
        if sparse_tensors:
            return begin, SparseTensor(*parts)
        with Graph().as_default():
            dataset = ds_fn()
        left = iter(parts)
        flat = [
            SparseTensor(next(left), next(left), next(left)) if each is SparseTensor else next(left)
            for each in data_nest.flatten(dataset.output_classes)
        ]
        return begin, data_nest.pack_sequence_as(dataset.output_types, flat)

    def _initialize(self, init_op: Any, sess: Any) -> None:
        sess.run(global_variables_initializer())
        sess.run(tables_initializer())
        sess.run(init_op)

    # --- checkpoints -----------------------------------------------------------------------------

    def _ckpt_path(self) -> str:
        return os.path.join(self.get_temp_dir(), "iterator")  # noqa: PTH118

    def _latest_ckpt(self) -> str | None:
        return latest_checkpoint(self.get_temp_dir())

    def _save(self, sess: Any, saver: Any) -> None:
        saver.save(sess, self._ckpt_path())

    def _restore(self, saver: Any, sess: Any) -> None:
        sess.run(tables_initializer())
        saver.restore(sess, self._latest_ckpt())

    def _import_meta_graph(self) -> Any:
        return import_meta_graph(f"{self._ckpt_path()}.meta")

    def _delete_ckpt(self) -> None:
        path = Path(self._ckpt_path())
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
