"""The file in which TensorBoard's projector finds what to show: `projector_config.pbtxt`.

    config = projector.ProjectorConfig()
    config.embeddings.add(tensor_name=table.name, metadata_path="labels.tsv")
    projector.visualize_embeddings(writer, config)

Source: TensorFlow 1.15's tf.contrib.tensorboard.plugins.projector.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minitf.message_files import write_message

_FILE = "projector_config.pbtxt"


def visualize_embeddings(summary_writer: Any, config: Any) -> None:
    """Write a configuration into the folder of a writer's events.

    Args:
        summary_writer: a FileWriter.
        config: a ProjectorConfig.

    Raises:
        ValueError: if the writer has no folder.
    """
    logdir = summary_writer.get_logdir()
    if logdir is None:
        raise ValueError("Summary writer must have a logdir")
    write_message(Path(logdir) / _FILE, config, as_text=True)
