"""Distribution: what all probability distributions have in common.

A distribution is a batch of independent random variables, each of whose values is an event:

    normal = Normal(loc=[0.0, 1.0], scale=2.0)     # batch_shape (2,), event_shape ()
    normal.sample(3)                               # float32[3, 2]
    normal.log_prob([0.5, 0.5])                    # float32[2]

A public method opens its name scope beneath the distribution's and asks a hook, `log_prob` asks
`_log_prob`.  A kind of distribution defines the hooks that it knows; where one follows from another
(`prob` from `log_prob`), either will do.

Source: Dillon et al. 2017, "TensorFlow Distributions"; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, reshape
from minitf.api.elementary import sqrt, square
from minitf.api.framework import name_scope
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.distributions import divergence
from minitf.distributions.hooks import FROM_OTHERS, as_drawn, first_known, unknown
from minitf.distributions.reparameterization import ReparameterizationType
from minitf.dtypes import DType, int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Distribution:
    """A batch of random variables: their probabilities, statistics and samples.

    Args:
        dtype: of the samples.
        reparameterization_type: whether samples are differentiable functions of the parameters.
        validate_args: check parameters and values while the graph runs.
        allow_nan_stats: give NaN for a statistic that is not defined; else a run fails.
        parameters: the arguments of the subclass's constructor, which `copy` repeats.
        graph_parents: the Tensors among the parameters.
        name: name scope of all operations; the class's name by default.

    Raises:
        ValueError: if a graph parent is no Tensor.
    """

    def __init__(
        self,
        dtype: Any,
        reparameterization_type: ReparameterizationType,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any] | None = None,
        graph_parents: Sequence[Tensor] | None = None,
        name: str | None = None,
    ) -> None:
        for i, parent in enumerate(graph_parents or ()):
            if not isinstance(parent, Tensor):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        if not name or not name.endswith("/"):  # as an inner scope's name, which is unique already
            with name_scope(name or type(self).__name__) as scope:
                name = scope
        self._dtype = dtype
        self._reparameterization_type = reparameterization_type
        self._allow_nan_stats = allow_nan_stats
        self._validate_args = validate_args
        self._parameters = parameters or {}
        self._graph_parents = list(graph_parents or ())
        self._name = name

    # --- parameters ------------------------------------------------------------------------------

    @classmethod
    def param_shapes(
        cls, sample_shape: Any, name: str = "DistributionParamShapes"
    ) -> dict[str, Tensor]:
        """Return the shapes of parameters with which one sample has a given shape."""
        with name_scope(name, values=[sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def param_static_shapes(cls, sample_shape: Any) -> dict[str, TensorShape]:
        """Return the same as TensorShapes.

        Raises:
            ValueError: if the shape is not known while the graph is built.
        """
        if isinstance(sample_shape, TensorShape):
            if not sample_shape.is_fully_defined():
                raise ValueError("TensorShape sample_shape must be fully defined")
            sample_shape = sample_shape.as_list()
        found = {name: constant_value(t) for name, t in cls.param_shapes(sample_shape).items()}
        if any(sizes is None for sizes in found.values()):
            raise ValueError("sample_shape must be a fully-defined TensorShape or list/tuple")
        return {name: TensorShape(sizes) for name, sizes in found.items()}

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Tensor]:
        raise NotImplementedError("_param_shapes not implemented")

    @property
    def name(self) -> str:
        """The name scope, with a slash."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The type of the samples."""
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments of the constructor."""
        return {
            name: value
            for name, value in self._parameters.items()
            if name != "self" and not name.startswith("__")
        }

    @property
    def reparameterization_type(self) -> ReparameterizationType:
        """Whether samples are differentiable functions of the parameters."""
        return self._reparameterization_type

    @property
    def allow_nan_stats(self) -> bool:
        """Whether a statistic that is not defined is NaN."""
        return self._allow_nan_stats

    @property
    def validate_args(self) -> bool:
        """Whether parameters and values are checked while the graph runs."""
        return self._validate_args

    def copy(self, **override_parameters_kwargs: Any) -> Distribution:
        """Return a distribution of this kind with some arguments changed."""
        return type(self)(**(self.parameters | override_parameters_kwargs))

    # --- shapes ----------------------------------------------------------------------------------

    _batch_shape_tensor = unknown("batch_shape_tensor")
    _event_shape_tensor = unknown("event_shape_tensor")

    def _batch_shape(self) -> TensorShape:
        return TensorShape(None)

    def _event_shape(self) -> TensorShape:
        return TensorShape(None)

    @property
    def batch_shape(self) -> TensorShape:
        """The shape of the batch, as far as it is known."""
        return self._batch_shape()

    @property
    def event_shape(self) -> TensorShape:
        """The shape of one event, as far as it is known."""
        return self._event_shape()

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """Return the shape of the batch."""
        with self._scope(name):
            return _sizes(self.batch_shape, self._batch_shape_tensor, "batch_shape")

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Tensor:
        """Return the shape of one event."""
        with self._scope(name):
            return _sizes(self.event_shape, self._event_shape_tensor, "event_shape")

    def is_scalar_batch(self, name: str = "is_scalar_batch") -> Tensor:
        """Tell whether the batch has rank 0."""
        with self._scope(name):
            return _is_scalar(self.batch_shape, self.batch_shape_tensor, "is_scalar_batch")

    def is_scalar_event(self, name: str = "is_scalar_event") -> Tensor:
        """Tell whether an event is one number."""
        with self._scope(name):
            return _is_scalar(self.event_shape, self.event_shape_tensor, "is_scalar_event")

    # --- samples ---------------------------------------------------------------------------------

    _sample_n = unknown("sample_n")
    _finished: Callable[..., Any] = as_drawn  # makes samples of what `_sample_n` draws

    def sample(self, sample_shape: Any = (), seed: int | None = None, name: str = "sample") -> Any:
        """Draw independent samples.

        Args:
            sample_shape: how many: a number or a shape; one by default.
            seed: of the operation that draws; see `tf.set_random_seed`.
            name: name of the operation.

        Returns:
            dtype[*sample_shape, *batch_shape, *event_shape].
        """
        return self._call_sample_n(sample_shape, seed, name)

    def _call_sample_n(self, sample_shape: Any, seed: Any, name: str, **conditions: Any) -> Tensor:
        with self._scope(name, sample_shape):
            sizes = convert_to_tensor(sample_shape, int32, name="sample_shape")
            known = constant_value(sizes)
            if sizes.static_shape.rank != 1:
                sizes = (
                    reshape(sizes, [-1])
                    if known is None
                    else convert_to_tensor(known.ravel(), name="sample_shape")
                )
            count: Any = ops.prod_op(sizes, 0) if known is None else np.int32(np.prod(known))
            drawn = self._sample_n(count, seed, **conditions)
            drawn = reshape(drawn, concat([sizes, shape(drawn)[1:]], 0))
            made = self._finished(drawn, **conditions)
            static = _static(sizes).concatenate(self.batch_shape)
            made.set_shape(static.concatenate(self.event_shape))
            return made

    # --- probabilities ---------------------------------------------------------------------------

    _log_prob = unknown("log_prob")
    _prob = unknown("prob")
    _log_cdf = unknown("log_cdf")
    _cdf = unknown("cdf")
    _log_survival_function = unknown("log_survival_function")
    _survival_function = unknown("survival_function")
    _quantile = unknown("quantile")

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        """Return the logarithm of the probability (of its density) of a value."""
        return self._ask("log_prob", value, name)

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        """Return the probability (its density) of a value."""
        return self._ask("prob", value, name)

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        """Return log P[X <= value]."""
        return self._ask("log_cdf", value, name)

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        """Return P[X <= value]."""
        return self._ask("cdf", value, name)

    def log_survival_function(self, value: Any, name: str = "log_survival_function") -> Tensor:
        """Return log P[X > value]."""
        return self._ask("log_survival_function", value, name)

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        """Return P[X > value]."""
        return self._ask("survival_function", value, name)

    def quantile(self, value: Any, name: str = "quantile") -> Tensor:
        """Return the x with P[X <= x] = value."""
        return self._ask("quantile", value, name)

    def _ask(self, method: str, value: Any, name: str, **conditions: Any) -> Tensor:
        """Return what a method's hook knows of a value, or what follows from another's."""
        with self._scope(name, value):
            x = convert_to_tensor(value, name="value", preferred_dtype=self.dtype)
            ways = [lambda: getattr(self, f"_{method}")(x, **conditions)]
            if method in FROM_OTHERS:
                ways.append(lambda: FROM_OTHERS[method](self, x, conditions))
            return first_known(*ways)

    # --- statistics ------------------------------------------------------------------------------

    _mean = unknown("mean")
    _variance = unknown("variance")
    _stddev = unknown("stddev")
    _covariance = unknown("covariance")
    _mode = unknown("mode")
    _entropy = unknown("entropy")

    def mean(self, name: str = "mean") -> Tensor:
        """Return E[X]."""
        with self._scope(name):
            return self._mean()

    def variance(self, name: str = "variance") -> Tensor:
        """Return E[(X - E[X])^2]."""
        with self._scope(name):
            return first_known(self._variance, lambda: square(self._stddev()))

    def stddev(self, name: str = "stddev") -> Tensor:
        """Return the square root of the variance."""
        with self._scope(name):
            return first_known(self._stddev, lambda: sqrt(self._variance()))

    def covariance(self, name: str = "covariance") -> Tensor:
        """Return E[(X_i - E[X_i]) (X_j - E[X_j])], of events that are vectors."""
        with self._scope(name):
            return self._covariance()

    def mode(self, name: str = "mode") -> Tensor:
        """Return the most probable value."""
        with self._scope(name):
            return self._mode()

    def entropy(self, name: str = "entropy") -> Tensor:
        """Return -E[log prob(X)], in nats."""
        with self._scope(name):
            return self._entropy()

    def cross_entropy(self, other: Distribution, name: str = "cross_entropy") -> Tensor:
        """Return -E[log other.prob(X)], in nats."""
        with self._scope(name), name_scope(None, "cross_entropy"):
            ours = self.entropy()
            return ours + self._divergence(other)

    def kl_divergence(self, other: Distribution, name: str = "kl_divergence") -> Tensor:
        """Return E[log prob(X) - log other.prob(X)], in nats."""
        with self._scope(name):
            return self._divergence(other)

    def _divergence(self, other: Distribution) -> Tensor:
        return divergence.kl_divergence(self, other, allow_nan_stats=self.allow_nan_stats)

    # --- how it is shown -------------------------------------------------------------------------

    def __str__(self) -> str:
        """Show kind, name, known shapes and type."""
        shown = [f'"{self.name}"']
        for what, sizes in (("batch", self.batch_shape), ("event", self.event_shape)):
            if sizes.rank is not None:
                shown.append(f"{what}_shape={sizes}")
        return (
            f"tfp.distributions.{type(self).__name__}({', '.join(shown)}, dtype={self.dtype.name})"
        )

    def __repr__(self) -> str:
        """Show the same in TensorFlow's other form."""
        return (
            f"<tfp.distributions.{type(self).__name__} {self.name!r} "
            f"batch_shape={self.batch_shape} event_shape={self.event_shape} "
            f"dtype={self.dtype.name}>"
        )

    @contextmanager
    def _scope(self, name: str, *values: Any) -> Iterator[str]:
        """Open a method's name scope beneath the distribution's."""
        with name_scope(self.name), name_scope(name, values=[*values, *self._graph_parents]) as it:
            yield it


def _sizes(static: TensorShape, hook: Callable[[], Tensor], name: str) -> Tensor:
    if static.is_fully_defined():
        return convert_to_tensor(static.as_list(), int32, name=name)
    return hook()


def _is_scalar(static: TensorShape, sizes: Callable[[], Tensor], name: str) -> Tensor:
    if static.rank is not None:
        return convert_to_tensor(static.rank == 0, name=name)
    made: Tensor = ops.equal_op(shape(sizes())[0], 0, name=name)
    return made


def _static(sizes: Tensor) -> TensorShape:
    known = constant_value(sizes)
    return TensorShape(None if known is None else known)
