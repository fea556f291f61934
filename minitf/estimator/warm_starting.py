"""Warm starts: variables that begin with the values of another model's.

Source: TensorFlow 1.15's `tf.estimator.WarmStartSettings` and `tf.train.warm_start`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from minitf.api.framework import get_collection
from minitf.errors import UnimplementedError
from minitf.graph_keys import GraphKeys
from minitf.train.checkpoint_values import init_from_checkpoint
from minitf.variables.base import Variable
from minitf.variables.partitioned import PartitionedVariable

_LOG = logging.getLogger("tensorflow")


class VocabInfo(NamedTuple):
    """Two vocabularies of a variable, the present one and that of its checkpoint.

    Source: TensorFlow 1.15.
    """

    new_vocab: str
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: str
    old_vocab_size: int = -1
    backup_initializer: Any = None
    axis: int = 0


class WarmStartSettings(NamedTuple):
    """Which variables begin with values of which checkpoint.

    Attributes:
        ckpt_to_initialize_from: the checkpoint, or its folder.
        vars_to_warm_start: a regular expression of names of trainable variables; a list of such, of
            all variables; a list of variables; None for none.
        var_name_to_vocab_info: VocabInfo by name; must be empty.
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
        UnimplementedError: if rows are to be moved from one vocabulary to another.
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
    if warm_start_from.var_name_to_vocab_info:
        raise UnimplementedError(
            None, None, "Rows are not moved from one vocabulary to another in a warm start"
        )
    return warm_start_from


def warm_start(settings: WarmStartSettings) -> None:
    """Let variables of the default graph begin with the values that a checkpoint has.

    Raises:
        ValueError: if a name is given that no variable has, or as of `init_from_checkpoint`.
    """
    _LOG.info("Warm-starting with WarmStartSettings: %s", settings)
    previous = dict(settings.var_name_to_prev_var_name or {})
    assignment = {}
    for name, parts in _chosen(settings.vars_to_warm_start).items():
        assignment[previous.pop(name, name)] = parts if len(parts) > 1 else parts[0]
    if previous:
        raise ValueError(
            "You provided the following variables in var_name_to_prev_var_name that were not used: "
            f"{sorted(previous)}. Perhaps you misspelled them? Here is the list of viable variable "
            f"names: {sorted(assignment)}"
        )
    if assignment:
        init_from_checkpoint(settings.ckpt_to_initialize_from, assignment)


def _chosen(wanted: Any) -> dict[str, list[Any]]:
    """Return the parts of the wanted variables by their name as a whole."""
    if wanted is None:
        return {}
    if isinstance(wanted, str):
        found = get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=wanted)
    elif all(isinstance(each, str) for each in wanted):
        found = [
            variable
            for each in wanted
            for variable in get_collection(GraphKeys.GLOBAL_VARIABLES, scope=each)
        ]
    else:
        found = [
            part
            for each in wanted
            for part in (each if isinstance(each, PartitionedVariable) else [each])
        ]
    by_name: dict[str, list[Any]] = {}
    for variable in found:
        parts = by_name.setdefault(_whole_name(variable), [])
        if variable not in parts:
            parts.append(variable)
    return by_name


def _whole_name(variable: Variable) -> str:
    info = variable.save_slice_info
    return variable.op.name if info is None else str(info.full_name)
