"""`minitf demo`: train two classifiers on real handwritten digits and show what they learnt.

Softmax regression first, then a small convolutional network (`minitf.models.digits`), both by Adam
on the digits of `minitf.datasets`.  The seed is fixed, so each run reaches the same accuracy.
Ctrl-C ends the training, and what was learnt by then is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from rich.columns import Columns
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

import minitf as tf
from minitf import datasets
from minitf.datasets import DataSet, DataSets
from minitf.models import digits
from minitf.models.digits import Classifier

BATCH = 50
SEED = 1
KEEP = 0.5  # of the dense layer's units, while training
REGRESSION_EPOCHS = 5
SHOWN = 6  # digits shown as pictures
_TEST_BATCH = 500  # images tested at once: more would need more memory, not less time
_INK = 0.4  # pixels brighter than this are drawn
_BLOCKS = (" ", "▄", "▀", "█")  # neither, lower, upper, both of two pixels
_ASCII = (" ", ".", "'", ":")


class Learnt(NamedTuple):
    """What a training reached.

    Attributes:
        predictions: int64[N], for each test image.
        accuracy: share of right ones.
        seconds: how long it trained.
        interrupted: whether Ctrl-C ended it.
    """

    predictions: Any
    accuracy: float
    seconds: float
    interrupted: bool


def main(*, epochs: int, folder: str | None = None, console: Console | None = None) -> int:
    """Train, print and show; return the exit code, 130 after Ctrl-C.

    Args:
        epochs: how often the convnet sees each training image.
        folder: MNIST's IDX files; the 5,000 packaged digits if None.
        console: where to print.
    """
    console = console or Console(highlight=False)
    data = datasets.mnist(folder)
    console.print(
        f"{data.train.num_examples:,} handwritten digits to train on, {data.test.num_examples:,} "
        "to test on.\nCtrl-C ends the training."
    )
    for name, build, rounds in (
        ("Softmax regression", digits.softmax_regression, REGRESSION_EPOCHS),
        ("Convolutional network", digits.convnet, epochs),
    ):
        console.print(Text(f"\n{name}", "bold"))
        learnt = train(build, data, rounds, console)
        console.print(
            f"  test accuracy {learnt.accuracy:.1%} after {learnt.seconds:.1f} s of training"
            + (", ended by Ctrl-C" if learnt.interrupted else "")
        )
        if learnt.interrupted:
            break
    show(data.test, learnt.predictions, console)
    return 130 if learnt.interrupted else 0


# --- training -------------------------------------------------------------------------------------


def train(build: Callable[[], Classifier], data: DataSets, epochs: int, console: Console) -> Learnt:
    """Train a classifier in a graph and a session of its own."""
    with tf.Graph().as_default():
        tf.set_random_seed(SEED)
        model = build()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            start = time.perf_counter()
            try:
                _train(sess, model, data, epochs, console)
            except KeyboardInterrupt:
                interrupted = True
            else:
                interrupted = False
            seconds = time.perf_counter() - start
            predictions, accuracy = evaluate(sess, model, data.test)
    return Learnt(predictions, accuracy, seconds, interrupted)


def _train(sess: Any, model: Classifier, data: DataSets, epochs: int, console: Console) -> None:
    steps = data.train.num_examples // BATCH
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,  # a log has the line of each epoch
        transient=True,
    )
    with progress:
        task = progress.add_task("preparing kernels", total=epochs * steps, rate="")
        for epoch in range(1, epochs + 1):
            start = time.perf_counter()
            losses = []
            for step in range(1, steps + 1):
                images, labels = data.train.next_batch(BATCH)
                feeds = {model.images: images, model.labels: labels, model.keep: KEEP}
                _, loss = sess.run([model.train, model.loss], feeds)
                losses.append(loss)
                rate = step * BATCH / (time.perf_counter() - start)
                about = f"epoch {epoch}/{epochs}, loss {np.mean(losses):.3f}"
                progress.update(task, advance=1, description=about, rate=f"{rate:,.0f} images/s")
            _, accuracy = evaluate(sess, model, data.test)
            console.print(
                f"  epoch {epoch:2}/{epochs}  loss {np.mean(losses):.3f}  "
                f"test accuracy {accuracy:.1%}  {rate:,.0f} images/s"
            )


def evaluate(sess: Any, model: Classifier, data: DataSet) -> tuple[Any, float]:
    """Return the prediction for each image, and the share of right ones."""
    predictions = np.concatenate(
        [
            sess.run(model.predictions, {model.images: data.images[first : first + _TEST_BATCH]})
            for first in range(0, data.num_examples, _TEST_BATCH)
        ]
    )
    return predictions, float(np.mean(predictions == data.labels))


# --- showing --------------------------------------------------------------------------------------


def show(data: DataSet, predictions: Any, console: Console) -> None:
    """Print some digits as pictures with their predictions, wrong ones too."""
    wrong = np.flatnonzero(predictions != data.labels)
    right = np.flatnonzero(predictions == data.labels)
    chosen = [*right[: SHOWN - min(len(wrong), 2)], *wrong[:2]]
    blocks = _ASCII if console.options.ascii_only else _BLOCKS
    console.print()
    console.print(
        Columns(
            [
                _captioned(
                    data.images[i, :, :, 0], int(data.labels[i]), int(predictions[i]), blocks
                )
                for i in chosen
            ],
            padding=(1, 3),
        )
    )


def _captioned(image: Any, label: int, prediction: int, blocks: tuple[str, ...]) -> Text:
    right = label == prediction
    caption = f"a {label}, recognised" if right else f"a {label}, taken for a {prediction}"
    style = "green" if right else "red"
    return Text("\n").join([Text(caption, style), *map(Text, picture(image, blocks))])


def picture(image: Any, blocks: tuple[str, ...] = _BLOCKS) -> Iterator[str]:
    """Yield the lines of an image without its margin; a character is two pixels, one above another.

    Args:
        image: float[H, W] in [0, 1].
        blocks: the characters for neither, lower, upper, both pixels drawn.
    """
    height, width = image.shape
    margin = height // 10
    ink = image[margin : height - margin, margin : width - margin] > _INK
    for upper, lower in zip(ink[::2].astype(int), ink[1::2].astype(int), strict=False):
        yield "".join(blocks[code] for code in 2 * upper + lower)
