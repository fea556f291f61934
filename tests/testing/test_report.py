"""`python -m minitf.testing`: every law is counted, and every comparison not made has a reason."""

from __future__ import annotations

import sys
from unittest.mock import patch

import numpy as np
import pytest

from minitf.op_def import Kernel
from minitf.testing import __main__ as command
from minitf.testing import report, skips
from minitf.testing.op_catalogue import catalogue
from minitf.testing.properties import PROPERTIES

REASONS = {value for value in vars(skips).values() if isinstance(value, str)}


def run(*arguments):
    with patch.object(sys, "argv", ["minitf.testing", *arguments]):
        return command.main()


def test_every_law_is_checked_or_has_a_reason(capsys):
    made = report.make(["Relu", "Shape", "VariableV2"], 5, with_tensorflow=False)
    laws = [law.name for law in PROPERTIES if not law.needs_tensorflow]
    reasons = {at for where in made.skipped.values() for at in where}

    assert not made.failures
    for name in ("Relu", "Shape", "VariableV2"):
        for law in laws:
            assert (name, law) in made.compared or (name, law) in reasons
    assert made.compared["Relu", "kernel"] + made.compared["Shape", "static value"] > 0


def test_reasons_stand_in_one_file():
    for law in PROPERTIES:
        for op_def in catalogue().values():
            reason = law.not_for(op_def)
            assert not reason or reason in REASONS or reason in skips.NO_DIFFERENCES.values()


def test_the_tables_name_ops_laws_and_reasons(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    assert run("Relu", "Shape", "--report", "--no-tensorflow", "--examples", "3") == 0
    said = capsys.readouterr().out
    assert "partial shape" in said
    assert skips.NO_GRADIENT in said
    assert "2 ops, 7 laws" in said


def test_a_broken_law_is_shown_with_the_call_that_breaks_it(capsys):
    wrong = Kernel("CPU", lambda x: np.abs(x), {}, ())  # noqa: PLW0108 the ufunc has no code
    with patch.object(catalogue()["Neg"], "kernels", [wrong]):
        assert run("Neg", "--no-tensorflow") == 1

    said = capsys.readouterr().out
    assert "FAILED Neg, kernel" in said
    assert "<call with" in said


def test_an_unknown_op_is_a_wrong_command_line(capsys):
    with pytest.raises(SystemExit):
        run("Nonsense")

    assert "No ops named ['Nonsense']" in capsys.readouterr().err
