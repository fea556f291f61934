"""Monitored sessions, their hooks and their makers do what TensorFlow's do, call by call."""

from __future__ import annotations

import warnings

import pytest
from session_programs import PROGRAMS

import minitf as tf


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_goes_as_in_tensorflow(name, tensorflow, tmp_path, event_logs):
    told = []
    for folder, library in (("ours", tf), ("theirs", tensorflow)):
        (tmp_path / folder).mkdir()
        with warnings.catch_warnings():
            if library is tensorflow:
                warnings.simplefilter("ignore")
            with library.Graph().as_default():
                told.append(PROGRAMS[name](library, tmp_path / folder))
    assert told[0] == told[1]
