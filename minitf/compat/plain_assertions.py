"""Assertions about sequences, texts and errors that test cases have beyond Python's.

Some are unittest's under names that newer Pythons have dropped.

Source: TensorFlow 1.15's tf.test.TestCase, which has those of `absl.testing.absltest` too.
"""

from __future__ import annotations

import contextlib
import unittest
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any


def because(msg: str | None) -> str:
    """Return what an error message ends with."""
    return f" : {msg}" if msg else ""


class PlainAssertions(unittest.TestCase):
    """A test case with assertions about sequences, texts and errors."""

    # --- dropped names ---------------------------------------------------------------------------

    def assertEquals(self, first: Any, second: Any, msg: Any = None) -> None:
        """Check like `assertEqual`."""
        self.assertEqual(first, second, msg)

    def assertNotEquals(self, first: Any, second: Any, msg: Any = None) -> None:
        """Check like `assertNotEqual`."""
        self.assertNotEqual(first, second, msg)

    def assertAlmostEquals(self, first: Any, second: Any, *args: Any, **kwargs: Any) -> None:
        """Check like `assertAlmostEqual`."""
        self.assertAlmostEqual(first, second, *args, **kwargs)

    def assert_(self, expr: Any, msg: Any = None) -> None:
        """Check like `assertTrue`."""
        self.assertTrue(expr, msg)

    def assertRegexpMatches(self, text: Any, expected_regex: Any, msg: Any = None) -> None:
        """Check like `assertRegex`."""
        self.assertRegex(text, expected_regex, msg)

    def assertNotRegexpMatches(self, text: Any, unexpected_regex: Any, msg: Any = None) -> None:
        """Check like `assertNotRegex`."""
        self.assertNotRegex(text, unexpected_regex, msg)

    def assertRaisesRegexp(
        self, expected_exception: Any, expected_regex: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Check like `assertRaisesRegex`."""
        return self.assertRaisesRegex(expected_exception, expected_regex, *args, **kwargs)

    def assertItemsEqual(self, first: Any, second: Any, msg: str | None = None) -> None:
        """Check that two sequences have the same elements, in any order."""
        self.assertCountEqual(first, second, msg)

    # --- sequences -------------------------------------------------------------------------------

    def assertLen(self, container: Any, expected_len: int, msg: str | None = None) -> None:
        """Check the length of a container."""
        self.assertEqual(len(container), expected_len, f"length of {container!r}{because(msg)}")

    def assertEmpty(self, container: Any, msg: str | None = None) -> None:
        """Check that a container holds nothing."""
        self.assertLen(container, 0, msg)

    def assertNotEmpty(self, container: Any, msg: str | None = None) -> None:
        """Check that a container holds something."""
        self.assertTrue(len(container), f"{container!r} is empty{because(msg)}")

    def assertSameElements(
        self, expected_seq: Iterable[Any], actual_seq: Iterable[Any], msg: str | None = None
    ) -> None:
        """Check that two sequences have the same elements, however often and in any order."""
        self.assertEqual(set(expected_seq), set(actual_seq), msg)

    def assertContainsSubset(
        self, expected_subset: Iterable[Any], actual_set: Collection[Any], msg: str | None = None
    ) -> None:
        """Check that all of some elements are in a set."""
        missing = set(expected_subset) - set(actual_set)
        self.assertFalse(missing, f"{missing} are not in {actual_set}{because(msg)}")

    def assertNoCommonElements(
        self, expected_seq: Iterable[Any], actual_seq: Iterable[Any], msg: str | None = None
    ) -> None:
        """Check that no element is in both of two sequences."""
        common = set(expected_seq) & set(actual_seq)
        self.assertFalse(common, f"{common} are in both{because(msg)}")

    def assertSequenceAlmostEqual(
        self,
        expected_seq: Sequence[Any],
        actual_seq: Sequence[Any],
        places: int | None = None,
        msg: str | None = None,
        delta: float | None = None,
    ) -> None:
        """Check two sequences element by element, as `assertAlmostEqual` does."""
        self.assertLen(actual_seq, len(expected_seq), msg)
        for one, other in zip(expected_seq, actual_seq, strict=True):
            if delta is None:
                self.assertAlmostEqual(one, other, places, msg)
            else:
                self.assertAlmostEqual(one, other, None, msg, delta)

    def assertBetween(self, value: Any, minv: Any, maxv: Any, msg: str | None = None) -> None:
        """Check minv <= value <= maxv."""
        self.assertTrue(minv <= value <= maxv, f"{value} not in [{minv}, {maxv}]{because(msg)}")

    # --- texts and errors ------------------------------------------------------------------------

    def assertStartsWith(self, actual: str, expected_start: str, msg: str | None = None) -> None:
        """Check how a text begins."""
        if not actual.startswith(expected_start):
            self.fail(f"{actual!r} does not start with {expected_start!r}{because(msg)}")

    def assertEndsWith(self, actual: str, expected_end: str, msg: str | None = None) -> None:
        """Check how a text ends."""
        if not actual.endswith(expected_end):
            self.fail(f"{actual!r} does not end with {expected_end!r}{because(msg)}")

    @contextlib.contextmanager
    def assertRaisesWithLiteralMatch(
        self, expected_exception: Any, expected_exception_message: str
    ) -> Iterator[None]:
        """Check that a block raises an error of just this message."""
        with self.assertRaises(expected_exception) as caught:
            yield
        self.assertEqual(str(caught.exception), expected_exception_message)
