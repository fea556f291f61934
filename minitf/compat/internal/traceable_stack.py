"""`tensorflow.python.framework.traceable_stack`: a stack that knows which line pushed what.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["TraceableObject", "TraceableStack"]


class TraceableObject:
    """A thing with the file and the line that it came from.

    Args:
        obj: the thing.
        filename: the file, if it is known.
        lineno: the line.
    """

    SUCCESS, HEURISTIC_USED, FAILURE = 0, 1, 2

    def __init__(self, obj: Any, filename: str | None = None, lineno: int | None = None) -> None:
        self.obj = obj
        self.filename = filename
        self.lineno = lineno

    def set_filename_and_line_from_caller(self, offset: int = 0) -> int:
        """Note the line of the caller, or of a caller of that one.

        Args:
            offset: how many callers further out.

        Returns:
            SUCCESS, or HEURISTIC_USED if there are not so many, and it is the outermost.
        """
        frame, left = sys._getframe(1), offset  # noqa: SLF001 there is no other way to it
        while left and frame.f_back is not None:
            frame, left = frame.f_back, left - 1
        self.filename, self.lineno = frame.f_code.co_filename, frame.f_lineno
        return self.HEURISTIC_USED if left else self.SUCCESS

    def copy_metadata(self) -> TraceableObject:
        """Return one of the same line, without the thing."""
        return TraceableObject(None, self.filename, self.lineno)


class TraceableStack:
    """A stack of things with the lines that pushed them.

    Args:
        existing_stack: what is on it at first, the bottom first: TraceableObjects.
    """

    def __init__(self, existing_stack: list[TraceableObject] | None = None) -> None:
        self._stack = list(existing_stack or ())

    def push_obj(self, obj: Any, offset: int = 0) -> int:
        """Push a thing; see `TraceableObject.set_filename_and_line_from_caller`."""
        pushed = TraceableObject(obj)
        self._stack.append(pushed)
        return pushed.set_filename_and_line_from_caller(offset + 1)

    def pop_obj(self) -> Any:
        """Take the last thing off the stack."""
        return self._stack.pop().obj

    def peek_top_obj(self) -> Any:
        """Return the last thing."""
        return self._stack[-1].obj

    def peek_objs(self) -> list[Any]:
        """Return the things, the last one first."""
        return [each.obj for each in reversed(self._stack)]

    def peek_traceable_objs(self) -> list[TraceableObject]:
        """Return them with their lines, the last one first."""
        return self._stack[::-1]

    def __len__(self) -> int:
        return len(self._stack)

    def copy(self) -> TraceableStack:
        """Return another stack of the same things."""
        return TraceableStack(self._stack)
