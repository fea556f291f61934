"""Lines of separated fields become columns, and lines that are none are refused."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.parsing.csv import decode_csv_op
from minitf.testing.example_cases import texts

LETTERS = st.text("ab,;\"\n\r '", max_size=5)


def columns(lines, defaults, **options):
    made = decode_csv_op.body(
        texts(lines), [np.asarray(each, object if b"" in each else None) for each in defaults],
        **options,
    )  # fmt: skip
    return [each.tolist() for each in made]


TEXT = [b""]


@given(st.lists(LETTERS, min_size=1, max_size=4), st.sampled_from([",", ";"]))
def test_what_pythons_csv_module_writes_is_read(fields, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="").writerow(fields)
    found = columns([out.getvalue()], [TEXT] * len(fields), field_delim=delimiter)

    assert found == [[field.encode()] for field in fields]


def test_a_column_has_the_type_of_its_default():
    found = decode_csv_op.body(
        texts(["1,2.5,a", " 3 ,,b"]),
        [np.array([0]), np.array([1.5], np.float32), np.array([b""], object)],
    )

    assert [each.tolist() for each in found] == [[1, 3], [2.5, 1.5], [b"a", b"b"]]
    assert [each.dtype for each in found] == [np.int64, np.float32, object]


def test_columns_keep_the_shape_of_the_lines():
    with tf.Session() as session:
        found = session.run(tf.decode_csv([["1,2"], ["3,4"]], [[0], [0]]))

    assert [each.tolist() for each in found] == [[[1], [3]], [[2], [4]]]


def test_only_chosen_columns_are_looked_at():
    assert columns(['a,b,c,"'], [TEXT, TEXT], select_cols=(0, 2)) == [[b"a"], [b"c"]]


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (',""', [b"", b""]), ("a,", [b"a", b""]), ("\na", [b"a"]), ("a,\nb", [b"a", b"b"]),
        ('"a\nb"', [b"a\nb"]), ('""""', [b'"']), ('"a""b",c', [b'a"b', b"c"]),
    ],
)  # fmt: skip
def test_quotation_marks_and_line_ends(line, fields):
    assert columns([line], [TEXT] * len(fields)) == [[field] for field in fields]


@pytest.mark.parametrize(
    ("line", "defaults", "options", "words"),
    [
        ("1", [[0], [0]], {}, "Expect 2 fields but have 1 in record 0"),
        ("", [TEXT], {}, "Expect 1 fields but have 0 in record 0"),
        ("1,x", [[0], [0]], {}, "Field 1 in record 0 is not a valid int64: x"),
        ("1_0", [[0]], {}, "Field 0 in record 0 is not a valid int64: 1_0"),
        ("99999999999999999999", [[0]], {}, "is not a valid int64"),
        ("1,", [[0], []], {}, "Field 1 is required but missing in record 0!"),
        ('"a', [TEXT], {}, "Quoted field has to end with quote followed by delim or end"),
        ('"a"b', [TEXT], {}, "Quote inside a string has to be escaped by another quote"),
        ('a"b', [TEXT], {}, "Unquoted fields cannot have quotes/CRLFs inside"),
        ("a\r\n", [TEXT], {}, "Unquoted fields cannot have quotes/CRLFs inside"),
        ("a", [TEXT], {"field_delim": ",,"}, "field_delim should be only 1 char"),
        ("a", [TEXT], {"select_cols": (-1,)}, "select_cols should be non-negative"),
        ("a", [TEXT, TEXT], {"select_cols": (1, 0)}, "should be strictly increasing"),
        ("a", [TEXT], {"select_cols": (0, 1)}, "select_cols should match output size"),
    ],
)
def test_lines_that_do_not_fit_are_refused(line, defaults, options, words):
    with pytest.raises(InvalidArgumentError, match=words):
        columns([line], defaults, **options)


@pytest.mark.tensorflow
@given(st.text('ab",\n\r', max_size=7), st.booleans(), st.integers(1, 3))
def test_every_line_is_taken_or_refused_as_tensorflow_does(tensorflow, line, quotes, count):
    outcomes = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            made = lib.decode_csv([line], [["D"]] * count, use_quote_delim=quotes)
            try:
                outcomes.append([each.tolist() for each in session.run(made)])
            except lib.errors.InvalidArgumentError:
                outcomes.append("refused")

    assert outcomes[0] == outcomes[1]
