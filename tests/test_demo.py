"""The demo learns, shows what it learnt, and ends cleanly when it is interrupted."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

import minitf as tf
from minitf import demo
from minitf.datasets import DataSet, DataSets, mnist
from minitf.models import digits


def screen(**options) -> Console:
    """A console that keeps what is printed."""
    return Console(file=io.StringIO(), width=100, highlight=False, **options)


def printed(console: Console) -> str:
    return console.file.getvalue()


def some(count: int) -> DataSets:
    """The first digits of each set."""
    parts = (DataSet(each.images[:count], each.labels[:count]) for each in mnist())
    return DataSets(*parts)


@pytest.mark.thorough
def test_the_convnet_reaches_96_percent():
    console = screen()

    assert demo.main(epochs=4, console=console) == 0

    accuracies = [float(line.split()[2][:-1]) for line in printed(console).splitlines()
                  if line.startswith("  test accuracy")]  # fmt: skip

    assert len(accuracies) == 2
    assert accuracies[0] > 85
    assert accuracies[1] >= 96


@pytest.mark.thorough
@pytest.mark.parametrize("build", [digits.softmax_regression, digits.convnet])
def test_a_classifier_learns_a_few_digits_by_heart(build):
    learnt = demo.train(build, some(100)._replace(test=some(100).train), 12, screen())

    assert learnt.accuracy > 0.9
    assert learnt.predictions.shape == (100,)
    assert not learnt.interrupted


def test_the_same_seed_learns_the_same():
    first, again = (demo.train(digits.convnet, some(100), 1, screen()) for _ in range(2))

    assert np.array_equal(first.predictions, again.predictions)


def test_an_interrupt_ends_the_training_and_shows_what_was_learnt(monkeypatch):
    calls = []

    def next_batch(self, *arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return self.images[:50], self.labels[:50]

    monkeypatch.setattr(DataSet, "next_batch", next_batch)
    console = screen()

    assert demo.main(epochs=8, console=console) == 130
    assert ", ended by Ctrl-C" in printed(console)
    assert "Convolutional network" not in printed(console)
    assert "█" in printed(console)


def test_a_log_has_a_line_for_each_epoch_and_no_control_codes():
    console = screen()
    demo.train(digits.softmax_regression, some(100), 3, console)
    lines = printed(console).splitlines()

    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert "\x1b" not in printed(console)
    assert all("loss" in line and "test accuracy" in line for line in lines)


def test_a_terminal_has_a_bar_too():
    console = screen(force_terminal=True)
    demo.train(digits.softmax_regression, some(100), 1, console)

    assert "preparing kernels" in printed(console)
    assert "images/s" in printed(console)


@pytest.mark.paper("W-56", "W-25")
def test_a_second_run_goes_on_where_the_first_ended(tmp_path):
    console = screen()
    data = some(100)  # two steps an epoch
    demo.train(digits.softmax_regression, data, 3, console, tmp_path)
    demo.train(digits.softmax_regression, data, 2, console, tmp_path)
    events = [e for file in tmp_path.glob("events*") for e in tf.train.summary_iterator(str(file))]

    assert f"goes on from step 6 of {tmp_path}" in printed(console)
    assert tf.train.latest_checkpoint(str(tmp_path)) == str(tmp_path / "model.ckpt-10")
    assert {value.tag for event in events for value in event.summary.value} >= {"cross_entropy"}


def test_what_was_learnt_before_an_interrupt_is_kept(tmp_path, monkeypatch):
    calls = []

    def next_batch(self, *arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return self.images[:50], self.labels[:50]

    monkeypatch.setattr(DataSet, "next_batch", next_batch)
    learnt = demo.train(digits.softmax_regression, some(100), 3, screen(), tmp_path)

    assert learnt.interrupted
    assert tf.train.latest_checkpoint(str(tmp_path)) == str(tmp_path / "model.ckpt-4")


# --- pictures -------------------------------------------------------------------------------------


def test_a_picture_has_a_character_for_two_pixels():
    image = np.zeros((28, 28))
    image[4:6, 10] = 1
    image[6, 10] = 1
    image[9, 12] = 1
    lines = list(demo.picture(image))

    assert len(lines) == 12
    assert {len(line) for line in lines} == {24}
    assert [line.strip() for line in lines[:5]] == ["", "█", "▀", "▄", ""]
    assert lines[1].index("█") == 8  # without the margin of two


def test_wrong_predictions_are_among_the_digits_shown():
    test = some(50).test
    predictions = test.labels.copy()
    predictions[[7, 30, 31]] += 1
    console = screen()
    demo.show(test, predictions, console)
    label = test.labels[7]

    assert printed(console).count("recognised") == demo.SHOWN - 2
    assert f"a {label}, taken for a {label + 1}" in printed(console)


def test_a_terminal_without_blocks_gets_plain_characters():
    console = Console(
        file=io.TextIOWrapper(io.BytesIO(), encoding="ascii"), width=100, highlight=False
    )
    test = some(10).test
    demo.show(test, test.labels, console)
    console.file.flush()

    assert b":" in console.file.buffer.getvalue()
