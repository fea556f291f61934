"""Warm starts: variables that begin with the values of another model's.

Source: TensorFlow 1.15's `tf.estimator.WarmStartSettings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from minitf.train.warm_starting import VocabInfo


class WarmStartSettings(NamedTuple):
    """Which variables begin with values of which checkpoint.

    Attributes:
        ckpt_to_initialize_from: the checkpoint, or its folder.
        vars_to_warm_start: a regular expression of names of trainable variables; a list of such, of
            all variables; a list of variables; None for those with vocabularies alone.
        var_name_to_vocab_info: VocabInfo of matrices, by their names.
        var_name_to_prev_var_name: names in the checkpoint, where they differ.

    Source: TensorFlow 1.15.
    """

    ckpt_to_initialize_from: str
    vars_to_warm_start: Any = ".*"
    var_name_to_vocab_info: Mapping[str, VocabInfo] | None = None
    var_name_to_prev_var_name: Mapping[str, str] | None = None


def as_settings(warm_start_from: Any) -> WarmStartSettings | None:
    """Return the settings that an Estimator's `warm_start_from` means.

    Raises:
        ValueError: if it is neither settings nor a path.
    """
    if warm_start_from is None:
        return None
    if isinstance(warm_start_from, (str, bytes)):
        return WarmStartSettings(
            warm_start_from if isinstance(warm_start_from, str) else warm_start_from.decode()
        )
    if not isinstance(warm_start_from, WarmStartSettings):
        raise ValueError(
            f"warm_start_from must be a string or a WarmStartSettings, instead got "
            f"{type(warm_start_from)}"
        )
    return warm_start_from
