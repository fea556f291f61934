"""LLVM instructions for functions that keep blocks of numbers in registers, as no Numba loop does.

A function of pointers and sizes is written into the module that Numba makes of the loops that call
it (`native/tiles.py`: products of small matrices; `conv/tiles.py`: convolutions).

Source: no paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Instructions:
    """Appends instructions to a function.

    Args:
        function: has no instructions yet.
        element: the type of an element, float or double.

    Attributes:
        build: llvmlite's builder.
        item_bytes: of an element.
    """

    def __init__(self, function: Any, element: Any) -> None:
        from llvmlite import ir

        self.ir = ir
        self.function = function
        self.element = element
        self.item_bytes = 4 if element == ir.FloatType() else 8
        self.build = ir.IRBuilder(function.append_basic_block("entry"))

    @contextmanager
    def loop(self, first: dict[Any, Any]) -> Iterator[tuple[dict[Any, Any], Any, Any]]:
        """Write a loop with values that change from round to round.

        Args:
            first: name -> value in the first round.

        Yields:
            the values of a round, which are those of the last behind the loop; what to call with
            the test that it goes on; what to call with the values of the next round.
        """
        build, before = self.build, self.build.block
        head, body, after = (self.function.append_basic_block() for _ in range(3))
        build.branch(head)
        build.position_at_end(head)
        now = {name: build.phi(value.type) for name, value in first.items()}
        for name, value in first.items():
            now[name].add_incoming(value, before)

        def goes_on(test: Any) -> None:
            build.cbranch(test, body, after)
            build.position_at_end(body)

        def then(values: dict[Any, Any]) -> None:
            for name, value in values.items():
                now[name].add_incoming(value, build.block)
            build.branch(head)

        yield now, goes_on, then
        build.position_at_end(after)

    def number(self, value: int) -> Any:
        """Return a whole number."""
        return self.ir.Constant(self.ir.IntType(64), value)

    def vector(self, width: int) -> Any:
        """Return the type of so many elements side by side; of one, the element's own."""
        return self.element if width == 1 else self.ir.VectorType(self.element, width)

    def place(self, array: Any, at: Any, width: int) -> Any:
        """Return where some elements of an array lie."""
        place = self.build.gep(array, [at])
        return self.build.bitcast(place, self.vector(width).as_pointer())

    def spread(self, number: Any, width: int) -> Any:
        """Return a vector whose elements all are one number."""
        if width == 1:
            return number
        ir, build = self.ir, self.build
        empty = ir.Constant(self.vector(width), ir.Undefined)
        first = build.insert_element(empty, number, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        return build.shuffle_vector(first, empty, everywhere)

    def multiply_add(self, x: Any, y: Any, z: Any) -> Any:
        """Return x * y + z, rounded once where the processor can do that."""
        ir, kind, module = self.ir, x.type, self.function.module
        is_vector = isinstance(kind, ir.VectorType)
        letters = f"v{kind.count}" if is_vector else ""
        name = f"llvm.fmuladd.{letters}{self.element.intrinsic_name}"
        called = module.globals.get(name)
        if called is None:
            called = ir.Function(module, ir.FunctionType(kind, [kind] * 3), name)
        return self.build.call(called, [x, y, z])
