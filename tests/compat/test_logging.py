"""Messages reach the person before the screen once, from the verbosity on."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import minitf as tf


@pytest.fixture
def program(monkeypatch):
    """Call it first: takes pytest's handlers off the root logger, as in a program."""
    level = tf.get_logger().level
    tf.get_logger().setLevel(logging.NOTSET)
    yield lambda: monkeypatch.setattr(logging.getLogger(), "handlers", [])
    tf.get_logger().setLevel(level)


def test_warnings_are_shown_and_infos_dropped_until_asked_for(program, capsys):
    program()
    tf.logging.info("quiet")
    tf.logging.warning("first %d", 1)
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.logging.info("second %s", "x")

    assert capsys.readouterr().err == "WARNING:tensorflow:first 1\nINFO:tensorflow:second x\n"
    assert tf.logging.get_verbosity() == tf.logging.INFO


@pytest.mark.parametrize(
    ("function", "level"),
    [
        ("debug", "DEBUG"),
        ("info", "INFO"),
        ("warn", "WARNING"),
        ("warning", "WARNING"),
        ("error", "ERROR"),
        ("fatal", "CRITICAL"),
        ("TaskLevelStatusMessage", "ERROR"),
    ],
)
def test_each_function_has_its_level(function, level, program, capsys):
    program()
    tf.logging.set_verbosity(tf.logging.DEBUG)
    getattr(tf.logging, function)("text")

    assert capsys.readouterr().err == f"{level}:tensorflow:text\n"


def test_levels_are_pythons():
    assert (tf.logging.DEBUG, tf.logging.INFO, tf.logging.WARN) == (10, 20, 30)
    assert (tf.logging.ERROR, tf.logging.FATAL) == (40, 50)


def test_log_every_n_and_first_n_count_by_line(program, capsys):
    program()
    for step in range(7):
        tf.logging.log_every_n(tf.logging.ERROR, "every %d", 3, step)
        tf.logging.log_first_n(tf.logging.ERROR, "first %d", 2, step)
        tf.logging.log_if(tf.logging.ERROR, "if %d", step == 6, step)
    lines = [line.rpartition(":")[2] for line in capsys.readouterr().err.splitlines()]

    assert lines == ["every 0", "first 0", "first 1", "every 3", "every 6", "if 6"]


@pytest.mark.parametrize("function", ["warn", "vlog", "log", "log_if", "log_first_n"])
def test_a_message_is_ascribed_to_the_users_line(function, program):
    program()
    arguments = {
        "warn": ("text",),
        "log_if": (tf.logging.ERROR, "text", True),
        "log_first_n": (tf.logging.ERROR, "text", 9),
    }
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    tf.get_logger().addHandler(handler)
    getattr(tf.logging, function)(*arguments.get(function, (tf.logging.ERROR, "text")))
    tf.get_logger().removeHandler(handler)

    assert [record.filename for record in records] == [Path(__file__).name]


def test_a_program_that_configures_logging_sees_each_message_once(program, capsys):
    program()
    logging.basicConfig(format="mine %(message)s")
    tf.logging.error("text")

    assert capsys.readouterr().err == "mine text\n"
