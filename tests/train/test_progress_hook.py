"""The bar of a training: what it shows, and that it is taken away however training ends."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import minitf as tf


def terminal():
    return Console(file=io.StringIO(), force_terminal=True, width=100)


def trained(console, steps, *, fails_at=None, **options):
    """Train for some steps and return what the terminal got."""
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        loss = tf.cast(step, tf.float32) / 2.0
        train = tf.assign_add(step, 1)
        hook = tf.train.ProgressHook(10, loss, console=console, **options)
        hook._due_s = -1.0
        with tf.train.MonitoredTrainingSession(hooks=[hook]) as session:
            for i in range(steps):
                if i == fails_at:
                    raise ValueError("broken")
                hook._due_s = 0.0  # look at every step
                session.run(train)
    return console.file.getvalue()


@pytest.mark.paper("W-56")
def test_it_shows_the_step_the_loss_and_the_rate():
    shown = trained(terminal(), 4)

    assert "preparing kernels" in shown
    assert "loss 1.500" in shown
    assert "steps/s" in shown


def test_examples_are_counted_where_a_step_has_many():
    assert "examples/s" in trained(terminal(), 2, examples_per_step=50)


def test_nothing_is_drawn_where_output_is_no_terminal():
    assert not trained(Console(file=io.StringIO(), width=100), 3)


def test_the_cursor_comes_back_when_training_ends_by_an_error():
    console = terminal()
    with pytest.raises(ValueError, match="broken"):
        trained(console, 3, fails_at=2)

    shown = console.file.getvalue()
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")  # shown after it was hidden


def test_it_needs_a_global_step():
    with (
        tf.Graph().as_default(),
        pytest.raises(RuntimeError, match=r"Global step should be created to use ProgressHook\."),
    ):
        tf.train.MonitoredTrainingSession(hooks=[tf.train.ProgressHook(console=terminal())])
