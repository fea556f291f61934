"""Bytes and text as TensorFlow's `tf.compat` converts them."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf


@given(st.text(st.characters(codec="utf-8")))
def test_text_and_its_bytes_convert_into_each_other(text):
    encoded = text.encode()

    assert tf.compat.as_bytes(text) == tf.compat.as_bytes(encoded) == encoded
    assert tf.compat.as_text(encoded) == tf.compat.as_text(text) == text
    assert tf.compat.as_str(encoded) == tf.compat.as_str_any(encoded) == text


@pytest.mark.parametrize("convert", [tf.compat.as_bytes, tf.compat.as_text, tf.compat.as_str])
def test_what_is_neither_is_refused_with_tensorflows_words(convert):
    with pytest.raises(TypeError, match=re.escape("Expected binary or unicode string, got 3")):
        convert(3)


def test_as_str_any_takes_anything():
    assert tf.compat.as_str_any(3.5) == "3.5"


def test_path_to_str_turns_paths_only():
    assert tf.compat.path_to_str(Path("a") / "b") == "a/b"
    assert tf.compat.path_to_str(3) == 3


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (True, "integral real complex"),
        (np.int8(1), "integral real complex"),
        (1.5, "real complex"),
        (np.float16(1), "real complex"),
        (1j, "complex"),
        ("1", ""),
    ],
)
def test_numbers_are_told_by_kind(value, kinds):
    found = [k for k in ("integral", "real", "complex") if isinstance(value, types_of(k))]

    assert found == kinds.split()


def types_of(kind):
    return getattr(tf.compat, f"{kind}_types")


def test_compat_v1_is_minitf_itself():
    v1 = import_module("minitf.compat.v1")

    assert v1 is tf
    assert tf.compat.v1 is tf
