"""Versions: of the API that programs branch on, and of what made this library.

Source: TensorFlow 1.15's constants of the same names.
"""

from __future__ import annotations

import platform

import minitf

VERSION = minitf.__version__
GIT_VERSION = f"minitf-{minitf.release}"
COMPILER_VERSION = platform.python_compiler()
CXX11_ABI_FLAG = 0  # there is no C++
MONOLITHIC_BUILD = 0
