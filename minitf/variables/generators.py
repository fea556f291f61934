"""Generators of random numbers whose state is a variable: `tf.random.experimental`.

    generator = Generator.from_seed(7)
    x = generator.normal([3])                   # other numbers in each run
    again = generator.reset_from_seed(7)        # an operation, after which they come again

Source: TensorFlow 1.15's functions of the same names; `minitf.ops.random.stateful`.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from minitf import ops
from minitf.api.array import concat, reshape, stack, unstack
from minitf.api.constants import zeros_like
from minitf.api.framework import convert_to_tensor, get_default_graph, name_scope
from minitf.api.math import add
from minitf.dtypes import as_dtype, float32, int32, int64, uint64
from minitf.operation import Operation
from minitf.ops.random.stateful import PHILOX as RNG_ALG_PHILOX
from minitf.ops.random.stateful import THREEFRY as RNG_ALG_THREEFRY
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.creation import create

DEFAULT_ALGORITHM = RNG_ALG_PHILOX
PHILOX_STATE_SIZE, THREEFRY_STATE_SIZE = 3, 2
SEED_TYPE = STATE_TYPE = ALGORITHM_TYPE = "int64"
SEED_TYPE_BITS = 64
SEED_BIT_MASK = 2**SEED_TYPE_BITS - 1
SEED_UINT_SPAN = 2**SEED_TYPE_BITS
SEED_MIN, SEED_MAX = -(2**63), 2**63 - 1
SEED_SIZE = 16  # words

_STATE_SIZES = {RNG_ALG_PHILOX: PHILOX_STATE_SIZE, RNG_ALG_THREEFRY: THREEFRY_STATE_SIZE}


def non_deterministic_ints(shape: Any, dtype: Any = int64) -> Tensor:
    """Draw whole numbers that nobody can draw again, other ones in each run."""
    return ops.non_deterministic_ints_op(_shape(shape), dtype=as_dtype(dtype))


def create_rng_state(seed: Any, algorithm: int) -> Any:
    """Return the state that a seed gives.

    Args:
        seed: a whole number of any size, or a vector of int64: its last words count.
        algorithm: 1, Philox, or 2, ThreeFry.

    Returns:
        int64[3], or int64[2] for ThreeFry: an array.

    Raises:
        ValueError: if there is no such algorithm, or the seed has more than one axis.
    """
    size = _state_size(algorithm)
    if isinstance(seed, int):
        seed = [seed >> SEED_TYPE_BITS * i & SEED_BIT_MASK for i in range(size)]
    words = np.asarray([_signed(each) for each in seed], np.int64)
    if words.ndim != 1:
        raise ValueError(f"seed should only have one dimension; got shape: {words.shape}")
    words = words[:size]
    return np.pad(words, [(size - words.size, 0)])


def _state_size(algorithm: int) -> int:
    if algorithm not in _STATE_SIZES:
        raise ValueError(f"Unsupported algorithm id: {algorithm}")
    return _STATE_SIZES[algorithm]


def _signed(word: Any) -> Any:
    """Return a word as the int64 of the same bits."""
    return word - SEED_UINT_SPAN if isinstance(word, int) and word > SEED_MAX else word


def _words(values: Any) -> Tensor:
    if isinstance(values, list):
        values = [_signed(each) for each in values]
    return convert_to_tensor(values, int64)


def _shape(shape: Any) -> Tensor:
    is_empty = isinstance(shape, (tuple, list)) and not shape
    return convert_to_tensor(shape, int64 if is_empty else None, name="shape")


def _state_of(key: Any, counter: Any, algorithm: int) -> Tensor:
    """Return the state of a key and a position."""
    counter, key = _words(counter), _words(key)
    counter.get_shape().assert_is_compatible_with([_state_size(algorithm) - 1])
    key.get_shape().assert_is_compatible_with([])
    return concat([counter, reshape(key, [1])], 0)


class Generator:
    """A source of random numbers: an algorithm, and a variable with its state.

    Args:
        copy_from: a generator whose state and algorithm it begins with.
        state: else its state, as `create_rng_state` gives it,
        alg: and the number of its algorithm.

    Source: TensorFlow 1.15's class of the same name.
    """

    def __init__(
        self, copy_from: Generator | None = None, state: Any = None, alg: int | None = None
    ) -> None:
        if copy_from is not None:
            state, alg = copy_from.state, copy_from.algorithm
        elif state is None or alg is None:
            raise ValueError("Generator needs `copy_from`, or both `state` and `alg`")
        else:
            state = _words(state)
            state.get_shape().assert_is_compatible_with([_state_size(alg)])
        self._algorithm = alg
        self._state: Variable = create(state, dtype=int64, trainable=False, use_resource=True)

    @classmethod
    def from_state(cls, state: Any, alg: int) -> Self:
        """Make one of a state."""
        return cls(alg=alg, state=state)

    @classmethod
    def from_seed(cls, seed: Any, alg: int | None = None) -> Self:
        """Make one of a seed; see `create_rng_state`."""
        alg = DEFAULT_ALGORITHM if alg is None else alg
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg: int | None = None) -> Self:
        """Make one whose numbers nobody can draw again."""
        alg = DEFAULT_ALGORITHM if alg is None else alg
        return cls(state=non_deterministic_ints([_state_size(alg)]), alg=alg)

    @classmethod
    def from_key_counter(cls, key: Any, counter: Any, alg: int) -> Self:
        """Make one of a key, int64, and a position: a vector of int64, low words first."""
        return cls(state=_state_of(key, counter, alg), alg=alg)

    @property
    def state(self) -> Variable:
        """The variable that keeps its state."""
        return self._state

    @property
    def algorithm(self) -> int:
        """The number of its algorithm."""
        return self._algorithm

    @property
    def key(self) -> Tensor:
        """The key in its state: int64."""
        return self._state[-1]

    # --- its state -------------------------------------------------------------------------------

    def reset(self, state: Any) -> Any:
        """Return an operation that sets its state."""
        state = _words(state)
        state.get_shape().assert_is_compatible_with([_state_size(self._algorithm)])
        return self._state.assign(state)

    def reset_from_seed(self, seed: Any) -> Any:
        """Return an operation that sets its state to what a seed gives."""
        return self._state.assign(create_rng_state(seed, self._algorithm))

    def reset_from_key_counter(self, key: Any, counter: Any) -> Any:
        """Return an operation that sets its key and position."""
        return self._state.assign(_state_of(key, counter, self._algorithm))

    def skip(self, delta: Any) -> Operation:
        """Return an operation that moves its state past as many outputs."""
        made: Operation = ops.rng_skip_op(self._handle, self._algorithm, delta)
        return made

    def make_seeds(self, count: int = 1) -> Tensor:
        """Draw seeds for the stateless ops: int64[2, count], a column each."""
        keys = self._keys(count)
        return stack([keys, zeros_like(keys)])

    def split(self, count: int = 1) -> list[Generator]:
        """Return generators of keys that it draws, in position 0."""
        front = [0] * (_state_size(self._algorithm) - 1)
        keys = unstack(self._keys(count), count)
        return [Generator(state=stack([*front, key]), alg=self._algorithm) for key in keys]

    @property
    def _handle(self) -> Tensor:
        return self._state.handle

    def _keys(self, count: int) -> Tensor:
        return self.uniform_full_int([count], int64)

    # --- its numbers -----------------------------------------------------------------------------

    def normal(
        self,
        shape: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = float32,
        name: str | None = None,
    ) -> Tensor:
        """Draw numbers of a normal distribution."""
        with name_scope(name, "stateful_normal", [shape, mean, stddev]) as scope:
            return self._scaled("stateful_standard_normal_v2", shape, mean, stddev, dtype, scope)

    def truncated_normal(
        self,
        shape: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = float32,
        name: str | None = None,
    ) -> Tensor:
        """Draw numbers of a normal distribution that lie within two deviations."""
        with name_scope(name, "truncated_normal", [shape, mean, stddev]) as scope:
            return self._scaled("stateful_truncated_normal", shape, mean, stddev, dtype, scope)

    def _scaled(self, op: str, shape: Any, mean: Any, stddev: Any, dtype: Any, name: str) -> Tensor:
        dtype = as_dtype(dtype)
        shape = _shape(shape)
        mean = convert_to_tensor(mean, dtype, "mean")
        stddev = convert_to_tensor(stddev, dtype, "stddev")
        drawn = getattr(ops, f"{op}_op")(self._handle, self._algorithm, shape, dtype=dtype)
        return add(drawn * stddev, mean, name=name)

    def uniform(
        self,
        shape: Any,
        minval: Any = 0,
        maxval: Any = None,
        dtype: Any = float32,
        name: str | None = None,
    ) -> Tensor:
        """Draw numbers from [minval, maxval), all equally likely.

        Raises:
            ValueError: if there is no `maxval` for whole numbers.
        """
        dtype = as_dtype(dtype)
        if maxval is None:
            if dtype.is_integer:
                raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
            maxval = 1
        with name_scope(name, "stateful_uniform", [shape, minval, maxval]) as scope:
            place = self._handle, self._algorithm, _shape(shape)
            low = convert_to_tensor(minval, dtype, "min")
            high = convert_to_tensor(maxval, dtype, "max")
            if dtype.is_integer:
                return ops.stateful_uniform_int_op(*place, low, high, name=scope)
            drawn = ops.stateful_uniform_op(*place, dtype=dtype)
            return add(drawn * (high - low), low, name=scope)

    def uniform_full_int(self, shape: Any, dtype: Any = uint64, name: str | None = None) -> Tensor:
        """Draw whole numbers from all that a type has."""
        with name_scope(name, "stateful_uniform_full_int", [shape]) as scope:
            place = self._handle, self._algorithm, _shape(shape)
            return ops.stateful_uniform_full_int_op(*place, dtype=as_dtype(dtype), name=scope)

    def binomial(
        self, shape: Any, counts: Any, probs: Any, dtype: Any = int32, name: str | None = None
    ) -> Tensor:
        """Draw how many of `counts` tosses of a coin are heads, each with probability `probs`."""
        with name_scope(name, "binomial", [shape, counts, probs]) as scope:
            counts = convert_to_tensor(counts, name="counts")
            probs = convert_to_tensor(probs, name="probs")
            place = self._handle, self._algorithm, _shape(shape)
            return ops.stateful_random_binomial_op(
                *place, counts, probs, dtype=as_dtype(dtype), name=scope
            )


# --- the generator of everybody ------------------------------------------------------------------


class _Global:
    """The generator that programs share, and whether somebody chose it."""

    generator: Generator | None = None
    is_chosen = False


def get_global_generator() -> Generator:
    """Return the generator that programs share: one for each graph, until somebody sets one."""
    found = _Global.generator
    is_elsewhere = found is not None and found.state.graph is not get_default_graph()
    if found is None or (is_elsewhere and not _Global.is_chosen):
        found = _Global.generator = Generator.from_non_deterministic_state()
    return found


def set_global_generator(generator: Generator | None) -> None:
    """Let programs share this generator; None for one that nobody chose."""
    _Global.generator, _Global.is_chosen = generator, generator is not None
