"""Programs with ragged tensors give TensorFlow's results."""

import numpy as np
import pytest

import minitf as tf

pytestmark = [pytest.mark.tensorflow, pytest.mark.long]

NUMBERS = [[[1, 2], [3]], [], [[4]]]
ROWS, OTHERS = [[1, 2], [], [3]], [[5, 6], [], [7]]
WORDS = [["a", "bb"], [], ["c d"]]

PROGRAMS = {
    "arithmetic": lambda t, c: [c(ROWS) + c(OTHERS), c(ROWS) * [[10], [20], [30]], 2 - c(ROWS)],
    "broadcasting": lambda t, c: [
        c(NUMBERS) + t.constant([[[1]], [[2]], [[3]]]),
        c([[[1, 2], [3]]]) + c([[[1, 2], [3]], [[4, 5], [6]]]),
    ],
    "comparisons": lambda t, c: [c(ROWS) < c(OTHERS), t.equal(c(ROWS), 1), ~(c(ROWS) > 1)],
    "joining": lambda t, c: [
        *[t.concat([c(NUMBERS)] * 2, axis) for axis in (0, 1, 2, -1)],
        *[t.stack([c(ROWS), c(OTHERS)], axis) for axis in (0, 1, 2)],
        t.concat([c(ROWS), [[1, 2], [3, 4], [5, 6]]], 1),
        t.ragged.stack([c(ROWS), [[1]]]),
    ],
    "picking": lambda t, c: [
        t.gather(c(NUMBERS), [2, 0]),
        t.gather([10, 20, 30], c([[2], [], [0, 1]])),
        t.gather_nd(c(NUMBERS), [[0, 1], [2, 0]]),
        t.batch_gather(c(ROWS), c([[0, 0], [], [0]])),
    ],
    "masks": lambda t, c: [
        t.ragged.boolean_mask(c(NUMBERS), [True, False, True]),
        t.ragged.boolean_mask(c(ROWS), c([[True, False], [], [True]])),
        t.ragged.boolean_mask([[1, 2], [3, 4]], [[True, False], [True, True]]),
        t.where(c([[True, False], [], [True]]), c(ROWS), c(OTHERS)),
        t.where([True, False, True], c(ROWS), c(OTHERS)),
        t.where(c([[True, False], [], [True]])),
    ],
    "shapes": lambda t, c: [
        t.tile(c(NUMBERS), [1, 2, 2]),
        *[t.expand_dims(c(ROWS), axis) for axis in (0, 1, 2)],
        t.squeeze(c([[[1], [2, 3]]]), 0),
        t.size(c(NUMBERS)),
        t.rank(c(NUMBERS)),
        t.one_hot(c(ROWS), 4),
        c(NUMBERS).bounding_shape(),
        c(NUMBERS).row_lengths(axis=2),
    ],
    "sums": lambda t, c: [
        t.reduce_sum(c(NUMBERS), axis) for axis in (None, 0, 1, 2, [0, 1], [1, 2])
    ],
    "other reductions": lambda t, c: [
        t.reduce_mean(t.cast(c(NUMBERS), t.float32), 1),
        t.reduce_max(c(NUMBERS), 2),
        t.reduce_any(c([[True, False], [], [False]]), 1),
        t.reduce_all(c([[True, False], [], [False]]), 0),
        t.unsorted_segment_sum(c([[1.0, 2], [3, 4, 5], [6]]), [1, 0, 1], 3),
        t.unsorted_segment_mean(c([[1.0, 2], [3, 4, 5], [6]]), [1, 0, 1], 3),
    ],
    "factories": lambda t, c: [
        t.RaggedTensor.from_row_limits([1, 2, 3], [2, 2, 3]),
        t.RaggedTensor.from_value_rowids([1, 2, 3], [0, 0, 3], 6),
        t.RaggedTensor.from_tensor([[1, 0, 0], [0, 4, 0]], padding=0),
        t.RaggedTensor.from_tensor([[1, 2], [3, 4]], lengths=[5, -1]),
        t.RaggedTensor.from_tensor([[[1, 0], [3, 4]]], ragged_rank=2, padding=0),
        t.RaggedTensor.from_tensor([[[1, 0], [3, 4]]] * 2, lengths=([2, 1], [1, 2, 2])),
        t.RaggedTensor.from_sparse(t.SparseTensor([[0, 0], [0, 1], [2, 0]], [1, 2, 3], [4, 3])),
        t.ragged.range([1.0, 2], [3, 5], 0.5),
        t.ragged.stack_dynamic_partitions(c(ROWS), [1, 0, 1], 2),
    ],
    "indexing": lambda t, c: [
        c(NUMBERS)[key]
        for key in (
            0,
            slice(None, None, -1),
            (slice(None), slice(None, None, -1)),
            (Ellipsis, slice(1)),
            (slice(None), slice(None), slice(1, None)),
            (None, 0),
            (0, 1, 0),
        )
    ],
    "strings": lambda t, c: [
        t.strings.split(["a b", "c"], result_type="RaggedTensor"),
        t.strings.bytes_split(c(WORDS)),
        t.strings.length(c(WORDS)),
        t.strings.reduce_join(c(WORDS), axis=1, separator="+"),
        t.strings.ngrams(c(WORDS), 2, pad_values=("L", "R")),
        t.strings.ngrams([["a", "b"], ["c", "d"]], 2),
        t.strings.regex_replace(c(WORDS), "b", "x"),
    ],
    "letters": lambda t, c: [
        t.strings.unicode_decode(c(WORDS), "UTF-8"),
        *t.strings.unicode_split_with_offsets(["aé", ""], "UTF-8"),
        t.strings.unicode_encode(c([[97], [], [98, 233]]), "UTF-16-BE"),
        t.strings.unicode_script([97, 0x3B1, -1]),
    ],
}


def plain(value):
    if hasattr(value, "row_splits"):
        return value.to_list(), value.flat_values.dtype, value.row_splits.dtype
    return np.asarray(value).tolist(), np.asarray(value).dtype


def results(system, program):
    with system.Graph().as_default(), system.Session() as session:
        return [plain(each) for each in session.run(program(system, system.ragged.constant))]


@pytest.mark.parametrize("name", PROGRAMS)
def test_results_are_tensorflows(tensorflow, name):
    assert results(tf, PROGRAMS[name]) == results(tensorflow, PROGRAMS[name])
