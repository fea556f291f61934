"""Fail where a file of minitf/ is longer than one chapter may be.

A file is a chapter of 150 to 300 lines, at most 400.  A table is data, read by searching it, not
from top to bottom: such a file may be longer if EXEMPT says what it tabulates.

    python tools/file_length.py
"""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400
EXEMPT: dict[str, str] = {}  # path: which table it holds


def complaints(root: Path, limit: int, exempt: dict[str, str]) -> list[str]:
    """Say what is too long, and which exemptions have lost their reason."""
    lengths = {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((root / "minitf").rglob("*.py"))
    }
    too_long = [name for name, length in lengths.items() if length > limit]
    return [
        *(
            f"{name}: {lengths[name]} lines, at most {limit}"
            for name in too_long
            if name not in exempt
        ),
        *(f"{name}: needs no exemption" for name in exempt if name not in too_long),
    ]


if __name__ == "__main__":
    found = complaints(Path(__file__).parent.parent, LIMIT, EXEMPT)
    print("\n".join(found))
    sys.exit(bool(found))
