"""One exception class per TensorFlow status code, and the house format of messages.

A message is TensorFlow's key phrase first (programs match on it), then one indented line per
fact: the inputs with dtype and shape, a hint, and the user's source line that made the operation.

Source: 2015 §3.3 (errors abort a step); TensorFlow's status codes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """An operation failed.

    Args:
        node_def: the NodeDef of the failing operation, or None.
        op: the failing Operation, or None where no single one failed.
        message: what happened, in the house format.
        error_code: one of the status codes of this module.

    Source: 2015 §3.3.
    """

    code: ClassVar[int] = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int | None = None) -> None:
        super().__init__(message)
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = self.code if error_code is None else error_code

    @property
    def message(self) -> str:
        """What happened."""
        return self._message

    @property
    def op(self) -> Any:
        """The failing Operation, or None."""
        return self._op

    @property
    def node_def(self) -> Any:
        """The NodeDef of the failing operation, or None."""
        if self._node_def is None and self._op is not None:
            return self._op.node_def
        return self._node_def

    @property
    def error_code(self) -> int:
        """The status code, one of this module's integers."""
        return self._error_code

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild from the message alone: graphs do not travel with errors."""
        return (type(self), (None, None, self._message))

    def __str__(self) -> str:
        """Return the message."""
        return self._message


class CancelledError(OpError):
    """The operation or step was cancelled."""

    code = CANCELLED


class UnknownError(OpError):
    """A failure that no other class describes."""

    code = UNKNOWN


class InvalidArgumentError(OpError):
    """An input or attribute is wrong, whatever the state of the system."""

    code = INVALID_ARGUMENT


class DeadlineExceededError(OpError):
    """A time limit passed before the operation finished."""

    code = DEADLINE_EXCEEDED


class NotFoundError(OpError):
    """A file, key or resource does not exist."""

    code = NOT_FOUND


class AlreadyExistsError(OpError):
    """Something that was to be created exists."""

    code = ALREADY_EXISTS


class PermissionDeniedError(OpError):
    """The caller may not do this."""

    code = PERMISSION_DENIED


class ResourceExhaustedError(OpError):
    """Memory, disk or a quota ran out."""

    code = RESOURCE_EXHAUSTED


class FailedPreconditionError(OpError):
    """The system is not in the state that the operation needs, e.g. a variable has no value."""

    code = FAILED_PRECONDITION


class AbortedError(OpError):
    """The operation was aborted, typically by a concurrent one; retrying may help."""

    code = ABORTED


class OutOfRangeError(OpError):
    """An input ran past its end, e.g. a closed and empty queue."""

    code = OUT_OF_RANGE


class UnimplementedError(OpError):
    """The operation has no implementation for this device or these types."""

    code = UNIMPLEMENTED


class InternalError(OpError):
    """An invariant of ours is broken: a defect to report."""

    code = INTERNAL


class UnavailableError(OpError):
    """A task cannot be reached; retrying may help."""

    code = UNAVAILABLE


class DataLossError(OpError):
    """Stored data are torn or corrupt."""

    code = DATA_LOSS


class UnauthenticatedError(OpError):
    """The peer did not prove who it is."""

    code = UNAUTHENTICATED


class GraphBuildError(InvalidArgumentError, ValueError):
    """An operation cannot be added to the graph because shapes or values do not fit.

    TensorFlow raises ValueError while the graph is built and InvalidArgumentError when it runs;
    programs catch either, so this is both.
    """


_BY_CODE = {cls.code: cls for cls in OpError.__subclasses__()}


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """Return the exception class of a status code."""
    return _BY_CODE[error_code]


def error_code_from_exception_type(cls: type[BaseException]) -> Any:
    """Return the status code of an exception class; an UnknownError of another class."""
    if not issubclass(cls, OpError):
        warnings.warn("Unknown class exception", stacklevel=2)
        return UnknownError(None, None, "Unknown class exception")
    return cls.code


def invalid(message: str, *, hint: str = "", **facts: Any) -> InvalidArgumentError:
    """Make an InvalidArgumentError in the house format, for rules and bodies to raise.

    Whoever calls the rule or body adds the operation, its inputs and the user's source line.

    Args:
        message: TensorFlow's key phrase with its numbers; lists of sizes come out without blanks,
            `[2,3]`, as its kernels and shape rules write them.
        hint: the likely repair, one line.
        facts: named values, a line each.
    """
    message = _SIZES.sub(lambda found: found[0].replace(", ", ","), message)
    return InvalidArgumentError(None, None, house_message(message, facts, hint))


# intervals, "in [0, 2]", "range [0, 2]", "interval [0, 2]", keep their blank, and so do coordinates
# of GatherNd
_SIZES = re.compile(r"(?<!in )(?<!range )(?<!interval )\[[-?\d]+(, [-?\d]+)+\](?! does not index)")


def house_message(message: str, facts: Mapping[str, Any] | None = None, hint: str = "") -> str:
    """Join a message, its facts and a hint: one indented line each."""
    lines = [message]
    lines += [f"  {name}: {value}" for name, value in (facts or {}).items()]
    if hint:
        lines.append(f"  hint: {hint}")
    return "\n".join(lines)


class raise_exception_on_not_ok_status:  # noqa: N801 TensorFlow's class has this name
    """Gives a block a status, and raises what it says at the block's end.

    The status has a `code` and a `message`; 0, which it begins with, is no error.
    """

    def __init__(self) -> None:
        self.status = SimpleNamespace(code=0, message="")

    def __enter__(self) -> SimpleNamespace:
        return self.status

    def __exit__(self, *_: object) -> None:
        if self.status.code:
            kind = exception_type_from_error_code(self.status.code)
            raise kind(None, None, self.status.message)
