"""The two machines that work on lanes: one makes LLVM instructions, the other calls NumPy.

NumPy's runs where Numba is disabled, and on whole arrays in tests.  It has no fused multiply-adds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.kernels_cpu.vector_math.lanes import FLOAT32, FLOAT64, UINT32, UINT64, Kind


class NumPy:
    """Computes at once, with scalars or arrays."""

    fuses = False

    def constant(self, value: Any, kind: Kind) -> Any:
        """Return a constant."""
        return kind.type(value)

    def apply(self, operation: str, kind: Kind, *values: Any) -> Any:
        """Return what the ufunc of that name returns."""
        return getattr(np, operation)(*values)

    def select(self, condition: Any, chosen: Any, other: Any) -> Any:
        """Return one value where a condition holds, else the other."""
        return np.where(condition, chosen, other)[()]

    def view(self, value: Any, kind: Kind) -> Any:
        """Return the same bits as another kind."""
        return value.view(kind)

    def convert(self, value: Any, kind: Kind) -> Any:
        """Return a number rounded to another type."""
        return value.astype(kind)

    def lookup(self, table: tuple[float, ...], index: Any) -> Any:
        """Return an entry of a table of float64."""
        return np.array(table)[index]


class Llvm:
    """Appends instructions to a function that Numba compiles.

    Args:
        context: Numba's target context.
        builder: llvmlite's builder.
    """

    def __init__(self, context: Any, builder: Any) -> None:
        from llvmlite import ir

        self._builder = builder
        self._types = {
            FLOAT32: ir.FloatType(),
            FLOAT64: ir.DoubleType(),
            UINT32: ir.IntType(32),
            UINT64: ir.IntType(64),
        }
        triple, _, features = context.codegen().magic_tuple()
        self.fuses = "+fma" in features.split(",") or triple.startswith(("aarch64", "arm64"))

    def constant(self, value: Any, kind: Kind) -> Any:
        """Return a constant."""
        from llvmlite import ir

        return ir.Constant(self._types[kind], kind.type(value).item())

    def apply(self, operation: str, kind: Kind, *values: Any) -> Any:
        """Append an instruction."""
        if operation in _COMPARISONS:
            return self._compare(operation, kind, *values)
        of_numbers, of_integers = _INSTRUCTIONS[operation]
        if of_numbers.startswith("llvm."):
            return self._call(of_numbers, kind, *values)
        return getattr(self._builder, of_numbers if kind.kind == "f" else of_integers)(*values)

    def _compare(self, operation: str, kind: Kind, x: Any, y: Any) -> Any:
        sign = _COMPARISONS[operation]
        if kind.kind == "u":
            return self._builder.icmp_unsigned(sign, x, y)
        if operation == "not_equal":
            return self._builder.fcmp_unordered(sign, x, y)
        return self._builder.fcmp_ordered(sign, x, y)

    def _call(self, name: str, kind: Kind, *values: Any) -> Any:
        from llvmlite import ir

        type_ = self._types[kind]
        signature = ir.FunctionType(type_, [type_] * len(values))
        function = self._builder.module.declare_intrinsic(name, [type_], signature)
        return self._builder.call(function, values)

    def select(self, condition: Any, chosen: Any, other: Any) -> Any:
        """Append a select."""
        return self._builder.select(condition, chosen, other)

    def view(self, value: Any, kind: Kind) -> Any:
        """Append a bit cast."""
        return self._builder.bitcast(value, self._types[kind])

    def convert(self, value: Any, kind: Kind) -> Any:
        """Append a conversion, if it is one."""
        if value.type == self._types[kind]:
            return value
        convert = self._builder.fpext if kind == FLOAT64 else self._builder.fptrunc
        return convert(value, self._types[kind])

    def lookup(self, table: tuple[float, ...], index: Any) -> Any:
        """Append a load from a table among the constants."""
        from llvmlite import ir
        from numba.core import cgutils

        kind = ir.ArrayType(ir.DoubleType(), len(table))
        values = ir.Constant(kind, [ir.Constant(ir.DoubleType(), each) for each in table])
        place = cgutils.global_constant(self._builder, "table", values)
        zero = ir.Constant(index.type, 0)
        return self._builder.load(self._builder.gep(place, [zero, index], inbounds=True))


_COMPARISONS = {
    "less": "<",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
_INSTRUCTIONS = {  # of numbers, of integers and truth values
    "add": ("fadd", "add"),
    "subtract": ("fsub", "sub"),
    "multiply": ("fmul", ""),
    "divide": ("fdiv", ""),
    "negative": ("fneg", ""),
    "absolute": ("llvm.fabs", ""),
    "copysign": ("llvm.copysign", ""),
    "fma": ("llvm.fma", ""),
    "rint": ("llvm.rint", ""),
    "sqrt": ("llvm.sqrt", ""),
    "bitwise_and": ("", "and_"),
    "bitwise_or": ("", "or_"),
    "bitwise_xor": ("", "xor"),
    "left_shift": ("", "shl"),
    "right_shift": ("", "lshr"),
}
