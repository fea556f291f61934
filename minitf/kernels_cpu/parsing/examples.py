"""CPU kernels of parsing Examples: one pass over the bytes of a batch, in compiled loops.

The loops know Examples as they are nearly always: nothing but features, each once and of the type
that is wanted, numbers packed.  Where bytes are anything else, sound or not, they give up and the
op's body reads the batch: it knows all that protobuf allows, and it says what is wrong.

**Invariant**: nothing outside an example's bytes is looked at, whatever they say of lengths.

Source: protobuf's wire format.
"""

from __future__ import annotations

import itertools

import numpy as np

from minitf.dtypes import float32, string
from minitf.io.examples import TAGS, Column
from minitf.kernels_cpu.jit import loops
from minitf.ops.parsing.columns import Examples
from minitf.ops.parsing.examples import (
    batch_of,
    parse_example_op,
    parse_example_v2_op,
    parse_single_example_op,
    parsed,
)
from minitf.ops.strings.arrays import octets


class Scanned(Examples):
    """Serialized examples that compiled loops read."""

    def columns(self, wanted):
        """Read features of all examples; see Examples.columns."""
        found = _scanned(self.serialized, wanted)
        return super().columns(wanted) if found is None else found


@parse_example_op.kernel("CPU")
def parse_example(
    serialized,
    names,
    sparse_keys,
    dense_keys,
    dense_defaults,
    *,
    sparse_types,
    dense_shapes,
):
    """Read named features of a batch."""
    keys = [key.item() for key in sparse_keys], [key.item() for key in dense_keys]
    examples = batch_of(serialized, names, Scanned)
    return parsed(examples, keys[0], sparse_types, keys[1], dense_shapes, dense_defaults)[:4]


@parse_example_v2_op.kernel("CPU")
def parse_example_v2(
    serialized,
    names,
    sparse_keys,
    dense_keys,
    ragged_keys,
    dense_defaults,
    *,
    num_sparse,
    sparse_types,
    ragged_value_types,
    ragged_split_types,
    dense_shapes,
):
    """Read named features of a batch, or of one example."""
    return parsed(
        batch_of(serialized, names, Scanned),
        sparse_keys.ravel().tolist(),
        sparse_types,
        dense_keys.ravel().tolist(),
        dense_shapes,
        dense_defaults,
        ragged_keys.ravel().tolist(),
        ragged_value_types,
        ragged_split_types,
    )


@parse_single_example_op.kernel("CPU")
def parse_single_example(
    serialized,
    dense_defaults,
    *,
    num_sparse,
    sparse_keys,
    dense_keys,
    sparse_types,
    dense_shapes,
):
    """Read named features of one example."""
    return parsed(
        Scanned([serialized.item()], [], is_single=True),
        list(map(octets, sparse_keys)),
        sparse_types,
        list(map(octets, dense_keys)),
        dense_shapes,
        dense_defaults,
    )[:4]


# --- columns -------------------------------------------------------------------------------------


def _scanned(serialized, wanted):
    """Return the columns of a batch; None if the loops gave up."""
    keys = [key for key, _, _ in wanted]
    if not keys or not serialized or len(set(keys)) < len(keys):
        return None
    joined = b"".join(serialized)
    data = np.frombuffer(joined, np.uint8)
    first, last, counts = np.empty((3, len(keys), len(serialized)), np.int64)
    is_sound = np.zeros(1, np.uint8)
    scan_loops(
        data,
        np.cumsum(list(map(len, serialized))),
        np.frombuffer(b"".join(keys), np.uint8),
        np.cumsum(list(map(len, keys))),
        np.array([TAGS[dtype] for _, dtype, _ in wanted], np.uint8),
        first,
        last,
        counts,
        is_sound,
    )
    if not is_sound[0]:
        return None
    return [
        _column(dtype, joined, data, *places)
        for (_, dtype, _), *places in zip(wanted, first, last, counts, strict=True)
    ]


def _column(dtype, joined, data, first, last, counts):
    """Decode a column whose lists begin and end there."""
    column = Column(dtype)
    column.counts = counts.tolist()
    column.missing = np.flatnonzero(first < 0).tolist()
    size = int(counts.sum())
    if dtype is string:
        begins, ends = np.empty((2, size), np.int64)
        strings_loops(data, first, last, begins, ends)
        values = itertools.starmap(slice, zip(begins.tolist(), ends.tolist(), strict=True))
        column.values = np.empty(size, object)
        column.values[:] = [joined[each] for each in values]
    elif dtype is float32:
        column.values = np.empty(size, np.float32)
        floats_loops(data, first, last, column.values.view(np.uint8))
    else:
        column.values = np.empty(size, np.int64)
        whole_numbers_loops(data, first, last, column.values)
    return column


# --- loops ---------------------------------------------------------------------------------------


@loops
def content(data, at, end):
    """Return where the content begins and ends whose length stands at `at`; -1 if it is cut off."""
    size, shift = 0, 0
    while at < end and shift < 35:
        byte = int(data[at])
        at += 1
        size |= (byte & 127) << shift
        if byte < 128:
            return (at, at + size) if size <= end - at else (-1, -1)
        shift += 7
    return -1, -1


@loops
def place_of(data, first, last, keys, key_ends, hint):
    """Return which key stands there, beginning to look at number `hint`; -1 if it is none."""
    for i in range(key_ends.size):
        place = (hint + i) % key_ends.size
        begin = key_ends[place - 1] if place else 0
        if key_ends[place] - begin == last - first:
            same = 0
            while first + same < last and data[first + same] == keys[begin + same]:
                same += 1
            if first + same == last:
                return place
    return -1


@loops
def count_of(data, first, last, tag):
    """Return how many values a list has, and where they begin; -1 if it is not as nearly always."""
    if tag == 10:  # strings
        count, at = 0, first
        while at < last:
            if data[at] != 10:
                return -1, first
            begin, at = content(data, at + 1, last)
            if begin < 0:
                return -1, first
            count += 1
        return count, first
    if first == last:
        return 0, first
    if data[first] != 10:
        return -1, first
    begin, end = content(data, first + 1, last)
    if begin < 0 or end != last:
        return -1, first
    if tag == 18:  # floats
        return ((end - begin) // 4 if (end - begin) % 4 == 0 else -1), begin
    count, length = 0, 0
    for at in range(begin, end):
        length += 1
        if length > 10 or (length == 10 and data[at] > 1):
            return -1, begin
        if data[at] < 128:
            count, length = count + 1, 0
    return (-1 if length else count), begin


@loops
def features_of(data, at, end):
    """Return where the features of an example begin; -1 if anything else stands there."""
    if at == end:
        return end
    if data[at] != 10:
        return -1
    begin, features_end = content(data, at + 1, end)
    return begin if features_end == end else -1


@loops
def entry_at(data, at, end):
    """Return where the key and the value of the entry at `at` begin and end; -1 first if not so."""
    if data[at] != 10:
        return -1, -1, -1, -1
    entry, entry_end = content(data, at + 1, end)
    if entry < 0 or entry == entry_end or data[entry] != 10:
        return -1, -1, -1, -1
    key, key_end = content(data, entry + 1, entry_end)
    if key < 0 or key_end == entry_end or data[key_end] != 18:
        return -1, -1, -1, -1
    value, value_end = content(data, key_end + 1, entry_end)
    return (key, key_end, value, value_end) if value_end == entry_end else (-1, -1, -1, -1)


@loops
def list_at(data, first, last, tag):
    """Return where the list of a feature begins and ends, and how long it is; -1 if not so."""
    if data[first] != tag:
        return -1, -1, -1
    begin, end = content(data, first + 1, last)
    if begin < 0 or end != last:
        return -1, -1, -1
    count, begin = count_of(data, begin, end, tag)
    return begin, end, count


@loops
def scan_loops(data, ends, keys, key_ends, tags, out_first, out_last, out_counts, out_sound):
    """Find the list of each wanted feature in each example: where its values begin and end.

    What an example has not begins and ends at -1.  `out_sound` becomes 1 if all is as nearly
    always.
    """
    out_first[:] = -1
    out_last[:] = -1
    out_counts[:] = 0
    end = 0
    for e in range(ends.size):
        begin, end = end, ends[e]
        at = features_of(data, begin, end)
        if at < 0:
            return
        hint = 0
        while at < end:
            key, key_end, value, at = entry_at(data, at, end)
            if key < 0:
                return
            w = place_of(data, key, key_end, keys, key_ends, hint)
            if w < 0:
                continue
            hint = w + 1
            if out_first[w, e] >= 0:
                return
            if value < at:
                first, last, count = list_at(data, value, at, tags[w])
                if count < 0:
                    return
                out_first[w, e], out_last[w, e], out_counts[w, e] = first, last, count
    out_sound[0] = 1


@loops
def strings_loops(data, first, last, out_begins, out_ends):
    """Find the strings of a column."""
    n = 0
    for e in range(first.size):
        at = first[e]
        while at < last[e]:
            out_begins[n], out_ends[n] = content(data, at + 1, last[e])
            at = out_ends[n]
            n += 1


@loops
def floats_loops(data, first, last, out):
    """Copy the bytes of the floats of a column, one list after the other."""
    n = 0
    for e in range(first.size):
        for at in range(first[e], last[e]):
            out[n] = data[at]
            n += 1


@loops
def whole_numbers_loops(data, first, last, out):
    """Decode the varints of a column."""
    n, number, shift = 0, np.uint64(0), np.uint64(0)
    for e in range(first.size):
        for at in range(first[e], last[e]):
            number |= np.uint64(data[at] & 127) << shift
            shift += np.uint64(7)
            if data[at] < 128:
                out[n] = np.int64(number)
                n, number, shift = n + 1, np.uint64(0), np.uint64(0)
