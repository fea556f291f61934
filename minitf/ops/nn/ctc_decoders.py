"""Reading the most likely labels from scores per time step: greedily, or by a beam of prefixes.

Both give their labels as sparse matrices: `indices` (example, position), `values`, `shape`.

**Departure from TensorFlow**: of all prefixes that a step gives, the beam keeps the most likely.
TensorFlow, which looks at them one after the other, does not grow some of those that it has just
dropped, so where the beam is full it may miss a likely one.

Source: Graves et al., "Connectionist temporal classification" (2006), section 3.2; Graves,
"Supervised sequence labelling with recurrent neural networks" (2012), section 7.5.3.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import float32, types
from minitf.errors import FailedPreconditionError, invalid
from minitf.op_def import at_least, op
from minitf.ops.nn.ctc import check_lengths, log_probabilities, too_long
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import B, C, List, T, Time, int32, int64, top_paths

Array = np.ndarray[Any, Any]
_TYPES = types("float32", "float64").default(float32)


def _check(inputs: Array, lengths: Array) -> None:
    check_lengths(inputs, lengths)
    if not inputs.size:
        raise invalid("inputs must not be empty")
    if late := too_long(inputs, lengths):
        raise FailedPreconditionError(None, None, late)


def _as_sparse(rows: list[list[int]]) -> tuple[Array, Array, Array]:
    """Return the labels of all examples as a sparse matrix."""
    indices = [(i, place) for i, row in enumerate(rows) for place in range(len(row))]
    values = [label for row in rows for label in row]
    shape = [len(rows), max(map(len, rows), default=0)]
    places = np.array(indices, np.int64).reshape(-1, 2)
    return places, np.array(values, np.int64), np.array(shape, np.int64)


# --- CTCGreedyDecoder --------------------------------------------------------------------------


@op(
    "CTCGreedyDecoder",
    T=_TYPES,
    outputs=("decoded_indices", "decoded_values", "decoded_shape", "log_probability"),
)
def ctc_greedy_decoder_op(
    inputs: T[Time, B, C],
    sequence_length: int32[B],
    *,
    merge_repeated: bool = False,
    blank_index: int = -1,
) -> tuple[int64, int64, int64, T]:
    """Take the greatest class of each step, and drop blanks.

    Args:
        inputs: float[T, N, C], scores.
        sequence_length: int32[N], how many steps count of each example.
        merge_repeated: whether equal neighbours are read as one, unless a blank stands between.
        blank_index: the blank's class, counted from the end if negative.

    Returns:
        decoded_indices: int64[labels, 2].
        decoded_values: int64[labels].
        decoded_shape: int64[2], N and the greatest number of labels.
        log_probability: float[N, 1], minus the sum of the greatest scores.

    Raises:
        FailedPreconditionError: if a length exceeds T.

    Source: Graves et al. (2006), section 3.2 (best path decoding).
    """
    _check(inputs, sequence_length)
    steps, _, classes = inputs.shape
    best = inputs.argmax(-1)
    counts = np.arange(steps)[:, np.newaxis] < sequence_length
    if not -classes <= blank_index < classes:
        raise invalid(f"blank_index must be in [{-classes}, {classes}), got {blank_index}")
    kept = counts & (best != blank_index % classes)
    if merge_repeated:
        kept[1:] &= best[1:] != best[:-1]
    rows = [column[keep].tolist() for column, keep in zip(best.T, kept.T, strict=True)]
    score = -np.sum(inputs.max(-1), axis=0, where=counts, dtype=inputs.dtype)
    return *_as_sparse(rows), score[:, np.newaxis]


@ctc_greedy_decoder_op.shape
def ctc_greedy_decoder_shape(
    inputs: Shape, sequence_length: Shape, **attrs: Any
) -> tuple[Shape, Shape, Shape, Shape]:
    batch = must_equal(inputs[1], sequence_length[0])
    return Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2]), Shape([batch, 1])


ctc_greedy_decoder_op.no_gradient("TensorFlow defines none: labels have steps, no slope")

# --- CTCBeamSearchDecoder ----------------------------------------------------------------------


@op(
    "CTCBeamSearchDecoder",
    T=_TYPES,
    beam_width=at_least(1),
    top_paths=at_least(1),
    outputs=("decoded_indices", "decoded_values", "decoded_shape", "log_probability"),
)
def ctc_beam_search_decoder_op(
    inputs: T[Time, B, C],
    sequence_length: int32[B],
    *,
    beam_width: int,
    top_paths: int,
    merge_repeated: bool = True,
) -> tuple[List[int64, top_paths], List[int64, top_paths], List[int64, top_paths], T]:
    """Find the labellings with the greatest summed probability of all paths that read so.

    Keeps, step by step, the `beam_width` most likely prefixes; see `Beam`.

    Args:
        inputs: float[T, N, C], scores; softmax is applied to them.
        sequence_length: int32[N], how many steps count of each example.
        beam_width: how many prefixes are kept.
        top_paths: how many labellings are given.
        merge_repeated: whether equal neighbours in a labelling that was found are merged.

    Returns:
        decoded_indices: top_paths times int64[labels, 2].
        decoded_values: top_paths times int64[labels].
        decoded_shape: top_paths times int64[2], N and the greatest number of labels.
        log_probability: float[N, top_paths], greatest first.

    Raises:
        FailedPreconditionError: if a length exceeds T.
        InvalidArgumentError: if there are fewer prefixes than `top_paths`.

    Source: Graves (2012), section 7.5.3.
    """
    _check(inputs, sequence_length)
    if top_paths > beam_width:
        raise invalid("requested more paths than the beam width.")
    log_y = log_probabilities(inputs)
    found = []
    for example, length in enumerate(sequence_length.tolist()):
        tree = PrefixTree()
        beam = tree.root()
        for row in log_y[: max(length, 0), example]:
            beam = tree.step(beam, row, beam_width)
        if len(beam.nodes) < top_paths:
            raise invalid("Less leaves in the beam search than requested.")
        found.append((tree, beam))
    paths = [
        _as_sparse([tree.labels(beam.nodes[k], merges=merge_repeated) for tree, beam in found])
        for k in range(top_paths)
    ]
    scores = np.array([beam.totals()[:top_paths] for _, beam in found])
    indices, values, shapes = (list(part) for part in zip(*paths, strict=True))
    return indices, values, shapes, scores.astype(inputs.dtype)


class Beam(NamedTuple):
    """The most likely prefixes after some steps, most likely first.

    Attributes:
        nodes: int64[K], their nodes in the tree.
        blank: float64[K], log probabilities of the paths that read so and end in a blank.
        label: float64[K], of those that end in the prefix's last label.
    """

    nodes: Array
    blank: Array
    label: Array

    def totals(self) -> Array:
        """Return the log probabilities of the prefixes."""
        return np.logaddexp(self.blank, self.label)


class PrefixTree:
    """The prefixes that were ever in the beam: each node has a parent and a last label.

    **State**: `parents`, `ends` (last label; -1 of the empty prefix), and `children`, from (parent,
    label) to node, so that a prefix that left the beam keeps its node.
    """

    def __init__(self) -> None:
        self.parents, self.ends = [-1], [-1]
        self.children: dict[tuple[int, int], int] = {}

    def root(self) -> Beam:
        """Return the beam before the first step: the empty prefix."""
        return Beam(np.zeros(1, np.int64), np.zeros(1), np.full(1, -np.inf))

    def step(self, beam: Beam, log_y: Array, width: int) -> Beam:
        """Return the beam after another step.

        A prefix goes on as itself by a blank, or by its last label again; or it grows by a label,
        from a path that ends in a blank if that is its last label.

        Args:
            beam: the beam before it.
            log_y: float64[C], the step's log probabilities.
            width: how many prefixes to keep.
        """
        count, labels = len(beam.nodes), len(log_y) - 1
        ends = np.array(self.ends)[beam.nodes]
        before = beam.totals()
        grown = before[:, np.newaxis] + log_y[:-1]
        repeats = np.flatnonzero(ends >= 0)
        grown[repeats, ends[repeats]] = beam.blank[repeats] + log_y[ends[repeats]]
        blank, label = before + log_y[-1], np.full(count, -np.inf)
        label[repeats] = beam.label[repeats] + log_y[ends[repeats]]
        # a prefix that its parent in the beam grows into gathers both
        places = dict(zip(beam.nodes.tolist(), range(count), strict=True))
        for own, node in enumerate(beam.nodes.tolist()):
            parent = places.get(self.parents[node])
            if parent is not None:
                label[own] = np.logaddexp(label[own], grown[parent, ends[own]])
                grown[parent, ends[own]] = -np.inf
        scores = np.concatenate([np.logaddexp(blank, label), grown.reshape(-1)])
        best = np.argsort(-scores, kind="stable")[:width]
        best = best[scores[best] > -np.inf]
        nodes = [
            beam.nodes[i] if i < count else self._child(beam.nodes, i - count, labels)
            for i in best.tolist()
        ]
        is_new = best >= count
        kept = np.where(is_new, 0, best)
        return Beam(
            np.array(nodes, np.int64),
            np.where(is_new, -np.inf, blank[kept]),
            np.where(is_new, scores[best], label[kept]),
        )

    def _child(self, nodes: Array, index: int, labels: int) -> int:
        place, label = divmod(index, labels)
        key = int(nodes[place]), label
        if key not in self.children:
            self.children[key] = len(self.parents)
            self.parents.append(key[0])
            self.ends.append(label)
        return self.children[key]

    def labels(self, node: int, *, merges: bool) -> list[int]:
        """Return a prefix's labels, equal neighbours merged if wanted."""
        found: list[int] = []
        while self.parents[node] >= 0:
            if not (merges and found and found[-1] == self.ends[node]):
                found.append(self.ends[node])
            node = self.parents[node]
        return found[::-1]


@ctc_beam_search_decoder_op.shape
def ctc_beam_search_decoder_shape(
    inputs: Shape, sequence_length: Shape, *, top_paths: int, **attrs: Any
) -> tuple[list[Shape], list[Shape], list[Shape], Shape]:
    batch = must_equal(inputs[1], sequence_length[0])
    each = Shape([UNKNOWN, 2]), Shape([UNKNOWN]), Shape([2])
    indices, values, sizes = ([shape] * top_paths for shape in each)
    return indices, values, sizes, Shape([batch, top_paths])


ctc_beam_search_decoder_op.no_gradient("TensorFlow defines none: labels have steps, no slope")
