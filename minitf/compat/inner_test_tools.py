"""What import paths of distributions and of tests' own tools have besides the public names.

A part of the table in `minitf.compat.inner_names`.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

TEST_TOOLS: dict[str, dict[str, str]] = {
    "kernel_tests.random.util": {  # pytest would take the names for tests of its own
        "minitf.compat.internal.random_test_util": (
            "test_moment_matching=moment_matching test_truncated_normal=check_truncated_normal"
        ),
    },
}
_POSITIVE = "minitf.distributions.positive"
DISTRIBUTIONS: dict[str, dict[str, str]] = {
    "ops.distributions.beta": {_POSITIVE: "BetaWithSoftplusConcentration"},
    "ops.distributions.exponential": {_POSITIVE: "ExponentialWithSoftplusRate"},
    "ops.distributions.gamma": {_POSITIVE: "GammaWithSoftplusConcentrationRate"},
    "ops.distributions.laplace": {_POSITIVE: "LaplaceWithSoftplusScale"},
    "ops.distributions.normal": {_POSITIVE: "NormalWithSoftplusScale"},
    "ops.distributions.student_t": {_POSITIVE: "StudentTWithAbsDfSoftplusScale"},
    "ops.distributions.kullback_leibler": {
        "minitf.distributions.divergence": "cross_entropy",
    },
}
"""Import path -> module -> names, as in `minitf.compat.inner_names`."""
