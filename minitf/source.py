"""Where in the user's program an operation was made.

State: a *site* is a flat tuple of code objects, each with an instruction offset behind it,
innermost first: the frames outside `minitf`, kept unresolved because resolving a line costs more
than taking it, and flat because the garbage collector then has one object per operation to look at.

Source: no paper; TensorFlow's users were shown library frames instead of their own line.
"""

from __future__ import annotations

import linecache
import os
import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

Site = tuple[Any, ...]

_PACKAGE = str(Path(__file__).parent) + os.sep
_MOST_FRAMES = 8  # enough for a layer library's helpers; deeper ones tell the reader nothing


def creation_site() -> Site:
    """Return the user's frames that lead to this call, innermost first."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 the one way to look at callers
    site: list[CodeType | int] = []
    while frame is not None and len(site) < 2 * _MOST_FRAMES:
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            site.append(code)
            site.append(frame.f_lasti)
        frame = frame.f_back
    return tuple(site)


def frames(site: Site) -> list[tuple[CodeType, int]]:
    """Return the code object and the instruction offset of each frame, innermost first."""
    return list(zip(site[::2], site[1::2], strict=True))


def lines(site: Site) -> list[tuple[str, int, str, str]]:
    """Resolve a site to (file, line number, function, source text), innermost first."""
    return [_resolve(code, offset) for code, offset in frames(site)]


def _resolve(code: CodeType, offset: int) -> tuple[str, int, str, str]:
    number = next(
        (line for start, end, line in code.co_lines() if line and start <= offset < end),
        code.co_firstlineno,
    )
    text = linecache.getline(code.co_filename, number).strip()
    return code.co_filename, number, code.co_name, text


def describe(site: Site) -> str:
    """Return `train.py:41: h = tf.matmul(x, w)` for the innermost frame of a site."""
    if not site:
        return "<unknown>"
    filename, number, _, text = _resolve(*site[:2])
    return f"{filename}:{number}" + (f": {text}" if text else "")
