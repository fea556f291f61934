"""OpDef: a kind of operation, and the decorator that makes one of a NumPy function.

The function's signature is the op's interface (`minitf.grammar`), its body the reference meaning,
its docstring the documentation.  Rules attach by object, on the lines beneath it:

    @op("Square", T=FLOATS, outputs=("y",))
    def square_op(x: T) -> T:
        "x * x."
        return x * x

    @square_op.shape
    def square_shape(x: Shape) -> Shape:
        return x

    @square_op.gradient
    def square_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
        return [2 * grad * op.inputs[0]]

**State**: `CATALOGUE`, registry name -> OpDef; it grows as the family files are imported.

Source: 2015 §2 "Operations and Kernels"; OSDI §3.1, §5.
"""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, overload

from minitf.build import build
from minitf.dtypes import DType
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.grammar import REQUIRED, Arg, Attr, Function, at_least, read_signature
from minitf.operation import Operation
from minitf.static_value import constant_value, static_value

__all__ = ["CATALOGUE", "REQUIRED", "Function", "Kernel", "OpDef", "at_least", "op"]

CATALOGUE: dict[str, OpDef] = {}
_MOST_TENSORS = 1 << 20  # of one operation; more can only be a mistake or an attack
Rule = Callable[..., Any]
R = TypeVar("R", bound=Rule)


@dataclass(frozen=True)
class Kernel:
    """An implementation of an op for one device type.

    Attributes:
        device_type: "CPU", "GPU", "TPU", ...
        function: arrays in, arrays out, with the op's own signature; may take `out=`.
        constraints: attribute -> allowed types.
        host: inputs that stay in host memory.
        ulps: how many units in the last place its results may be from the body's, where it
            approximates by other means.  A plan that runs such a kernel does so for every array:
            bits may not depend on sizes.

    Source: 2015 §2.
    """

    device_type: str
    function: Callable[..., Any]
    constraints: dict[str, frozenset[DType]]
    host: tuple[str, ...]
    ulps: float | None = None

    def serves(self, attrs: dict[str, Any]) -> bool:
        """Tell whether the kernel computes an operation of these attributes."""
        return all(attrs[name] in allowed for name, allowed in self.constraints.items())


@dataclass(eq=False)
class OpDef:
    """A kind of operation: interface, reference meaning and rules.

    Calling it adds an Operation to the graph: inputs by position, attributes by keyword, and
    `name=`.  `body` computes on arrays.

    Source: 2015 §2.
    """

    name: str
    body: Callable[..., Any]
    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    attrs: dict[str, Attr]
    takes_context: bool
    is_stateful: bool = False
    is_commutative: bool = False
    is_aggregate: bool = False
    allows_uninitialized_input: bool = False
    is_asynchronous: bool = False
    deprecated: tuple[int, str] | None = None
    shape_rule: Rule | None = None
    shape_attrs: tuple[str, ...] = ()
    values_of: tuple[str, ...] = ()
    value_rule: Rule | None = None
    value_needs: tuple[str, ...] = ()
    gradient_rule: Rule | None = None
    gradient_reason: str | None = None
    refuses_gradient: bool = False
    kernels: list[Kernel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.__doc__ = self.body.__doc__
        self.__name__ = self.body.__name__
        self.__module__ = self.body.__module__
        self.takes_refs = any(arg.is_ref for arg in self.inputs)
        self.takes_lists = any(arg.is_list for arg in self.inputs)
        self.explicit_attrs = tuple(a.name for a in self.attrs.values() if not a.inferred)

    @cached_property
    def result(self) -> Any:
        """The type of the outputs of a call, where there are several."""
        return collections.namedtuple(self.name, [arg.name for arg in self.outputs])  # noqa: PYI024

    def __call__(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Add an Operation to the graph and return its outputs.

        Returns:
            The output Tensor, a list for a list output, a namedtuple for several outputs, the
            Operation if there are none.

        Raises:
            TypeError: if the inputs' types do not fit together or the signature.
            ValueError: if shapes or attributes do not fit; inputs are of different graphs.
        """
        return build(self, args, kwargs, name)

    def __repr__(self) -> str:
        """Show the registry name."""
        return f"<op {self.name}>"

    # --- rules -----------------------------------------------------------------------------------

    @overload
    def shape(self, rule: R) -> R: ...
    @overload
    def shape(self, *, values_of: tuple[str, ...]) -> Callable[[R], R]: ...
    def shape(self, rule: Rule | None = None, *, values_of: tuple[str, ...] = ()) -> Any:
        """Attach the shape rule: Shapes in (values for `values_of`), Shapes out.

        The rule takes inputs by position, and by keyword the attributes that are not inferred and
        those inferred ones that it names.
        """
        if unknown := set(values_of) - {arg.name for arg in self.inputs}:
            raise TypeError(f"{self.name}: values_of names no input: {sorted(unknown)}")
        if rule is None:
            self.values_of = values_of
            return self.shape
        code = rule.__code__
        named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.shape_attrs = tuple(
            a.name for a in self.attrs.values() if not a.inferred or a.name in named
        )
        self.shape_rule = rule
        return rule

    def value(self, rule: R) -> R:
        """Attach the value rule: Operation in, array or None out; a list for several outputs."""
        self.value_rule = rule
        return rule

    def value_by_body(self, *, needs: tuple[str, ...] = ()) -> None:
        """Let the body be the value rule: it must work on object arrays that hold UNKNOWN.

        Args:
            needs: inputs that must be known in full; the body gets them in their own type.
        """
        if unknown := set(needs) - {arg.name for arg in self.inputs}:
            raise TypeError(f"{self.name}: value_by_body names no input: {sorted(unknown)}")
        self.value_rule, self.value_needs = self.body, needs

    def gradient(self, rule: R) -> R:
        """Attach the gradient rule: (Operation, *output gradients) -> a gradient per input."""
        self.gradient_rule = rule
        return rule

    def no_gradient(self, reason: str, *, refuse: bool = False) -> None:
        """Say why the op has no gradient; the gradient of its inputs is None.

        Args:
            reason: why.
            refuse: raise LookupError instead: a derivative exists, but TensorFlow defines none.
        """
        self.gradient_reason, self.refuses_gradient = reason, refuse

    def kernel(
        self,
        device_type: str,
        *,
        host: tuple[str, ...] = (),
        ulps: float | None = None,
        **constraints: Any,
    ) -> Callable[[R], R]:
        """Attach a kernel for a device type; of several that serve, the last attached wins."""
        if unknown := set(constraints) - set(self.attrs):
            raise TypeError(f"{self.name}: constraints on unknown attributes {sorted(unknown)}")

        def attach(function: R) -> R:
            allowed = {name: frozenset(types) for name, types in constraints.items()}
            self.kernels.append(Kernel(device_type, function, allowed, host, ulps))
            return function

        return attach

    def find_kernel(self, device_type: str, attrs: dict[str, Any]) -> Kernel | None:
        """Return the kernel of a device type for these attributes, or None."""
        for kernel in reversed(self.kernels):
            if kernel.device_type == device_type and kernel.serves(attrs):
                return kernel
        return None

    # --- what the graph asks ------------------------------------------------------------------

    def arguments(self, operation: Operation) -> dict[str, Any]:
        """Return an operation's inputs by argument name; a list argument is a list."""
        if not self.takes_lists:
            return dict(zip([arg.name for arg in self.inputs], operation.inputs, strict=True))
        found: dict[str, Any] = {}
        start = 0
        for arg in self.inputs:
            if not arg.is_list:
                found[arg.name] = operation.inputs[start]
                start += 1
                continue
            length = self.length(arg, operation.attrs)
            found[arg.name] = list(operation.inputs[start : start + length])
            start += length
        return found

    def length(self, arg: Arg, attrs: dict[str, Any]) -> int:
        """Return how many tensors a list argument stands for."""
        if arg.number_attr:
            return int(attrs[arg.number_attr])
        return len(attrs[arg.type_list_attr])

    def positions_of_values(self, attrs: dict[str, Any]) -> tuple[int, ...]:
        """Return the positions, flat, of the inputs whose value decides an output's shape."""
        found: list[int] = []
        start = 0
        for arg in self.inputs if self.values_of else ():
            length = self.length(arg, attrs) if arg.is_list else 1
            if arg.name in self.values_of:
                found += range(start, start + length)
            start += length
        return tuple(found)

    def input_types(self, attrs: dict[str, Any]) -> list[DType]:
        """Return the type of each input, flat; a ref type for a variable's handle."""
        return self._types(self.inputs, attrs, "inputs")

    def output_types(self, attrs: dict[str, Any]) -> list[DType]:
        """Return the type of each output, flat."""
        return self._types(self.outputs, attrs, "outputs")

    def _types(self, args: tuple[Arg, ...], attrs: dict[str, Any], what: str) -> list[DType]:
        found: list[DType] = []
        for arg in args:
            if arg.type_list_attr:
                types = list(attrs[arg.type_list_attr])
            else:
                types = [arg.dtype or attrs[arg.type_attr]]
                if arg.number_attr:
                    if attrs[arg.number_attr] > _MOST_TENSORS:
                        raise GraphBuildError(
                            None, None, f"Number of {what} is too big: {attrs[arg.number_attr]}"
                        )
                    types *= attrs[arg.number_attr]
            found += [t.as_ref for t in types] if arg.is_ref else types
        return found

    def structured(self, operation: Operation) -> Any:
        """Return an operation's outputs in the form that a call of the op gives."""
        if not operation.outputs and (self.is_stateful or not self.outputs):
            return operation
        found, start = [], 0
        for arg in self.outputs:
            if arg.is_list:
                length = self.length(arg, operation.attrs)
                found.append(operation.outputs[start : start + length])
                start += length
            else:
                found.append(operation.outputs[start])  # type: ignore[arg-type]
                start += 1
        return found[0] if len(found) == 1 else self.result(*found)

    def static_value(self, operation: Operation, index: int) -> Any:
        """Return what the value rule knows of an output, or None."""
        rule = self.value_rule
        if rule is None:
            return None
        if rule is not self.body:
            found = rule(operation)
            return found[index] if isinstance(found, list) else found
        values: list[Any] = []
        for name, argument in self.arguments(operation).items():
            many = isinstance(argument, list)
            find = constant_value if name in self.value_needs else static_value
            parts = [find(t) for t in (argument if many else [argument])]
            if any(part is None for part in parts):
                return None
            values.append(parts if many else parts[0])
        explicit = {name: operation.attrs[name] for name in self.explicit_attrs}
        try:
            result = self.body(*values, **explicit)
        except InvalidArgumentError:
            return None  # the run will tell; it may never ask for this operation
        return result[index] if isinstance(result, (list, tuple)) else result


def op(
    name: str,
    *flags: str,
    outputs: tuple[str, ...] = ("output",),
    deprecated: tuple[int, str] | None = None,
    **limits: Any,
) -> Callable[[Callable[..., Any]], OpDef]:
    """Make an OpDef of the function that is its reference meaning.

    Args:
        name: the registry name, TensorFlow's.
        flags: any of "stateful", "commutative", "aggregate", "allows_uninitialized_input",
            "asynchronous" (the body may return a Future).
        outputs: the outputs' names.
        deprecated: GraphDef version and explanation, of an op that TensorFlow deprecates.
        limits: allowed types of a type attribute (`T=FLOATS`), `at_least(n)` of an int or a list.

    Raises:
        TypeError: if the signature is not in the grammar.
        ValueError: if the name is registered already.
    """
    if unknown := set(flags) - _FLAGS:
        raise TypeError(f"{name}: unknown flags {sorted(unknown)}")

    def register(body: Callable[..., Any]) -> OpDef:
        if name in CATALOGUE:
            raise ValueError(f"op {name!r} is registered already, in {CATALOGUE[name].__module__}")
        signature = read_signature(name, body, outputs, limits)
        made = OpDef(
            name,
            body,
            signature.inputs,
            signature.outputs,
            signature.attrs,
            signature.takes_context,
            is_stateful="stateful" in flags,
            is_commutative="commutative" in flags,
            is_aggregate="aggregate" in flags,
            allows_uninitialized_input="allows_uninitialized_input" in flags,
            is_asynchronous="asynchronous" in flags,
            deprecated=deprecated,
        )
        CATALOGUE[name] = made
        return made

    return register


_FLAGS = frozenset(
    ("stateful", "commutative", "aggregate", "allows_uninitialized_input", "asynchronous")
)
