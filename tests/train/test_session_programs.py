"""Monitored sessions, their hooks, their makers and Supervisor do what TensorFlow's do."""

from __future__ import annotations

import warnings

import pytest
from session_programs import PROGRAMS as OF_SESSIONS
from supervisor_programs import PROGRAMS as OF_SUPERVISORS

import minitf as tf

PROGRAMS = OF_SESSIONS | {f"supervisor.{name}": each for name, each in OF_SUPERVISORS.items()}


@pytest.mark.tensorflow
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_goes_as_in_tensorflow(program, tensorflow, tmp_path, event_logs):
    told = []
    for folder, library in (("ours", tf), ("theirs", tensorflow)):
        (tmp_path / folder).mkdir()
        with warnings.catch_warnings():
            if library is tensorflow:
                warnings.simplefilter("ignore")
            with library.Graph().as_default():
                told.append(program(library, tmp_path / folder))
    assert told[0] == told[1]
