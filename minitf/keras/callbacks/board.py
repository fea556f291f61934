"""TensorBoard: what was measured, weights and the graph, in event files.

Source: TensorFlow 1.15's `tf.keras.callbacks.TensorBoard`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minitf.api.framework import get_default_graph
from minitf.keras.backend.sessions import get_session
from minitf.keras.callbacks.base import Callback, Logs
from minitf.protos import Summary
from minitf.summary.file_writer import FileWriter
from minitf.summary.merging import merge
from minitf.summary.values import histogram

_NOT_MEASURED = {"batch", "size", "num_steps"}


class TensorBoard(Callback):
    """Writes event files: `epoch_loss`, `batch_loss`, histograms of weights, the graph.

    Args:
        log_dir: where.
        histogram_freq: after how many epochs histograms of the weights are written; 0 for never.
        batch_size: accepted for compatibility.
        write_graph: whether the graph is written.
        update_freq: "epoch", "batch", or after how many rows values are written.

    Raises:
        NotImplementedError: if embeddings, images or gradients are asked for.
    """

    def __init__(
        self,
        log_dir: str = "./logs",
        histogram_freq: int = 0,
        batch_size: int = 32,
        write_graph: bool = True,
        write_grads: bool = False,
        write_images: bool = False,
        embeddings_freq: int = 0,
        embeddings_layer_names: Any = None,
        embeddings_metadata: Any = None,
        embeddings_data: Any = None,
        update_freq: Any = "epoch",
        profile_batch: int = 2,
    ) -> None:
        super().__init__()
        if write_grads or write_images or embeddings_freq:
            raise NotImplementedError(
                "TensorBoard of MiniTF writes no gradients, images or embeddings."
            )
        self.log_dir = str(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._rows = 0
        self._written = 0
        self._writers: dict[str, Any] = {}
        self._histograms: Any = None

    def set_model(self, model: Any) -> None:
        """Take the model, and make the histograms of its weights."""
        super().set_model(model)
        if self.histogram_freq and self._histograms is None and model.weights:
            self._histograms = merge(
                [histogram(each.op.name.replace(":", "_"), each) for each in model.weights]
            )

    def _writer(self, run: str = "") -> Any:
        if run not in self._writers:
            graph = get_default_graph() if self.write_graph and not run else None
            self._writers[run] = FileWriter(str(Path(self.log_dir, run)), graph)
        return self._writers[run]

    def on_train_begin(self, logs: Logs = None) -> None:
        """Open the file, with the graph."""
        self._writer()

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Write what was measured, if enough rows were seen."""
        logs = logs or {}
        self._rows += logs.get("size", 1)
        if self.update_freq == "epoch":
            return
        if self.update_freq == 1 or self._rows - self._written >= self.update_freq:
            self._write("batch_", logs, self._rows)
            self._written = self._rows

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write what was measured, and the histograms."""
        self._write("epoch_", logs or {}, epoch if self.update_freq == "epoch" else self._rows)
        if self._histograms is not None and epoch % self.histogram_freq == 0:
            self._writer().add_summary(get_session().run(self._histograms), epoch)
        self._writer().flush()

    def _write(self, prefix: str, logs: dict[str, Any], step: int) -> None:
        for name, value in logs.items():
            if name not in _NOT_MEASURED:
                summary = Summary()
                summary.value.add(tag=f"{prefix}{name}", simple_value=float(value))
                self._writer().add_summary(summary, step)

    def on_train_end(self, logs: Logs = None) -> None:
        """Close the files."""
        for each in self._writers.values():
            each.close()
        self._writers.clear()
