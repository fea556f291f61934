"""Kinds of vectors of normal numbers, by what their scale is made of.

    Diag                    independent numbers
    DiagWithSoftplusScale   the same, of factors softplus(x) > 0
    DiagPlusLowRank         independent numbers plus a few common ones: diag + U D U^T
    TriL                    a lower triangle
    FullCovariance          the Cholesky decomposition of a covariance

Source: TensorFlow 1.15's tf.contrib.distributions.MultivariateNormalDiag and so on.
"""

from __future__ import annotations

from typing import Any

from minitf.api.assertions import assert_equal
from minitf.api.control import after
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint, cholesky
from minitf.api.nn_activations import softplus
from minitf.contrib.distributions.normal_operator import MultivariateNormalLinearOperator
from minitf.contrib.distributions.scales import diagonal_scale, low_rank_scale, triangular_scale
from minitf.convert import convert_to_tensor


class MultivariateNormalDiag(MultivariateNormalLinearOperator):
    """The distribution of vectors of independent normal numbers.

    Args:
        loc: [..., size], means; zeros if None.
        scale_diag: [..., size], factors of standard normal numbers; ones if it and the next are
            None.
        scale_identity_multiplier: [...], what is added to each factor.
        validate_args: check that no factor is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiag",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            scale = diagonal_scale(
                loc, scale_diag, scale_identity_multiplier, validate_args=validate_args
            )
        super().__init__(loc, scale, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """MultivariateNormalDiag of factors that are greater than 0.

    Args:
        loc: [..., size], means.
        scale_diag: [..., size], of which softplus gives the factors.
        validate_args: check that no factor is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any,
        scale_diag: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiagWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale_diag]) as scope:
            factors = softplus(scale_diag)
            super().__init__(loc, factors, None, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class MultivariateNormalDiagPlusLowRank(MultivariateNormalLinearOperator):
    """The distribution of vectors scaled by diag(scale_diag + multiplier) + U diag(d) U^T.

    Args:
        loc: [..., size], means; zeros if None.
        scale_diag: [..., size]; ones if it and the next are None.
        scale_identity_multiplier: [...], what is added to each factor.
        scale_perturb_factor: U, [..., size, k], k small; none if None.
        scale_perturb_diag: d, [..., k]; ones if None.
        validate_args: check that factors are greater than 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if the size of a vector is not known from an argument.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        scale_perturb_factor: Any = None,
        scale_perturb_diag: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiagPlusLowRank",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as scope:
            scale = diagonal_scale(
                loc,
                scale_diag,
                scale_identity_multiplier,
                validate_args=validate_args,
                positive=scale_perturb_factor is not None,
            )
            scale = low_rank_scale(scale, scale_perturb_factor, scale_perturb_diag)
        super().__init__(loc, scale, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class MultivariateNormalTriL(MultivariateNormalLinearOperator):
    """The distribution of vectors scaled by a lower triangle.

    Args:
        loc: [..., size], means; zeros if None.
        scale_tril: [..., size, size], whose lower triangle is the scale; the identity if None.
        validate_args: check that no number of its diagonal is 0 while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `loc` and `scale_tril` are None.
    """

    def __init__(
        self,
        loc: Any = None,
        scale_tril: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalTriL",
    ) -> None:
        parameters = dict(locals())
        if loc is None and scale_tril is None:
            raise ValueError("Must specify one or both of `loc`, `scale_tril`.")
        with name_scope(name) as scope:
            if scale_tril is None:
                scale = diagonal_scale(loc, None, None, validate_args=validate_args)
            else:
                scale = triangular_scale(scale_tril, validate_args=validate_args)
        super().__init__(loc, scale, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class MultivariateNormalFullCovariance(MultivariateNormalTriL):
    """The distribution of vectors of a given covariance.

    Args:
        loc: [..., size], means; zeros if None.
        covariance_matrix: [..., size, size], symmetric positive definite; the identity if None.
        validate_args: check that it is symmetric while the graph runs.
        allow_nan_stats: no statistic is undefined; accepted.
        name: name scope of all operations.

    Raises:
        ValueError: if both `loc` and `covariance_matrix` are None.
    """

    def __init__(
        self,
        loc: Any = None,
        covariance_matrix: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalFullCovariance",
    ) -> None:
        parameters = dict(locals())
        triangle = None
        with name_scope(name, values=[loc, covariance_matrix]) as scope:
            if covariance_matrix is not None:
                whole = convert_to_tensor(covariance_matrix, name="covariance_matrix")
                if validate_args:
                    message = "Matrix was not symmetric."
                    whole = after([assert_equal(whole, adjoint(whole), message=message)], whole)
                triangle = cholesky(whole)
            super().__init__(loc, triangle, validate_args, allow_nan_stats, scope)
        self._parameters = parameters
