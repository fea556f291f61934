"""Where in the user's program an operation was made.

State: a *site* is a tuple of (code object, instruction offset), innermost first: the frames
outside `minitf`, kept unresolved because resolving a line costs more than taking it.

Source: no paper; TensorFlow's users were shown library frames instead of their own line.
"""

from __future__ import annotations

import linecache
import os
import sys
from pathlib import Path
from types import CodeType, FrameType

Site = tuple[tuple[CodeType, int], ...]

_PACKAGE = str(Path(__file__).parent) + os.sep
_MOST_FRAMES = 8  # enough for a layer library's helpers; deeper ones tell the reader nothing


def creation_site() -> Site:
    """Return the user's frames that lead to this call, innermost first."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 the one way to look at callers
    site: list[tuple[CodeType, int]] = []
    while frame is not None and len(site) < _MOST_FRAMES:
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            site.append((code, frame.f_lasti))
        frame = frame.f_back
    return tuple(site)


def lines(site: Site) -> list[tuple[str, int, str, str]]:
    """Resolve a site to (file, line number, function, source text), innermost first."""
    return [_resolve(code, offset) for code, offset in site]


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
    filename, number, _, text = _resolve(*site[0])
    return f"{filename}:{number}" + (f": {text}" if text else "")
