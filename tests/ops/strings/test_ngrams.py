"""N-grams: a law and examples by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.ngrams import string_n_grams_op


def ngrams(words, splits, *widths, left="", right="", padding=0, keep=False):
    found, ends = string_n_grams_op.body(
        strings(words, (len(words),)),
        np.array(splits),
        separator=" ",
        ngram_widths=widths,
        left_pad=left,
        right_pad=right,
        pad_width=padding,
        preserve_short_sequences=keep,
    )
    return found.tolist(), ends.tolist()


@given(st.lists(st.sampled_from([b"a", b"b"]), max_size=5), st.integers(1, 4))
def test_a_row_has_as_many_as_windows_of_the_width_fit(words, width):
    found, ends = ngrams(words, [0, len(words)], width)

    assert len(found) == max(len(words) - width + 1, 0) == ends[-1]
    assert all(each in b" ".join(words) for each in found)


def test_padding_is_at_most_one_less_than_the_width():
    found, ends = ngrams([b"a", b"b"], [0, 1, 2], 2, left="L", right="R", padding=5)

    assert found == [b"L a", b"a R", b"L b", b"b R"]
    assert ends == [0, 2, 4]


def test_an_empty_row_is_padding_beside_others_and_nothing_alone():
    assert ngrams([b"a"], [0, 0, 1], 2, left="L", padding=1) == ([b"L ", b"L a", b"a "], [0, 1, 3])
    assert ngrams([], [0, 0, 0], 2, left="L", padding=1) == ([], [0, 0, 0])


def test_a_short_row_may_be_kept_whole():
    assert ngrams([b"a", b"b"], [0, 2], 3, keep=True) == ([b"a b"], [0, 1])
    assert ngrams([], [0, 0], 3, keep=True) == ([], [0, 0])


@pytest.mark.parametrize(
    ("splits", "width", "message"),
    [
        ([1, 2], 2, "First split value must be 0, got 1"),
        ([0, 3], 2, r"Invalid split value 3, must be in \[0, 2\]"),
        ([0, 1], 2, "Last split value must be data size. Expected 2, got 1"),
        ([0, 2], 0, "ngram_widths must contain positive values"),
    ],
)
def test_rows_that_are_none_are_refused(splits, width, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ngrams([b"a", b"b"], splits, width)
