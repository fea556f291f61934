"""Small modules of `tensorflow.python`: what was built in, and what has no meaning elsewhere.

`platform.build_info`, `platform.self_check`, `platform.status_bar`, `platform.remote_utils`,
`util.memory`, `ops.spectral_ops_test_util`, `ops.signal.util_ops`.

Source: TensorFlow 1.15's modules of those names.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

from minitf.api.comparison import not_equal
from minitf.api.framework import convert_to_tensor, get_static_value, name_scope
from minitf.control_flow.while_loop import while_loop
from minitf.tensor import Tensor

is_cuda_build = False
is_rocm_build = False


def preload_check() -> None:
    """Check nothing: there are no libraries to load."""


def SetupStatusBarInsideGoogle(unused_link_text: Any, unused_port: Any) -> None:
    """Do nothing, as in TensorFlow."""


def get_default_communication_protocol() -> str:
    """Return the protocol between tasks that addresses name."""
    return "grpc"


def dismantle_ordered_dict(ordered_dict: Any) -> None:
    """Empty an ordered dict, so that nothing that it holds lives on by it."""
    ordered_dict.clear()


def fft_kernel_label_map() -> contextlib.AbstractContextManager[None]:
    """Return a context in which Fourier transforms have the kernels that they have."""
    return contextlib.nullcontext()


def gcd(a: Any, b: Any, name: str | None = None) -> Tensor:
    """Return the greatest common divisor of two integers, known or computed.

    Args:
        a: an integer.
        b: an integer.
        name: name scope of the operations.

    Raises:
        ValueError: if one of them is no scalar, or no integer.
    """
    with name_scope(name, "gcd", [a, b]):
        a, b = convert_to_tensor(a), convert_to_tensor(b)
        if a.shape.ndims not in (0, None) or b.shape.ndims not in (0, None):
            raise ValueError(f"Arguments to gcd must be scalars: {a.shape}, {b.shape}")
        if not (a.dtype.is_integer and b.dtype.is_integer):
            raise ValueError(f"a and b must be integers: {a.dtype.name}, {b.dtype.name}")
        known = get_static_value(a), get_static_value(b)
        if None not in known:
            return convert_to_tensor(math.gcd(int(known[0]), int(known[1])), dtype=a.dtype)
        divisor: Tensor = while_loop(
            lambda _, rest: not_equal(rest, 0),
            lambda one, rest: (rest, one % rest),
            [a, b],
            back_prop=False,
        )[0]
        return divisor
