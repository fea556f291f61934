"""StringFormat, Print, PrintV2: what is shown where."""

import logging

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.summaries import edges
from minitf.testing.text_cases import scalar


@pytest.mark.parametrize(
    ("array", "most", "text"),
    [
        (np.arange(3), 3, "[0 1 2]"),
        (np.arange(9), 2, "[0 1 ... 7 8]"),
        (np.arange(9), -1, "[0 1 2 3 4 5 6 7 8]"),
        (np.float32(1) / 3, 3, "0.333333343"),
        (np.arange(6).reshape(3, 2), 1, "[[0 1]\n ...\n [4 5]]"),
        (np.zeros((2, 1, 1)), 3, "[[[0]]\n\n [[0]]]"),
        (strings([b"a", b'"\n\x01'], (2,)), 3, r'["a" "\"\n\001"]'),
    ],
)
def test_both_ends_of_each_dimension_are_shown(array, most, text):
    assert edges(array, most) == text


def test_arrays_are_written_where_the_template_leaves_places():
    arrays = [np.arange(2), scalar("é".encode())]
    made = ops.string_format_op.body(arrays, template="x=%s, y=%s")

    assert made.item() == 'x=[0 1], y="é"'.encode()
    with pytest.raises(InvalidArgumentError, match=r"must match: 0 vs\. 1"):
        ops.string_format_op.body([np.arange(2)], template="x")


def test_print_shows_its_data_so_often_at_most(capsys):
    with tf.Graph().as_default(), tf.Session() as session:
        x = ops.print_op(tf.constant(1.0), [[1, 2], "\n"], message="m: ", first_n=2)
        (slope,) = tf.gradients(x * 2.0, [x.op.inputs[0]])
        for _ in range(3):
            assert session.run([x, slope]) == [1.0, 2.0]

    assert capsys.readouterr().err == "m: [1 2][\\n]\n" * 2


def test_strings_are_written_to_streams(capsys):
    ops.print_v2_op.body(scalar(b"to \xff"), output_stream="stdout", end="!\n")
    ops.print_v2_op.body(scalar(b"there"), output_stream="stderr")
    shown = capsys.readouterr()

    assert shown.out == "to \\xff!\n"
    assert shown.err == "there\n"
    with pytest.raises(InvalidArgumentError, match="Unknown output stream: nowhere"):
        ops.print_v2_op.body(scalar(b""), output_stream="nowhere")


def test_strings_are_appended_to_a_file(tmp_path):
    for text in (b"one", b"\xff"):
        ops.print_v2_op.body(scalar(text), output_stream=f"file://{tmp_path}/log")

    assert (tmp_path / "log").read_bytes() == b"one\n\xff\n"


def test_strings_are_logged(caplog):
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.WARNING, logger="tensorflow"):
            ops.print_v2_op.body(scalar(b"careful"), output_stream="log(warning)", end="")
    finally:
        logger.removeHandler(caplog.handler)

    assert ("WARNING", "careful") in [(r.levelname, r.getMessage()) for r in caplog.records]
