"""`tensorflow.python.util.protobuf.compare`: messages compared as texts that people can read.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import difflib
from typing import Any

__all__ = ["NormalizeNumberFields", "ProtoAssertions", "ProtoEq", "assertProtoEqual"]

_DOUBLE, _FLOAT = 1, 2  # FieldDescriptor.TYPE_DOUBLE, TYPE_FLOAT


def assertProtoEqual(
    self: Any,
    a: Any,
    b: Any,
    check_initialized: bool = True,
    normalize_numbers: bool = False,
    msg: str | None = None,
) -> None:
    """Fail unless two messages are equal; unknown fields and the order of map entries aside.

    Args:
        self: the test case.
        a: a message, or its text form.
        b: a message.
        check_initialized: whether both must have all required fields.
        normalize_numbers: whether floats are rounded to what six digits keep.
        msg: what a failure says besides.
    """
    if isinstance(a, (str, bytes)):
        from google.protobuf import text_format

        a = text_format.Merge(a, type(b)())
    for each in (a, b):
        missing = each.FindInitializationErrors() if check_initialized else []
        if missing:
            self.fail(f"Initialization errors: {missing}\n{each}")
    if normalize_numbers:
        a, b = _normal_copy(a), _normal_copy(b)
    texts = [_text(each) for each in (a, b)]
    if texts[0] != texts[1]:
        shown = "\n".join(difflib.ndiff(texts[0].splitlines(), texts[1].splitlines()))
        self.fail(f"{msg}\n{shown}" if msg else shown)


def _normal_copy(message: Any) -> Any:
    copy = type(message)()
    copy.CopyFrom(message)
    return NormalizeNumberFields(copy)


def _text(message: Any) -> str:
    from google.protobuf import text_format

    return str(text_format.MessageToString(message))


def NormalizeNumberFields(pb: Any) -> Any:
    """Round the floats in a message, in place, to what six digits keep; return the message."""
    for field, value in pb.ListFields():
        is_many = hasattr(value, "MergeFrom") and not hasattr(value, "ListFields")
        is_map = is_many and hasattr(value, "items")
        if field.type in (_DOUBLE, _FLOAT):
            if is_many:
                value[:] = [_rounded(each) for each in value]
            else:
                setattr(pb, field.name, _rounded(value))
        elif field.message_type is not None:
            inner = value.values() if is_map else value if is_many else [value]
            for each in inner:
                if hasattr(each, "ListFields"):
                    NormalizeNumberFields(each)
    return pb


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def ProtoEq(a: Any, b: Any) -> bool:
    """Tell whether two messages have the same fields with the same values."""
    return bool(_text(a) == _text(b))


class ProtoAssertions:
    """What a test case that compares messages inherits."""

    def assertProtoEqual(self, *args: Any, **kwargs: Any) -> None:
        """Fail unless two messages are equal."""
        assertProtoEqual(self, *args, **kwargs)
