"""What a program may ask AutoGraph for, beyond what it always does.

Source: TensorFlow 1.15, `tf.autograph.experimental.Feature`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Feature(enum.Enum):
    """Conversions that are not made unless a program asks for them.

    Attributes:
        ALL: all of them.
        AUTO_CONTROL_DEPS: what a converted function does happens in the order it is written in.
        ASSERT_STATEMENTS: `assert` on a tensor becomes `tf.Assert`.
        BUILTIN_FUNCTIONS: `print` of tensors becomes `tf.print`.
        EQUALITY_OPERATORS: `==` and `!=` of tensors compare their values.
        LISTS: empty lists become lists of tensors.
        NAME_SCOPES: each converted function opens a name scope of its name.
    """

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"


def features_of(given: Feature | Iterable[Feature] | None) -> frozenset[Feature]:
    """Return what a program asks for as a set.

    Raises:
        TypeError: if something is no Feature.
    """
    found = frozenset(
        () if given is None else (given,) if isinstance(given, Feature) else tuple(given)
    )
    for each in found:
        if not isinstance(each, Feature):
            raise TypeError(f"Not a tf.autograph.experimental.Feature: {each!r}")
    return found
