"""`tensorflow.python.kernel_tests.random.util`: do samples have the law that they should have?

Source: TensorFlow 1.15's module of the same name; Anderson and Darling 1954; Pearson 1900.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

_Samples = npt.NDArray[Any]


def normal_cdf(x: Any) -> Any:
    """Return P[Z <= x] of a standard normal Z, elementwise."""
    return np.vectorize(lambda each: 0.5 * math.erfc(-each / math.sqrt(2)), otypes=[float])(x)


def chi_squared(x: Any, bins: int) -> float:
    """Return Pearson's statistic of samples that should be uniform on [0, 1).

    Args:
        x: the samples.
        bins: into how many parts [0, 1) is cut.
    """
    x = np.ravel(x)
    found, _ = np.histogram(x, bins=bins, range=(0, 1))
    expected = x.size / bins
    return float(np.sum((found - expected) ** 2 / expected))


def anderson_darling(x: Any) -> float:
    """Return Anderson's and Darling's statistic of samples that should be standard normal."""
    p = normal_cdf(np.sort(np.ravel(x)))
    n = p.size
    i = np.linspace(1, 2 * n - 1, n)
    return float(-n - np.sum(i * np.log(p) + i * np.log(1.0 - p[::-1])) / n)


def moment_matching(samples: Any, number_moments: int, dist: Any, stride: int = 0) -> list[float]:
    """Return for each moment how many standard errors the samples' is from the law's.

    Args:
        samples: the samples.
        number_moments: up to which moment.
        dist: the law, with `moment(order)` as SciPy's have.
        stride: moment k takes every sample whose place is a multiple of (k - 1) * stride + 1.
    """
    scores = []
    for order in range(1, number_moments + 1):
        chosen = np.ravel(samples)[:: (order - 1) * stride + 1]
        expected = dist.moment(order)
        variance = (dist.moment(2 * order) - expected**2) / chosen.size
        scores.append(
            abs(float(np.mean(chosen**order)) - expected) / math.sqrt(max(variance, 1e-300))
        )
    return scores


def check_truncated_normal(
    assert_equal: Callable[[Any, Any], Any],
    assert_all_close: Callable[..., Any],
    n: int,
    y: Any,
    mean_atol: float = 5e-4,
    median_atol: float = 8e-4,
    variance_rtol: float = 1e-3,
) -> None:
    """Check that samples come from the normal law cut off at two standard deviations.

    Args:
        assert_equal: checks that two values are equal.
        assert_all_close: checks that two values are close, by `rtol` and `atol`.
        n: how many there should be.
        y: the samples.
        mean_atol: how far their mean may be from 0.
        median_atol: how far their median may be from 0.
        variance_rtol: how far their variance may be from the law's, relatively.
    """
    assert_equal(len(y), n)
    assert_equal(bool(np.all(np.abs(y) <= 2)), True)
    inside = float(normal_cdf(2.0) - normal_cdf(-2.0))
    density = math.exp(-2.0) / math.sqrt(2 * math.pi)
    variance = 1 - 4 * density / inside
    assert_all_close(float(np.mean(y)), 0.0, atol=mean_atol, rtol=0)
    assert_all_close(float(np.median(y)), 0.0, atol=median_atol, rtol=0)
    assert_all_close(float(np.var(y)), variance, rtol=variance_rtol, atol=0)
