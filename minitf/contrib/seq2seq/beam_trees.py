"""The tree of a beam search: which symbols lead to each of the last beams.

At each step each beam has a symbol, and the number of the beam that it went on from.

    tile_batch       each sequence `beam_width` times, side by side
    gather_tree      the symbols along the paths to the last beams

Source: TensorFlow 1.15's tf.contrib.seq2seq.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.api.array import concat, expand_dims, reshape, stack, tile, transpose
from minitf.api.casting import cast
from minitf.api.comparison import equal, logical_and
from minitf.api.constants import fill, ones_like, zeros_like
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import batch_gather, gather_nd, where
from minitf.api.reductions import cumsum, reduce_max
from minitf.api.sequences import range as sequence
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape as shape_of
from minitf.control_flow.while_loop import while_loop
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Return each entry of the batch several times: [a, b] gives [a, a, b, b] for 2.

    Args:
        t: a tensor [batch, ...], or a structure of them.
        multiplier: how many times.
        name: name of the name scope.

    Raises:
        ValueError: if the rank is not known, or there is no batch.
    """
    with name_scope(name, "tile_batch", [*nest.flatten(t), multiplier]):
        return nest.map_structure(lambda each: _tiled(each, multiplier), t)


def _tiled(t: Any, multiplier: int) -> Tensor:
    t = convert_to_tensor(t, name="t")
    rank = t.shape.ndims
    if rank is None:
        raise ValueError("t must have statically known rank")
    if rank == 0:
        raise ValueError("t must have a batch dimension, but it is a scalar")
    sizes = shape_of(t)
    tiled = tile(expand_dims(t, 1), [1, multiplier] + [1] * (rank - 1))
    tiled = reshape(tiled, concat([[sizes[0] * multiplier], sizes[1:]], 0))
    batch = t.shape[0].value
    tiled.set_shape([None if batch is None else batch * multiplier, *t.shape.as_list()[1:]])
    return tiled


def gather_tree(
    step_ids: Any,
    parent_ids: Any,
    max_sequence_lengths: Any,
    end_token: Any,
    name: str | None = None,
) -> Tensor:
    """Return the symbols along the paths to the last beams.

    Args:
        step_ids: int32[time, batch, beam]: the symbols.
        parent_ids: likewise: the beams that they went on from.
        max_sequence_lengths: int32[batch]: how many steps there are.
        end_token: the symbol that ends a sequence; it stands at all later steps.
        name: name of the name scope.
    """
    with name_scope(name, "GatherTree", [step_ids, parent_ids, max_sequence_lengths]):
        ids = convert_to_tensor(step_ids, int32)
        parents = convert_to_tensor(parent_ids, int32)
        lengths = convert_to_tensor(max_sequence_lengths, int32)
        end = convert_to_tensor(end_token, int32)
        sizes = shape_of(ids)
        steps, batch, width = sizes[0], sizes[1], sizes[2]
        last = tile(reshape(sequence(width), [1, -1]), stack([batch, 1]))
        found = TensorArray(int32, steps)

        def step_back(time: Any, beams: Any, found: Any) -> Any:
            is_within = tile(reshape(time < lengths, [-1, 1]), stack([1, width]))
            symbols = where(is_within, batch_gather(ids[time], beams), fill([batch, width], end))
            before = where(is_within, batch_gather(parents[time], beams), beams)
            return time - 1, before, found.write(time, symbols)

        _, _, found = while_loop(lambda time, *_: time >= 0, step_back, (steps - 1, last, found))
        paths = found.stack()
        has_ended = cumsum(cast(equal(paths, end), int32), axis=0, exclusive=True) > 0
        paths = where(has_ended, zeros_like(paths) + end, paths)
        paths.set_shape(ids.shape)
        return paths


def gather_tree_from_array(t: Any, parent_ids: Any, sequence_length: Any) -> Tensor:
    """Return what a tensor holds along the paths to the last beams.

    Args:
        t: [time, batch, beam, ...].
        parent_ids: int32[time, batch, beam]: the beams that steps went on from.
        sequence_length: int[batch, beam]: how many steps each path has.
    """
    parents = convert_to_tensor(parent_ids, int32)
    sizes = shape_of(parents)
    steps, batch, width = sizes[0], sizes[1], sizes[2]
    beams = tile(reshape(sequence(width), [1, 1, -1]), stack([steps, batch, 1]))
    lengths = cast(sequence_length, int32)
    paths = gather_tree(beams, parents, reduce_max(lengths, axis=1), width + 1)
    mask = transpose(sequence_mask(lengths, maxlen=steps), [2, 0, 1])
    paths = where(logical_and(mask, paths < width), paths, beams)
    time = ones_like(paths) * reshape(sequence(steps), [-1, 1, 1])
    entry = ones_like(paths) * reshape(sequence(batch), [1, -1, 1])
    ordered = gather_nd(t, stack([time, entry, paths], -1))
    ordered.set_shape(convert_to_tensor(t).shape)
    return ordered
