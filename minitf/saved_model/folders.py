"""The folders of a SavedModel.

Source: TensorFlow 1.15, `saved_model/utils_impl.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from minitf.saved_model import constants


def get_variables_dir(export_dir: Any) -> str:
    """Return the folder of the checkpoint."""
    return str(Path(os.fsdecode(export_dir), constants.VARIABLES_DIRECTORY))


def get_or_create_variables_dir(export_dir: Any) -> str:
    """Return the folder of the checkpoint, made if it is not there."""
    return _made(get_variables_dir(export_dir))


def get_variables_path(export_dir: Any) -> str:
    """Return the path of the checkpoint, without endings."""
    return str(Path(get_variables_dir(export_dir), constants.VARIABLES_FILENAME))


def get_assets_dir(export_dir: Any) -> str:
    """Return the folder of files that graphs read."""
    return str(Path(os.fsdecode(export_dir), constants.ASSETS_DIRECTORY))


def get_or_create_assets_dir(export_dir: Any) -> str:
    """Return the folder of files that graphs read, made if it is not there."""
    return _made(get_assets_dir(export_dir))


def _made(folder: str) -> str:
    Path(folder).mkdir(parents=True, exist_ok=True)
    return folder
