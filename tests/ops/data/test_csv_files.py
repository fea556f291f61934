"""Datasets of the fields of CSV files."""

from __future__ import annotations

import gzip

import pytest
from ops.data.elements import END, elements_of, outcomes

import minitf as tf
from minitf import errors

KINDS = [tf.int32, [7.0], tf.string]
TEXT = b'1,2.5,a\n2,,b\r\n3,4,"x,""y\nz"\n'
ROWS = [(1, 2.5, b"a"), (2, 7.0, b"b"), (3, 4.0, b'x,"y\nz')]


@pytest.fixture
def of(tmp_path):
    """Return what makes a dataset of a text."""

    def make(text, defaults=KINDS, **given):
        path = tmp_path / "a.csv"
        path.write_bytes(text)
        return tf.data.experimental.CsvDataset(str(path), defaults, **given)

    return make


def test_fields_are_numbers_and_text_by_their_defaults(of):
    made = of(TEXT)

    assert made.output_types == (tf.int32, tf.float32, tf.string)
    assert [each.as_list() for each in made.output_shapes] == [[], [], []]
    assert elements_of(made) == ROWS


def test_files_may_have_headers_and_be_compressed(of, tmp_path):
    text = b"number,share,word\n" + TEXT
    assert elements_of(of(text, header=True)) == ROWS
    assert elements_of(of(gzip.compress(TEXT), compression_type="GZIP")) == ROWS
    names = [str(tmp_path / name) for name in "ab"]
    for name in "ab":
        (tmp_path / name).write_bytes(text)
    both = tf.data.experimental.CsvDataset(names, KINDS, header=True)
    assert elements_of(both) == ROWS * 2


def test_columns_separators_and_what_is_missing_can_be_chosen(of):
    assert elements_of(of(b"1;NA;a\n", field_delim=";", na_value="NA")) == [(1, 7.0, b"a")]
    some = of(b"1,2,3,4\n5,6,7,8\n", [tf.int32, tf.int64], select_cols=[1, 3])
    assert elements_of(some) == [(2, 4), (6, 8)]
    plain = of(b'1,2,a"b"\n', use_quote_delim=False)
    assert elements_of(plain) == [(1, 2.0, b'a"b"')]


BAD = {
    "too few": (b"1,2.5\n2,3,b\n", ["InvalidArgumentError", (2, 3.0, b"b"), END]),
    "nothing": (
        b"1,2.5,a\n\n2,3,b\n",
        [(1, 2.5, b"a"), "InvalidArgumentError", (2, 3.0, b"b"), END],
    ),
    "a field is missing": (b",1,a\n", ["InvalidArgumentError", END]),
    "no end of a quotation": (b'1,2,"a\n', ["InvalidArgumentError", END]),
    "a quotation mark inside": (b'1,2,a"b"\n', ["InvalidArgumentError", END]),
    "no number": (b"x,2,a\n", ["InvalidArgumentError", END]),
    "no line": (b"", [END]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_told_and_the_next_one_is_read(of, case):
    text, wanted = BAD[case]

    assert outcomes(tf, lambda _: of(text)) == wanted


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", [*BAD, "all well"])
def test_lines_are_read_as_tensorflow_reads_them(case, tmp_path, tensorflow):
    text, _ = BAD.get(case, (TEXT, None))
    path = tmp_path / "a.csv"
    path.write_bytes(text)

    def make(lib):
        kinds = [lib.int32, [7.0], lib.string]
        return lib.data.experimental.CsvDataset(str(path), kinds)

    assert outcomes(tf, make) == outcomes(tensorflow, make)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"field_delim": "ab"}, "field_delim should be only 1 char"),
        ({"select_cols": [2, 1, 0]}, "select_cols should be strictly increasing"),
        ({"select_cols": [1]}, "select_cols should match output size"),
    ],
)
def test_what_cannot_be_read_so_is_refused(of, given, message):
    with pytest.raises(errors.InvalidArgumentError, match=message):
        elements_of(of(TEXT, **given))
