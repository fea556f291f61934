"""Summaries: numbers with tags, as messages."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.summary.values import scalar


def test_a_number_with_its_tag_is_a_message():
    tags = np.array([[b"a"], [b"b"]], object)
    message = tf.Summary.FromString(ops.scalar_summary_op.body(tags, np.int32([[1], [2]])).item())

    assert [(each.tag, each.simple_value) for each in message.value] == [("a", 1), ("b", 2)]


def test_every_number_needs_a_tag():
    for tags, values, words in (
        (b"x", [1.0], r"\[\] != \[1\] \(tag 'x'\)"),
        ([b"a", b"b"], [1.0, 2, 3], r"\[2\] != \[3\]$"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"not the same shape: {words}"):
            ops.scalar_summary_op.body(np.array(tags, object), np.float32(values))


def test_the_tag_is_the_name_in_its_scope():
    with tf.name_scope("train"):
        plain = scalar("loss!", tf.constant(3.0))
        grouped = scalar("loss", tf.constant(4.0), collections=["mine"], family="all")
    with tf.Session() as session:
        found = [tf.Summary.FromString(each).value[0] for each in session.run([plain, grouped])]

    assert [plain.op.name, grouped.op.name] == ["train/loss_", "train/all/loss"]
    assert [each.tag for each in found] == ["train/loss_", "all/train/all/loss"]
    assert tf.get_collection(tf.GraphKeys.SUMMARIES) == [plain]
    assert tf.get_collection("mine") == [grouped]
