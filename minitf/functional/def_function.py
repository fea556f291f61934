"""`tf.function`: a Python function becomes a graph, for each kind of arguments one.

    @tf.function
    def step(x):
        return tf.reduce_sum(x * w)

    step(tf.ones([3]))           # PartitionedCall
    step(tf.ones([3]) + 1)       # another call of the same graph
    step(tf.ones([4]))           # traces again

Python's own `if`, `for` and `while` run while the function is traced; where they depend on tensors
`minitf.autograph` makes operations of them, unless it was told not to.

**State** of a Function, per graph: its ConcreteFunctions by what they were traced for; whether the
first call has made variables, so that a later one may make none.

Source: TensorFlow 1.15, `def_function.py`.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest
from minitf.autograph.convert import as_around
from minitf.autograph.features import features_of
from minitf.contexts.toggles import calls_run_python
from minitf.control_flow.func_graph import FuncGraph
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.function_library import unique_function_name
from minitf.functional.argument_kinds import fits, in_common, kind_of, up_to, with_arrays
from minitf.functional.concrete import ConcreteFunction
from minitf.functional.tracing import flat_tensors, func_graph_from_py_func, is_spec
from minitf.variables.creation import variable_creator_scope


class Function:
    """A Python function whose calls are operations; see `function` for the arguments."""

    def __init__(
        self,
        python_function: Callable[..., Any],
        name: str,
        input_signature: Sequence[Any] | None = None,
        autograph: bool = True,
        experimental_autograph_options: Any = None,
        experimental_relax_shapes: bool = False,
        experimental_compile: bool | None = None,
    ) -> None:
        self._python_function = python_function
        self._name = name
        self._signature = None if input_signature is None else tuple(input_signature)
        if self._signature is not None and not all(
            is_spec(each) for each in nest.flatten(self._signature)
        ):
            raise TypeError(
                "Invalid input_signature; input_signature must be a possibly nested sequence of "
                f"TensorSpec objects. Got {input_signature}"
            )
        self._converts = autograph
        self._features = features_of(experimental_autograph_options)
        self._relaxes = experimental_relax_shapes
        self._made: weakref.WeakKeyDictionary[Any, dict[Any, ConcreteFunction]] = (
            weakref.WeakKeyDictionary()
        )
        self._makes_variables = True
        self._created: list[Any] = []
        self._bound: weakref.WeakKeyDictionary[Any, Function] = weakref.WeakKeyDictionary()
        functools.update_wrapper(self, python_function)

    @property
    def python_function(self) -> Callable[..., Any]:
        """The Python function."""
        return self._python_function

    @property
    def input_signature(self) -> tuple[Any, ...] | None:
        """The descriptions of the arguments that it was given, if any."""
        return self._signature

    @property
    def function_spec(self) -> inspect.Signature:
        """The signature of the Python function."""
        return inspect.signature(self._python_function)

    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return it as a method: the object is a value that it is traced for."""
        if instance is None:
            return self
        try:
            found = self._bound.get(instance)
        except TypeError:  # an object that cannot be referred to weakly
            found = None
        if found is None:
            method = _method(self._python_function, instance)
            found = Function(
                method,
                self._name,
                self._signature,
                self._converts,
                self._features,
                self._relaxes,
            )
            with _forgiving():
                self._bound[instance] = found
        return found

    # --- calling ---------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call to the graph, tracing the function if these arguments are the first of a kind.

        Raises:
            ValueError: if the arguments do not fit the signature, or a later call makes variables.
        """
        if calls_run_python():
            return self._python_function(*args, **kwargs)
        args, kwargs = self._canonical(args, kwargs)
        concrete = self._concrete(args, kwargs)
        return concrete.call_flat(flat_tensors(args, kwargs))

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """Return the graph for arguments: tensors, or `tf.TensorSpec`s that describe them.

        Raises:
            ValueError: if the arguments do not fit the signature.
        """
        if self._signature is not None and not args and not kwargs:
            return self._concrete(self._signature, {})
        args, kwargs = self._canonical(args, kwargs)
        return self._concrete(args, kwargs)

    def _list_all_concrete_functions_for_serialization(self) -> list[ConcreteFunction]:
        made = self._made.get(default_graph(), {})
        return list(dict.fromkeys(made.values()))

    def get_initialization_function(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: in a graph `tf.global_variables_initializer` initialises.

        Raises:
            ValueError: always.
        """
        raise ValueError("get_initialization_function cannot be called in graph mode")

    def _canonical(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return arguments by position as far as they go, with defaults."""
        signature = inspect.signature(self._python_function)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        args, kwargs = bound.args, bound.kwargs
        if self._signature is None:
            return with_arrays(args), {key: with_arrays(each) for key, each in kwargs.items()}
        if kwargs:
            raise ValueError(
                "Cannot define a TensorFlow function from a Python function with "
                "keyword arguments when input_signature is provided."
            )
        return self._as_signed(args), {}

    def _as_signed(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return arguments as tensors of the signature's types.

        Raises:
            ValueError: if they do not fit.
        """
        signature = self._signature
        assert signature is not None, "the caller has looked"
        if len(args) > len(signature):
            raise ValueError(
                "When input_signature is provided, only pass arguments covered by it. Received "
                f"{len(args)} arguments."
            )
        try:
            given_flat = list(up_to(signature, args))
        except (TypeError, ValueError, KeyError):
            raise ValueError(
                "Structure of Python function inputs does not match input_signature:\n"
                f"  inputs: {args}\n  input_signature: {signature}"
            ) from None
        flat = []
        for given, spec in zip(given_flat, nest.flatten(signature), strict=True):
            try:
                tensor = given if is_spec(given) else convert_to_tensor(given, spec.dtype)
            except (TypeError, ValueError) as error:
                raise ValueError(
                    "When input_signature is provided, all inputs to the Python function must be "
                    f"convertible to tensors:\n  inputs: {args}\n  input_signature: {signature}\n"
                    f"  {error}"
                ) from None
            if not spec.is_compatible_with(tensor):
                raise ValueError(
                    "Python inputs incompatible with input_signature:\n"
                    f"  inputs: {args}\n  input_signature: {signature}"
                )
            flat.append(tensor)
        return tuple(nest.pack_sequence_as(tuple(signature), flat))

    # --- tracing ---------------------------------------------------------------------------------

    def _concrete(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> ConcreteFunction:
        made = self._made.setdefault(default_graph(), {})
        signature = self._signature
        key = "signature" if signature is not None else kind_of(args, kwargs)
        found = made.get(key)
        if found is not None:
            return found
        shapes = None
        if self._relaxes and signature is None:
            relaxed = kind_of(args, kwargs, with_shapes=False)
            found = made.get(("relaxed", relaxed))
            if found is not None and fits(found, args, kwargs):
                return found
            before = made.get(("one of", relaxed))
            if before is not None:
                shapes = in_common(before, args, kwargs)
        traced = self._traced(signature or args, {} if signature is not None else kwargs, shapes)
        made[key] = traced
        if self._relaxes and signature is None:
            made["one of", relaxed] = traced
            if shapes is not None:
                made["relaxed", relaxed] = traced
        return traced

    def _traced(self, args: Any, kwargs: Any, shapes: Any) -> ConcreteFunction:
        """Trace the function; twice if the first time makes variables, as TensorFlow does."""
        may_create = self._makes_variables
        created: list[Any] = []

        def creator(next_creator: Callable[..., Any], **arguments: Any) -> Any:
            if not may_create:
                raise ValueError(
                    "tf.function-decorated function tried to create variables on non-first call."
                )
            variable = next_creator(**arguments)
            created.append(variable)
            return variable

        graph = self._graph_of(args, kwargs, shapes, creator)
        self._makes_variables = False
        if created:
            self._created += created
            may_create = False
            graph = self._graph_of(args, kwargs, shapes, creator)
        return ConcreteFunction(graph)

    def _graph_of(self, args: Any, kwargs: Any, shapes: Any, creator: Any) -> FuncGraph:
        graph = FuncGraph(unique_function_name(f"__inference_{self._name}"))
        for variable in self._created:
            graph.watch_variable(variable)
        with variable_creator_scope(creator):
            return func_graph_from_py_func(
                graph.name,
                self._python_function,
                args,
                kwargs,
                func_graph=graph,
                autograph=self._converts,
                autograph_options=self._features,
                override_flat_arg_shapes=shapes,
            )


def _method(function: Callable[..., Any], instance: Any) -> Callable[..., Any]:
    """Return a method that does not keep its object alive, where that is possible."""
    try:
        held = weakref.ref(instance)
    except TypeError:
        return functools.partial(function, instance)

    def method(*args: Any, **kwargs: Any) -> Any:
        return as_around(function)(held(), *args, **kwargs)

    signature = inspect.signature(function)
    rest = list(signature.parameters.values())[1:]
    method.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
    method.__name__, method.__doc__ = getattr(function, "__name__", "method"), function.__doc__
    return method


class _forgiving:  # noqa: N801 used as a function, in `with`
    """Let objects be that cannot be referred to weakly."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, *_: object) -> bool:
        """Hide a TypeError."""
        return kind is TypeError


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Sequence[Any] | None = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
    experimental_compile: bool | None = None,
) -> Any:
    """Make a function whose calls are operations.

    Args:
        func: a Python function of tensors and other values; None to decorate with.
        input_signature: a `tf.TensorSpec` for each argument: one graph for all that fit.
        autograph: whether `if`, `while` and `for` that depend on tensors become operations.
        experimental_autograph_options: one or several `tf.autograph.experimental.Feature`.
        experimental_compile: accepted.
        experimental_relax_shapes: whether arguments of other shapes share a graph, which knows
            less of them.

    Returns:
        The function, or a decorator.
    """

    def decorated(inner: Callable[..., Any]) -> Function:
        name = getattr(inner, "__name__", type(inner).__name__).strip("<>")
        return Function(
            inner,
            name,
            input_signature,
            autograph,
            experimental_autograph_options,
            experimental_relax_shapes,
            experimental_compile,
        )

    return decorated if func is None else decorated(func)
