"""`tensorflow.python.ops.ragged.ragged_test_util`: a test case for ragged tensors.

Source: TensorFlow's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.compat.test_case import TestCase


class RaggedTensorTestCase(TestCase):
    """A test case whose comparisons take ragged tensors, as those of every test case do."""

    def eval_to_list(self, tensor: Any) -> Any:
        """Return the value of a tensor, ragged or not, as nested lists."""
        return self._nested_list(tensor)
