"""`tensorflow.python.data.kernel_tests.test_base`: what tests of datasets share.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from minitf import errors
from minitf.api.constants import zeros
from minitf.compat.internal import data_nest as nest
from minitf.compat.internal.data_structure import are_compatible
from minitf.compat.test_case import TestCase
from minitf.composite import SparseTensorValue
from minitf.data.dataset import Dataset
from minitf.dtypes import int64
from minitf.tensor_array import TensorArray


def default_test_combinations() -> list[OrderedDict[str, Any]]:
    """Return the modes in which TensorFlow runs a test of datasets."""
    return [
        OrderedDict([("mode", mode), ("tf_api_version", version)])
        for mode in ("eager", "graph")
        for version in (1, 2)
    ]


_ONE_OF_BOTH = "Exactly one of expected_output or expected error should be provided."


class DatasetTestBase(TestCase):
    """Tests of datasets, with checks of what one gives."""

    def assert_op_cancelled(self, op: Any) -> None:
        """Check that a run of an operation is cancelled."""
        with self.assertRaisesRegex(errors.CancelledError, "was cancelled"):
            self.evaluate(op)

    def assertValuesEqual(self, expected: Any, actual: Any) -> None:
        """Check that two values are equal: arrays, or sparse ones part by part."""
        if isinstance(expected, SparseTensorValue):
            for name in ("indices", "values", "dense_shape"):
                self.assertAllEqual(getattr(expected, name), getattr(actual, name))
        else:
            self.assertAllEqual(expected, actual)

    def getNext(
        self, dataset: Any, requires_initialization: bool = False, shared_name: str | None = None
    ) -> Callable[[], Any]:
        """Return what gives the tensors of the next element of a dataset.

        Args:
            dataset: the dataset.
            requires_initialization: whether its iterator must be begun: it has state.
            shared_name: the iterator's name.
        """
        if requires_initialization:
            iterator = dataset.make_initializable_iterator(shared_name)
            self.evaluate(iterator.initializer)
        else:
            iterator = dataset.make_one_shot_iterator()
        element = iterator.get_next()
        if isinstance(element, TensorArray):
            element = element.stack()
        return lambda: element

    def getDatasetOutput(self, dataset: Any, requires_initialization: bool = False) -> list[Any]:
        """Return the elements of a dataset."""
        get_next = self.getNext(dataset, requires_initialization)
        found = []
        while True:
            try:
                found.append(self.evaluate(get_next()))
            except errors.OutOfRangeError:
                return found

    def assertDatasetProduces(
        self,
        dataset: Any,
        expected_output: Sequence[Any] | None = None,
        expected_shapes: Any = None,
        expected_error: tuple[type[Exception], Any] | None = None,
        requires_initialization: bool = False,
        num_test_iterations: int = 1,
        assert_items_equal: bool = False,
        expected_error_iter: int = 1,
    ) -> None:
        """Check what a dataset gives: elements and then the end, or an error.

        Args:
            dataset: the dataset.
            expected_output: the elements.
            expected_shapes: the shapes of an element.
            expected_error: its class, and a pattern or a predicate of its message.
            requires_initialization: whether its iterator must be begun.
            num_test_iterations: how many iterations are looked at.
            assert_items_equal: whether elements may come in any order.
            expected_error_iter: which step raises the error.
        """
        self.assertTrue(expected_error is not None or expected_output is not None, _ONE_OF_BOTH)
        if expected_error:
            self.assertTrue(expected_output is None, _ONE_OF_BOTH)
            with self.assertRaisesWithPredicateMatch(*expected_error):
                get_next = self.getNext(dataset, requires_initialization)
                for _ in range(expected_error_iter):
                    self.evaluate(get_next())
            return
        assert expected_output is not None
        if expected_shapes:
            self.assertEqual(expected_shapes, dataset.output_shapes)
        self.assertGreater(num_test_iterations, 0)
        for _ in range(num_test_iterations):
            get_next = self.getNext(dataset, requires_initialization)
            found = [self.evaluate(get_next()) for _ in expected_output]
            self._compareOutputToExpected(found, expected_output, assert_items_equal)
            for _ in range(2):
                with self.assertRaises(errors.OutOfRangeError):
                    self.evaluate(get_next())

    def _compareOutputToExpected(
        self, result_values: Any, expected_values: Any, assert_items_equal: bool
    ) -> None:
        if assert_items_equal:
            self.assertItemsEqual(result_values, expected_values)
            return
        for found, expected in zip(result_values, expected_values, strict=True):
            nest.assert_same_structure(found, expected)
            for one, other in zip(nest.flatten(found), nest.flatten(expected), strict=True):
                self.assertValuesEqual(other, one)

    def assertDatasetsEqual(self, dataset1: Any, dataset2: Any) -> None:
        """Check that two datasets give the same elements."""
        self.assertTrue(are_compatible(dataset1.element_spec, dataset2.element_spec))
        one, other = self.getDatasetOutput(dataset1), self.getDatasetOutput(dataset2)
        self.assertEqual(len(one), len(other))
        for elements in zip(one, other, strict=True):
            for found, expected in zip(*map(nest.flatten, elements), strict=True):
                is_number = getattr(found, "dtype", None) is not None and found.dtype.kind in "fc"
                (self.assertAllClose if is_number else self.assertValuesEqual)(expected, found)

    def assertDatasetsRaiseSameError(
        self,
        dataset1: Any,
        dataset2: Any,
        exception_class: type[Exception],
        replacements: Sequence[tuple[str, str, int]] | None = None,
    ) -> None:
        """Check that the first step of two datasets raises the same error.

        Args:
            dataset1: a dataset.
            dataset2: another.
            exception_class: of the error.
            replacements: what to replace in the first message, by what, how often.
        """
        one, other = self.getNext(dataset1), self.getNext(dataset2)
        with self.assertRaises(exception_class) as raised:
            self.evaluate(one())
        message = str(getattr(raised.exception, "message", raised.exception)).split("\n", 1)[0]
        for old, new, count in replacements or ():
            message = message.replace(old, new, count)
        with self.assertRaisesRegex(exception_class, re.escape(message)):
            self.evaluate(other())

    def structuredDataset(
        self, dataset_structure: Any, shape: Any = None, dtype: Any = int64
    ) -> Any:
        """Return a dataset of one element of zeros.

        Args:
            dataset_structure: None for a tensor, or a sequence of structures.
            shape: of each tensor; a scalar if None.
            dtype: of each tensor.
        """
        if dataset_structure is None:
            return Dataset.from_tensors(zeros(shape or [], dtype))
        return Dataset.zip(
            tuple([self.structuredDataset(each, shape, dtype) for each in dataset_structure])
        )

    def structuredElement(
        self, element_structure: Any, shape: Any = None, dtype: Any = int64
    ) -> Any:
        """Return an element of zeros, of a structure as in `structuredDataset`."""
        if element_structure is None:
            return zeros(shape or [], dtype)
        return tuple([self.structuredElement(each, shape, dtype) for each in element_structure])
