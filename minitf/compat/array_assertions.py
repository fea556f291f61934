"""Comparisons of arrays that test cases make: see `minitf.compat.test_case`.

Each takes arrays, what NumPy makes arrays of, and Tensors, which it runs.

Source: TensorFlow 1.15's methods of the same names of tf.test.TestCase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from minitf.compat.plain_assertions import because
from minitf.compat.ragged_assertions import RaggedAssertions
from minitf.composite import IndexedSlices, SparseTensorValue
from minitf.ragged.tensor import is_ragged
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

_MOST_SHOWN = 10


class ArrayAssertions(RaggedAssertions):
    """A test case that compares arrays."""

    evaluate: Any  # runs tensors: the class with the sessions has it

    def _array(self, value: Any) -> Array:
        if isinstance(value, Tensor) or hasattr(value, "initializer"):
            value = self.evaluate(value)
        return np.asarray(value)

    def assertNear(self, f1: Any, f2: Any, err: float, msg: str | None = None) -> None:
        """Check |f1 - f2| <= err; equal infinities are near."""
        near = f1 == f2 or abs(f1 - f2) <= err
        self.assertTrue(near, f"{f1!r} != {f2!r} +/- {err!r}{because(msg)}")

    def assertArrayNear(
        self, farray1: Any, farray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Check two sequences element by element."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for one, other in zip(farray1, farray2, strict=True):
            self.assertNear(float(one), float(other), err, msg)

    def assertNDArrayNear(
        self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None
    ) -> None:
        """Check that the distance of two arrays (the root of the sum of squares) is below err."""
        distance = float(np.linalg.norm(self._array(ndarray1) - self._array(ndarray2)))
        self.assertTrue(distance < err, f"distance {distance} >= {err}{because(msg)}")

    def assertAllClose(
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Check |a - b| <= atol + rtol * |b| throughout two arrays, or structures of them."""
        if is_ragged(a) or is_ragged(b):
            self.assertRaggedClose(a, b, rtol, atol, msg)
            return
        self._compare(a, b, rtol, atol, msg, "")

    def _compare(
        self, a: Any, b: Any, rtol: float, atol: float, msg: str | None, path: str
    ) -> None:
        a, b = (v._asdict() if hasattr(v, "_asdict") else v for v in (a, b))
        if isinstance(a, Mapping) or isinstance(b, Mapping):
            self.assertTrue(isinstance(a, Mapping) and isinstance(b, Mapping), f"{path}: {a} {b}")
            self.assertCountEqual(a.keys(), b.keys(), f"keys{path}{because(msg)}")
            for key in a:
                self._compare(a[key], b[key], rtol, atol, msg, f"{path}[{key!r}]")
            return
        if _is_uneven(a) or _is_uneven(b):
            self.assertEqual(len(a), len(b), f"lengths{path}{because(msg)}")
            for i, (one, other) in enumerate(zip(a, b, strict=True)):
                self._compare(one, other, rtol, atol, msg, f"{path}[{i}]")
            return
        one, other = self._array(a), self._array(b)
        self.assertEqual(one.shape, other.shape, f"shapes{path}{because(msg)}")
        fine = np.isclose(_wide(one), _wide(other), rtol=rtol, atol=atol, equal_nan=True)
        self._assert_throughout(fine, one, other, f"not close{path}: rtol {rtol}, atol {atol}", msg)

    def _assert_throughout(self, fine: Any, a: Array, b: Any, what: str, msg: str | None) -> None:
        """Fail with the places, and the values there, at which a condition does not hold."""
        if np.all(fine):
            return
        fine = np.asarray(fine)
        places = [tuple(map(int, at)) for at in np.argwhere(~fine)[:_MOST_SHOWN]]
        others = np.broadcast_to(b, a.shape)
        shown = [f"  at {list(at)}: {a[at]!r}, {others[at]!r}" for at in places]
        count = int(np.sum(~fine))
        self.fail("\n".join([f"{what}; {count} of {fine.size} places{because(msg)}", *shown]))

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: str | None = None,
    ) -> None:
        """Check like `assertAllClose`, with the bounds of the narrower of both types."""
        a, b = self._array(a), self._array(b)
        limits = {
            "float32": (float_rtol, float_atol),
            "complex64": (float_rtol, float_atol),
            "float16": (half_rtol, half_atol),
            "bfloat16": (bfloat16_rtol, bfloat16_atol),
        }
        for dtype in (a.dtype.name, b.dtype.name):
            wider = limits.get(dtype, (rtol, atol))
            rtol, atol = max(rtol, wider[0]), max(atol, wider[1])
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        """Check that `assertAllClose` fails."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        self.fail("The two values are close at all elements")

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Check that two arrays have one shape and equal elements; NaN equals NaN."""
        if is_ragged(a) or is_ragged(b):
            self.assertRaggedEqual(a, b, msg)
            return
        one, other = self._array(a), self._array(b)
        self.assertEqual(one.shape, other.shape, f"shapes{because(msg)}")
        fine = one == other
        if one.dtype.kind in "fc" and other.dtype.kind in "fc":
            fine = fine | (np.isnan(one) & np.isnan(other))
        self._assert_throughout(fine, one, other, "not equal", msg)

    def assertNotAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Check that `assertAllEqual` fails."""
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        self.fail(f"The two values are equal at all elements{because(msg)}")

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Check that all elements are greater than a number."""
        array = self._array(a)
        self._assert_throughout(array > comparison_target, array, comparison_target, "not >", None)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Check that all elements are less than a number."""
        array = self._array(a)
        self._assert_throughout(array < comparison_target, array, comparison_target, "not <", None)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Check that no element is less than a number."""
        array = self._array(a)
        self._assert_throughout(array >= comparison_target, array, comparison_target, "<", None)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Check that no element is greater than a number."""
        array = self._array(a)
        self._assert_throughout(array <= comparison_target, array, comparison_target, ">", None)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """Check that all elements lie between two numbers.

        Args:
            target: what is checked.
            lower_bound: the lower one.
            upper_bound: the upper one.
            open_lower_bound: whether the lower one itself is out.
            open_upper_bound: whether the upper one itself is out.
        """
        array = self._array(target)
        if array.dtype.kind not in "iuf" and array.dtype.name != "bfloat16":
            raise AssertionError(f"The value of {target} does not have an ordered numeric type")
        above = array > lower_bound if open_lower_bound else array >= lower_bound
        below = array < upper_bound if open_upper_bound else array <= upper_bound
        limits = f"not in {'(' if open_lower_bound else '['}{lower_bound}, {upper_bound}"
        limits += ")" if open_upper_bound else "]"
        self._assert_throughout(above & below, array, lower_bound, limits, None)

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """Check that all elements are among some values."""
        array = self._array(target)
        unexpected = set(array.ravel().tolist()) - set(expected_set)
        self.assertFalse(unexpected, f"{sorted(unexpected)} are not in {expected_set!r}")


def _wide(array: Array) -> Array:
    return array.astype(np.float64) if array.dtype.name == "bfloat16" else array


def _is_uneven(value: Any) -> bool:
    """Tell whether a list or tuple is no array: its parts have different shapes or no numbers."""
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        return False
    if any(isinstance(each, (Tensor, Mapping, IndexedSlices, SparseTensorValue)) for each in value):
        return True
    try:
        return np.asarray(value).dtype == object
    except ValueError:
        return True
