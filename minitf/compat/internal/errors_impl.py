"""What `tensorflow.python.framework.errors_impl` has besides the classes of errors.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.errors import OpError, UnknownError, exception_type_from_error_code


def make_specific_exception(node_def: Any, op: Any, message: Any, error_code: int) -> OpError:
    """Return the error of a status code; an UnknownError for a code that is none.

    Args:
        node_def: the NodeDef of the operation that failed, or None.
        op: the Operation, or None.
        message: what happened.
        error_code: the status code.
    """
    try:
        kind = exception_type_from_error_code(error_code)
    except KeyError:
        return UnknownError(node_def, op, f"Unknown error code: {error_code}: {message}")
    return kind(node_def, op, message)
