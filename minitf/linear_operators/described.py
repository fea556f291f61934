"""What is known of an operator without its numbers: type, shape and promises.

**Invariants**: (1) `is_non_singular`, `is_self_adjoint`, `is_positive_definite` and `is_square`
are promises (True), promises of the contrary (False) or nothing (None); they are not checked: the
operator's `assert_...` methods do that while the graph runs.  (2) What is positive definite is
non-singular, and what is non-singular or self-adjoint is square.

Source: TensorFlow 1.15's LinearOperator.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from minitf.api.framework import name_scope
from minitf.api.sizes import size
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype
from minitf.linear_operators.hints import Hint
from minitf.linear_operators.parameters import is_ref, shape_tensor
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension, TensorShape, dimension_at_index
from minitf.trackable.module import Module


class DescribedOperator(Module, ABC):
    """The description of a batch of linear maps of vectors, from N numbers to M.

    Args:
        dtype: of the numbers.
        graph_parents: the Tensors and Variables that it is made of.
        is_non_singular: whether it has an inverse.
        is_self_adjoint: whether it equals its conjugate transpose.
        is_positive_definite: whether x^H A x has a positive real part for all x but 0.
        is_square: whether M = N.
        name: name scope of all operations; the class's name by default.

    Raises:
        ValueError: if a graph parent is no Tensor, or hints contradict each other.
    """

    def __init__(
        self,
        dtype: Any,
        graph_parents: Sequence[Any] | None = None,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = None,
        name: str | None = None,
    ) -> None:
        if is_positive_definite:
            if is_non_singular is False:
                raise ValueError("A positive definite matrix is always non-singular.")
            is_non_singular = True
        for hint, kind in ((is_non_singular, "non-singular"), (is_self_adjoint, "self-adjoint")):
            if hint and is_square is False:
                raise ValueError(f"A {kind} matrix is always square.")
        for i, parent in enumerate(graph_parents or ()):
            if not (isinstance(parent, Tensor) or is_ref(parent)):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        self._dtype = as_dtype(dtype).base_dtype if dtype else dtype
        self._graph_parents = list(graph_parents or ())
        self._is_non_singular = is_non_singular
        self._is_self_adjoint = is_self_adjoint
        self._is_positive_definite = is_positive_definite
        self._is_square = True if is_non_singular or is_self_adjoint else is_square
        self._name = name or type(self).__name__

    @contextmanager
    def _name_scope(self, name: str | None = None) -> Iterator[str]:
        """Open a method's name scope beneath the operator's."""
        with name_scope(self.name if name is None else f"{self.name}/{name}") as scope:
            yield scope

    # --- what it is ------------------------------------------------------------------------------

    @property
    def dtype(self) -> DType:
        """The type of the numbers."""
        return self._dtype

    @property
    def graph_parents(self) -> list[Any]:
        """The Tensors and Variables that it is made of."""
        return self._graph_parents

    @property
    def is_non_singular(self) -> Hint:
        """Whether it has an inverse."""
        return self._is_non_singular

    @property
    def is_self_adjoint(self) -> Hint:
        """Whether it equals its conjugate transpose."""
        return self._is_self_adjoint

    @property
    def is_positive_definite(self) -> Hint:
        """Whether x^H A x has a positive real part for all x but 0."""
        return self._is_positive_definite

    @property
    def is_square(self) -> Hint:
        """Whether it has as many rows as columns, as far as that is known.

        Raises:
            ValueError: if it has, though the constructor was told that it has not.
        """
        seen: Hint = self.domain_dimension == self.range_dimension
        if self._is_square is False and seen:
            raise ValueError("User set is_square hint to False, but the operator was square.")
        return seen if self._is_square is None else self._is_square

    @property
    def name_scope(self) -> Any:
        """A context in which operations are created beneath the operator's name."""
        return self._name_scope()

    # --- shapes ----------------------------------------------------------------------------------

    @abstractmethod
    def _shape(self) -> TensorShape:
        raise NotImplementedError("_shape is not implemented.")

    @abstractmethod
    def _shape_tensor(self) -> Tensor:
        raise NotImplementedError("_shape_tensor is not implemented.")

    @property
    def shape(self) -> TensorShape:
        """The shape [..., M, N], as far as it is known."""
        return self._shape()

    @property
    def batch_shape(self) -> TensorShape:
        """The shape of the batch, as far as it is known."""
        return self.shape[:-2]  # type: ignore[no-any-return]

    @property
    def tensor_rank(self) -> int | None:
        """How many dimensions the batch has, and two more."""
        return self.shape.rank

    @property
    def domain_dimension(self) -> Dimension:
        """N, how many numbers the vectors have that it maps."""
        return dimension_at_index(self.shape, -1)

    @property
    def range_dimension(self) -> Dimension:
        """M, how many numbers their images have."""
        return dimension_at_index(self.shape, -2)

    def shape_tensor(self, name: str = "shape_tensor") -> Tensor:
        """Return the shape [..., M, N]."""
        with self._name_scope(name):
            known = self.shape
            if known.is_fully_defined():
                return shape_tensor(known.as_list())
            return self._shape_tensor()

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """Return the shape of the batch."""
        with self._name_scope(name):
            known = self.batch_shape
            if known.is_fully_defined():
                return shape_tensor(known.as_list(), name="batch_shape")
            return self.shape_tensor()[:-2]

    def tensor_rank_tensor(self, name: str = "tensor_rank_tensor") -> Tensor:
        """Return how many dimensions the batch has, and two more."""
        with self._name_scope(name):
            known = self.tensor_rank
            return size(self.shape_tensor()) if known is None else convert_to_tensor(known)

    def domain_dimension_tensor(self, name: str = "domain_dimension_tensor") -> Tensor:
        """Return N, how many numbers the vectors have that it maps."""
        with self._name_scope(name):
            known = self.domain_dimension.value
            return self.shape_tensor()[-1] if known is None else convert_to_tensor(known)

    def range_dimension_tensor(self, name: str = "range_dimension_tensor") -> Tensor:
        """Return M, how many numbers their images have."""
        with self._name_scope(name):
            known = self.range_dimension.value
            return self.shape_tensor()[-2] if known is None else convert_to_tensor(known)
