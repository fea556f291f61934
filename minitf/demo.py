"""`minitf demo`: train two classifiers on real handwritten digits and show what they learnt.

Softmax regression first, then a small convolutional network (`minitf.models.digits`), both by Adam
on the digits of `minitf.datasets`.  The seed is fixed, so each run from the start reaches the same
accuracy.  Checkpoints and summaries go to a folder, and a second run there goes on where the first
one ended.  Ctrl-C ends the training, and what was learnt by then is kept and shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rich.columns import Columns
from rich.console import Console
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
_NAMES = {digits.softmax_regression: "Softmax regression", digits.convnet: "Convolutional network"}
_CHECKPOINT_S = 30
_SUMMARY_STEPS = 20
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


def main(
    *,
    epochs: int,
    folder: str | None = None,
    logs: str | None = None,
    console: Console | None = None,
) -> int:
    """Train, print and show; return the exit code, 130 after Ctrl-C.

    Args:
        epochs: how often the convnet sees each training image.
        folder: MNIST's IDX files; the 5,000 packaged digits if None.
        logs: folder of checkpoints and event files; None keeps nothing.
        console: where to print.
    """
    console = console or Console(highlight=False)
    data = datasets.mnist(folder)
    console.print(
        f"{data.train.num_examples:,} handwritten digits to train on, {data.test.num_examples:,} "
        "to test on.\nCtrl-C ends the training."
    )
    for build, rounds in ((digits.softmax_regression, REGRESSION_EPOCHS), (digits.convnet, epochs)):
        console.print(Text(f"\n{_NAMES[build]}", "bold"))
        kept = None if logs is None else Path(logs, build.__name__)
        learnt = train(build, data, rounds, console, kept)
        console.print(
            f"  test accuracy {learnt.accuracy:.1%} after {learnt.seconds:.1f} s of training"
            + (", ended by Ctrl-C" if learnt.interrupted else "")
        )
        if learnt.interrupted:
            break
    show(data.test, learnt.predictions, console)
    if logs is not None:
        console.print(
            f"\nCheckpoints and summaries are in {logs}: the next run goes on from there, and\n"
            f"`tensorboard --logdir {logs}` draws them."
        )
    return 130 if learnt.interrupted else 0


# --- training -------------------------------------------------------------------------------------


def train(
    build: Callable[[], Classifier],
    data: DataSets,
    epochs: int,
    console: Console,
    folder: Path | None = None,
) -> Learnt:
    """Train a classifier in a graph and a session of its own.

    Args:
        build: makes the classifier.
        data: what it learns, and is tested on.
        epochs: how often it sees each training image.
        console: where to print.
        folder: of checkpoints, from which the training goes on, and of event files; None for none.
    """
    steps = data.train.num_examples // BATCH
    with tf.Graph().as_default():
        tf.set_random_seed(SEED)
        model = build()
        tf.summary.scalar("cross_entropy", model.loss)
        before = _step_in(folder)
        if before:
            console.print(f"  goes on from step {before} of {folder}")
        progress = tf.train.ProgressHook(before + epochs * steps, model.loss, BATCH, console)
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=None if folder is None else str(folder),
            hooks=[progress],
            save_checkpoint_secs=_CHECKPOINT_S,
            save_summaries_steps=_SUMMARY_STEPS,
        ) as session:
            start = time.perf_counter()
            try:
                for epoch in range(1, epochs + 1):
                    _train(session, model, data, f"epoch {epoch:2}/{epochs}", console)
            except KeyboardInterrupt:
                interrupted = True
            else:
                interrupted = False
            seconds = time.perf_counter() - start
            predictions, accuracy = evaluate(session, model, data.test)
    return Learnt(predictions, accuracy, seconds, interrupted)


def _step_in(folder: Path | None) -> int:
    """Return the global step of the latest checkpoint in a folder; 0 if there is none."""
    latest = None if folder is None else tf.train.latest_checkpoint(str(folder))
    return 0 if latest is None else int(tf.train.load_variable(latest, "global_step"))


def _train(session: Any, model: Classifier, data: DataSets, epoch: str, console: Console) -> None:
    """Show the classifier each training image once."""
    steps = data.train.num_examples // BATCH
    start, losses = time.perf_counter(), []
    for _ in range(steps):
        images, labels = data.train.next_batch(BATCH)
        feeds = {model.images: images, model.labels: labels, model.keep: KEEP}
        _, loss = session.run([model.train, model.loss], feeds)
        losses.append(loss)
    rate = steps * BATCH / (time.perf_counter() - start)
    _, accuracy = evaluate(session, model, data.test)
    console.print(
        f"  {epoch}  loss {np.mean(losses):.3f}  test accuracy {accuracy:.1%}  {rate:,.0f} images/s"
    )


def evaluate(session: Any, model: Classifier, data: DataSet) -> tuple[Any, float]:
    """Return the prediction for each image, and the share of right ones."""

    def predict(images: Any) -> Any:
        # past the hooks, which would summarise the loss of images without labels
        return session.run_step_fn(
            lambda step_context: step_context.session.run(model.predictions, {model.images: images})
        )

    predictions = np.concatenate(
        [
            predict(data.images[first : first + _TEST_BATCH])
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
