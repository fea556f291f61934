"""The recurrences of a linear chain, each as a cell that `tf.nn.dynamic_rnn` unrolls.

With unary potentials x[t] and transition potentials A[i, j] from tag i to tag j:

    forward           a'[j] = x[t, j] + log sum_i exp(a[i] + A[i, j])
    decoding forward  s'[j] = x[t, j] + max_i (s[i] + A[i, j]), and which i that was
    and backward      tag'  = where the step's best way to `tag` came from

Source: Lafferty 2001; TensorFlow 1.15's tf.contrib.crf.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, expand_dims
from minitf.api.casting import cast
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import batch_gather
from minitf.api.reductions import argmax, reduce_logsumexp, reduce_max
from minitf.dtypes import int32
from minitf.rnn.cell import RNNCell
from minitf.tensor import Tensor


class _ChainCell(RNNCell):
    """A cell without weights, whose state and output have one number for each tag.

    Args:
        transition_params: float[tags, tags].
    """

    def __init__(self, transition_params: Any) -> None:
        super().__init__()
        transitions = convert_to_tensor(transition_params, name="transition_params")
        self._transitions = expand_dims(transitions, 0)
        self._num_tags = (
            transitions.shape.with_rank(2)
            .merge_with(reversed(transitions.shape.as_list()))[0]
            .value
        )

    @property
    def state_size(self) -> Any:
        """The number of tags."""
        return self._num_tags

    @property
    def output_size(self) -> Any:
        """The number of tags."""
        return self._num_tags

    def _ways(self, state: Any) -> Tensor:
        """Return float[batch, from, to]: the state's scores, each with each transition."""
        return expand_dims(state, 2) + self._transitions


class CrfForwardRnnCell(_ChainCell):
    """The logarithms of the summed scores of all ways to each tag.

    Args:
        transition_params: float[tags, tags].

    Source: TensorFlow 1.15's tf.contrib.crf.
    """

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return the new sums twice, float[batch, tags], after the potentials `inputs`."""
        sums = inputs + reduce_logsumexp(self._ways(state), [1])
        return sums, sums


class CrfDecodeForwardRnnCell(_ChainCell):
    """The scores of the best ways to each tag, and from which tags they came.

    Args:
        transition_params: float[tags, tags].

    Source: Viterbi 1967; TensorFlow 1.15's tf.contrib.crf.
    """

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return int32[batch, tags], the tags before, and float[batch, tags], the new scores."""
        ways = self._ways(state)
        return cast(argmax(ways, 1), int32), inputs + reduce_max(ways, [1])


class CrfDecodeBackwardRnnCell(RNNCell):
    """The best way, from its last tag to its first.

    Args:
        num_tags: how many tags there are.

    Source: Viterbi 1967; TensorFlow 1.15's tf.contrib.crf.
    """

    def __init__(self, num_tags: Any) -> None:
        super().__init__()
        self._num_tags = num_tags

    @property
    def state_size(self) -> int:
        """One tag."""
        return 1

    @property
    def output_size(self) -> int:
        """One tag."""
        return 1

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return the tag before `state` twice, int32[batch, 1]; `inputs` int32[batch, tags]."""
        before = batch_gather(inputs, state)
        return before, before


def later_steps(inputs: Tensor) -> Tensor:
    """Return the steps after the first, [batch, time, ...], and one that no sequence has.

    So a recurrence over them has a step also where all sequences are of length 1: a TensorArray
    of no elements does not know the batch.
    """
    return concat([inputs[:, 1:], inputs[:, :1]], 1)
