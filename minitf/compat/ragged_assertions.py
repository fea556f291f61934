"""Comparisons of ragged tensors that test cases make: see `minitf.compat.test_case`.

Each takes RaggedTensors and Tensors, which it runs, RaggedTensorValues, arrays, and nested lists.

Source: TensorFlow 1.15's `tf.test.TestCase`, and its `ragged_test_util`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.compat.plain_assertions import PlainAssertions
from minitf.ragged.tensor import RaggedTensor, is_ragged
from minitf.tensor import Tensor


class RaggedAssertions(PlainAssertions):
    """A test case that compares ragged tensors."""

    evaluate: Any  # runs tensors: the class with the sessions has it

    def assertRaggedEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Check that two values are equal, and have as many ragged dimensions."""
        self.assertEqual(self._nested_list(a), self._nested_list(b), msg)
        self._check_ragged_ranks(a, b)

    def assertRaggedAlmostEqual(
        self, a: Any, b: Any, places: int = 7, msg: str | None = None
    ) -> None:
        """Check that two values differ by less than half of the last of so many digits."""
        self.assertRaggedClose(a, b, 0, 0.5 * 10.0**-places, msg)

    def assertRaggedClose(
        self, a: Any, b: Any, rtol: float, atol: float, msg: str | None = None
    ) -> None:
        """Check |a - b| <= atol + rtol * |b| throughout two values of one form."""
        self._close(self._nested_list(a), self._nested_list(b), rtol, atol, msg, "value")
        self._check_ragged_ranks(a, b)

    def _close(self, a: Any, b: Any, rtol: float, atol: float, msg: str | None, path: str) -> None:
        self.assertEqual(type(a), type(b), msg)
        if not isinstance(a, list):
            near = bool(np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True))
            self.assertTrue(near, f"{path}: {a!r} is not close to {b!r}: {msg or ''}")
            return
        self.assertEqual(len(a), len(b), f"{path} has another length: {msg or ''}")
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            self._close(one, other, rtol, atol, msg, f"{path}[{i}]")

    def _check_ragged_ranks(self, a: Any, b: Any) -> None:
        if not isinstance(a, (list, tuple)) and not isinstance(b, (list, tuple)):
            ranks = [getattr(each, "ragged_rank", 0) for each in (a, b)]
            self.assertEqual(*ranks)

    def _nested_list(self, value: Any) -> Any:
        """Return a value as nested lists of Python's numbers."""
        if isinstance(value, (Tensor, RaggedTensor)):
            value = self.evaluate(value)
        if is_ragged(value):
            return value.to_list()
        if isinstance(value, (np.ndarray, np.generic)):
            return value.tolist()
        if isinstance(value, (list, tuple)):
            return [self._nested_list(each) for each in value]
        return value.encode() if isinstance(value, str) else value
