"""Debug ops: what is kept of a watched output, and which outputs a run is asked to watch.

    DebugIdentity          the value itself
    DebugNanCount          int64[1], how many NaNs it has
    DebugNumericSummary    float64[14 + rank], what `numeric_summary` says

Attributes follow a debug op's name: `DebugNumericSummary(lower_bound=-1.5; mute_if_healthy=true)`.
They are parsed here, never evaluated.

Source: TensorFlow 1.15's debug.proto and the ops of these names; no paper.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dtypes import DType
from minitf.errors import FailedPreconditionError, UnimplementedError, house_message
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

IDENTITY, NAN_COUNT, SUMMARY = "DebugIdentity", "DebugNanCount", "DebugNumericSummary"
_INTEGERS = dtypes.types("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
_TYPES = {
    NAN_COUNT: _INTEGERS | dtypes.types("float16", "bfloat16", "float32", "float64"),
    SUMMARY: _INTEGERS | dtypes.types("bool", "float32", "float64"),
}
_FORM = re.compile(r"(\w+)\s*(?:\((.*)\))?", re.DOTALL)
_DEFAULTS: dict[str, dict[str, Any]] = {
    IDENTITY: {"gated_grpc": False},
    NAN_COUNT: {"gated_grpc": False},
    SUMMARY: {
        "lower_bound": -math.inf,
        "upper_bound": math.inf,
        "mute_if_healthy": False,
        "gated_grpc": False,
    },
}
_FILE = "file://"


@dataclass(frozen=True)
class Probe:
    """One debug op on one output, and the folders that its results are written below.

    Attributes:
        kind: IDENTITY, NAN_COUNT or SUMMARY.
        attrs: its attributes, all of them.
        roots: the folders.
    """

    kind: str
    attrs: Mapping[str, Any]
    roots: tuple[str, ...]

    def result(self, value: Array | None, dtype: DType, shape: tuple[int, ...]) -> Array | None:
        """Return what it says of a value; None if it keeps silent.  Not for IDENTITY.

        Args:
            value: the value; None for that of a variable without one.
            dtype: its type.
            shape: its shape, for a variable without a value the declared one.
        """
        if self.kind == NAN_COUNT:
            count = 0 if value is None or dtype in _INTEGERS else np.isnan(value).sum()
            return np.array([count], np.int64)
        found = numeric_summary(
            value, dtype, shape, self.attrs["lower_bound"], self.attrs["upper_bound"]
        )
        is_healthy = not (found[2] or found[3] or found[7])
        return None if is_healthy and self.attrs["mute_if_healthy"] else found


def numeric_summary(
    value: Array | None,
    dtype: DType,
    shape: tuple[int, ...],
    lower: float = -math.inf,
    upper: float = math.inf,
) -> Array:
    """Describe the numbers of an array as TensorFlow's DebugNumericSummary does.

    Args:
        value: the array; None for a variable that has none.
        dtype: its type.
        shape: its shape; of a variable without a value the declared one, -1 for unknown sizes.
        lower: what is not above it counts as -inf.
        upper: what is not below it counts as inf.

    Returns:
        float64[14 + rank]: 1 if there is a value; how many elements, NaNs, -infs, negative ones,
        zeros, positive ones and infs it has; minimum, maximum, mean and variance of the finite
        elements; the number of the type; the rank; the shape.
    """
    counts = [0.0] * 8
    least, most, mean, variance = math.inf, -math.inf, math.nan, math.nan
    if value is not None:
        numbers = np.asarray(value, np.float64).reshape(-1)
        is_low, is_high = numbers <= lower, numbers >= upper
        inner = numbers[~(is_low | is_high | np.isnan(numbers))]
        counts = [
            1.0,
            numbers.size,
            np.isnan(numbers).sum(),
            is_low.sum(),
            (inner < 0).sum(),
            (inner == 0).sum(),
            (inner > 0).sum(),
            is_high.sum(),
        ]
        finite = numbers[np.isfinite(numbers)]
        if finite.size:
            least, most = finite.min(), finite.max()
            mean, variance = finite.mean(), finite.var()
    return np.array(
        [*counts, least, most, mean, variance, dtype.enum, len(shape), *shape], np.float64
    )


class WatchedOutputs:
    """Which outputs DebugOptions ask to watch, and how.

    Args:
        options: a DebugOptions message.

    Source: TensorFlow 1.15's debug.proto.
    """

    def __init__(self, options: Any) -> None:
        self._watches: dict[tuple[str, int], list[Any]] = {}
        for watch in options.debug_tensor_watch_opts:
            if watch.output_slot < 0 and watch.node_name != "*":
                raise _refused(
                    "A negative output_slot in DebugTensorWatch is valid only for the wildcard "
                    f'node name ("*"), but got node name {watch.node_name}'
                )
            self._watches.setdefault((watch.node_name, watch.output_slot), []).append(watch)

    def probes(self, tensor: Tensor) -> tuple[Probe, ...]:
        """Return what is to be done with an output, in the order asked for.

        Raises:
            FailedPreconditionError: if a debug op does not exist, or not for the output's type, and
                the watch does not tolerate that.
            UnimplementedError: if results are to go to a server.
        """
        name, slot = tensor.op.name, tensor.value_index
        found: list[Probe] = []
        for key in ((name, slot), ("*", slot), ("*", -1)):
            for watch in self._watches.get(key, ()):
                for text in watch.debug_ops:
                    try:
                        found.append(_probe(text, watch.debug_urls, tensor))
                    except FailedPreconditionError:
                        if not watch.tolerate_debug_op_creation_failures:
                            raise
        return tuple(found)


def _probe(text: str, urls: Iterable[str], tensor: Tensor) -> Probe:
    """Read `Kind(attribute=value; ...)`."""
    form = _FORM.fullmatch(text.strip())
    kind = form[1] if form else ""
    defaults = _DEFAULTS.get(kind)
    if defaults is None:
        reason = f"Failed to create node definition for debug op {text} on watched tensor"
        raise _uncreated(text, tensor, f"{reason} {tensor.name}")
    dtype = tensor.dtype.base_dtype
    if dtype not in _TYPES.get(kind, (dtype,)):
        reason = f"Failed to find kernel definition for debug op {kind} on watched tensor"
        raise _uncreated(text, tensor, f"{reason} {tensor.name}: its type is {dtype.name}")
    attrs = dict(defaults)
    for part in filter(None, (each.strip() for each in (form[2] or "").split(";"))) if form else ():
        name, _, written = (each.strip() for each in part.partition("="))
        if name not in defaults:
            reason = f"1 attribute key(s) were not valid for debug node {kind}: {name}"
            raise _uncreated(text, tensor, reason)
        try:
            attrs[name] = _read_value(written, defaults[name])
        except ValueError:
            form_name = type(defaults[name]).__name__
            reason = f'Invalid value string for {form_name}-type attribute {name}: "{written}"'
            raise _uncreated(text, tensor, reason) from None
    return Probe(kind, attrs, tuple(dict.fromkeys(_folder(url) for url in urls)))


def _read_value(written: str, default: Any) -> Any:
    if isinstance(default, float):
        return float(written)
    words = {"true": True, "1": True, "false": False, "0": False}
    if written.lower() not in words:
        raise ValueError(written)
    return words[written.lower()]


def _folder(url: str) -> str:
    if not url.startswith(_FILE):
        facts = {"debug URL": url}
        hint = "results are written to files: give file:///a/folder"
        raise UnimplementedError(
            None, None, house_message("debug results to a server", facts, hint)
        )
    return url[len(_FILE) :]


def _uncreated(text: str, tensor: Tensor, reason: str) -> FailedPreconditionError:
    return _refused(
        f"Failed to create debug node {text} for tensor {tensor.name}, due to: {reason}", tensor.op
    )


def _refused(message: str, operation: Any = None) -> FailedPreconditionError:
    return FailedPreconditionError(None, operation, message)
