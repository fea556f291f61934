"""Warm starts: variables that begin with the values of another model's.

    tf.train.warm_start("old_model", vars_to_warm_start="input_layer",
                        var_name_to_vocab_info={"input_layer/embeddings": tf.train.VocabInfo(
                            "new.txt", 5000, 1, "old.txt")})

Source: TensorFlow 1.15's `tf.train.warm_start`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from minitf.api.framework import get_collection
from minitf.api.state import assign
from minitf.errors import NotFoundError
from minitf.graph_keys import GraphKeys
from minitf.train.checkpoint_ops import load_and_remap_matrix_initializer
from minitf.train.checkpoint_reader import checkpoint_path
from minitf.train.checkpoint_values import init_from_checkpoint
from minitf.train.object_based import object_graph_key_mapping
from minitf.variables.base import Variable
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.store import PartitionInfo

_LOG = logging.getLogger("tensorflow")


class VocabInfo(NamedTuple):
    """Two vocabularies of a matrix, the present one and that of its checkpoint.

    Attributes:
        new_vocab: the path of a file with a word in each line.
        new_vocab_size: how many words of it count.
        num_oov_buckets: how many rows or columns come behind those of the words.
        old_vocab: the path of the file for the checkpoint.
        old_vocab_size: how many words of it count; -1 for all.
        backup_initializer: of rows or columns of new words; zeros by default.
        axis: 0 if a row stands for a word, 1 if a column does.

    Source: TensorFlow 1.15.
    """

    new_vocab: str
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: str
    old_vocab_size: int = -1
    backup_initializer: Any = None
    axis: int = 0


def warm_start(
    ckpt_to_initialize_from: Any,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: Mapping[str, VocabInfo] | None = None,
    var_name_to_prev_var_name: Mapping[str, str] | None = None,
) -> None:
    """Let variables of the default graph begin with the values that a checkpoint has.

    Args:
        ckpt_to_initialize_from: the checkpoint, or its folder.
        vars_to_warm_start: a regular expression of names of trainable variables; a list of such, of
            all variables; a list of variables; None for those with vocabularies alone.
        var_name_to_vocab_info: vocabularies of matrices, by the names of these.
        var_name_to_prev_var_name: names in the checkpoint, where they differ.

    Raises:
        ValueError: if a name is given that no variable has, or as of `init_from_checkpoint`.
    """
    _LOG.info("Warm-starting from: %s", ckpt_to_initialize_from)
    path = checkpoint_path(ckpt_to_initialize_from)
    chosen = _chosen(vars_to_warm_start)
    vocabularies = dict(var_name_to_vocab_info or {})
    renames = var_name_to_prev_var_name or {}
    previous = dict(renames)
    by_key = {} if renames else _keys_of_objects(path)
    assignment = {}
    for name, parts in chosen.items():
        old = previous.pop(name, by_key.get(name, name))
        vocabulary = vocabularies.pop(name, None)
        if vocabulary is not None:
            _begin_with_words(parts, path, old, vocabulary)
        elif vars_to_warm_start is not None:
            assignment[old] = parts if len(parts) > 1 else parts[0]
    for what, unused in (
        ("var_name_to_prev_var_name", previous),
        ("var_name_to_vocab_info", vocabularies),
    ):
        if unused:
            raise ValueError(
                f"You provided the following variables in {what} that were not used: "
                f"{sorted(unused)}. Perhaps you misspelled them? Here is the list of viable "
                f"variable names: {sorted(chosen)}"
            )
    if assignment:
        init_from_checkpoint(path, assignment)


def _keys_of_objects(path: str) -> dict[str, str]:
    """Return keys by names, of a checkpoint of objects; nothing of a Saver's."""
    try:
        return object_graph_key_mapping(path)
    except NotFoundError:
        return {}


def _begin_with_words(parts: list[Any], path: str, name: str, info: VocabInfo) -> None:
    """Give the parts of a matrix initializers that move its words to their new places."""
    if not (info.new_vocab and info.new_vocab_size and info.old_vocab):
        raise ValueError(
            "Invalid args: Must provide all of [current_vocab_path, current_vocab_size, prev_ckpt, "
            "prev_vocab_path}."
        )
    if info.axis not in {0, 1}:
        raise ValueError(
            "The only supported values for the axis argument are 0 and 1.  Provided axis: "
            f"{info.axis}"
        )
    rows = sum(each.shape.as_list()[0] for each in parts)
    for part in parts:
        shape = part.shape.as_list()
        if info.axis == 0:
            sizes: dict[str, Any] = {
                "new_row_vocab_size": info.new_vocab_size,
                "new_col_vocab_size": shape[1],
                "old_row_vocab_size": info.old_vocab_size,
                "num_row_oov_buckets": info.num_oov_buckets,
            }
            files: dict[str, Any] = {
                "old_row_vocab_file": info.old_vocab,
                "new_row_vocab_file": info.new_vocab,
            }
        else:
            sizes = {
                "new_row_vocab_size": rows,
                "new_col_vocab_size": info.new_vocab_size,
                "num_col_oov_buckets": info.num_oov_buckets,
            }
            files = {"old_col_vocab_file": info.old_vocab, "new_col_vocab_file": info.new_vocab}
        start = load_and_remap_matrix_initializer(
            path, name, **sizes, **files, initializer=info.backup_initializer
        )
        lies = part.save_slice_info
        place = None if lies is None else PartitionInfo(lies.full_shape, lies.var_offset)
        value = start(shape, partition_info=place)
        part.start_from(value, assign(part, value).op)


def _chosen(wanted: Any) -> dict[str, list[Any]]:
    """Return the parts of the wanted variables by their name as a whole."""
    if wanted is None or isinstance(wanted, str):
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
