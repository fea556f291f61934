"""Tensor: one output of an Operation, as the user holds it while the graph is built.

Everything a Tensor does that makes operations (`+`, `[]`, becoming a Tensor from a value) or runs
them (`eval`) goes through `hooks`, which `minitf.ops` and `minitf.session` fill: the graph
language knows neither.

Source: 2015 §2 "Tensors".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from minitf import source
from minitf.dtypes import DType
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.shapes import Shape, as_shape, merge
from minitf.tensor_shape import TensorShape

if TYPE_CHECKING:
    from minitf.graph import Graph
    from minitf.operation import Operation


class Hooks:
    """The upward calls of the graph language; `ops` and `session` fill them once.

    Attributes:
        constant: (array, dtype, name, listed) -> Tensor: makes a Const.
        pack: (values, dtype, name) -> Tensor: stacks a list that holds Tensors.
        binary_operator: (name, left, right) -> Tensor: Python's operator `__name__`.
        unary_operator: (name, x) -> Tensor.
        getitem: (tensor, key) -> Tensor: NumPy-style indexing.
        default_session: () -> Session | None.
        new_session: (target, graph, config) -> Session.
    """

    _FILLED_BY: ClassVar = {
        "constant": "minitf.ops.array.constants",
        "pack": "minitf.api.array",
        "binary_operator": "minitf.api.operators",
        "unary_operator": "minitf.api.operators",
        "getitem": "minitf.api.indexing",
        "default_session": "minitf.session.session",
        "new_session": "minitf.session.session",
    }

    def __getattr__(self, name: str) -> Any:
        """Import the module that fills a hook when it is first used."""
        if name not in self._FILLED_BY:
            raise AttributeError(name)
        from importlib import import_module

        import_module(self._FILLED_BY[name])
        return self.__dict__[name]

    def fill(self, **functions: Any) -> None:
        """Supply hooks; each may be filled once.

        Raises:
            AttributeError: if there is no such hook, or it is filled already.
        """
        for name, function in functions.items():
            if name not in self._FILLED_BY or name in self.__dict__:
                raise AttributeError(f"hook {name!r} does not exist or is filled already")
            self.__dict__[name] = function


hooks = Hooks()


Method = Callable[["Tensor", Any], "Tensor"]


def _binary(name: str) -> tuple[Method, Method]:
    """Return the methods `x.__name__(y)` and `y.__rname__(x)`."""

    def forward(self: Tensor, other: Any) -> Tensor:
        return hooks.binary_operator(name, self, other)  # type: ignore[no-any-return]

    def backward(self: Tensor, other: Any) -> Tensor:
        return hooks.binary_operator(name, other, self)  # type: ignore[no-any-return]

    forward.__doc__ = backward.__doc__ = f"Build the operation of Python's `__{name}__`."
    return forward, backward


def _comparison(name: str) -> Method:
    return _binary(name)[0]  # Python itself turns `1 < x` into `x > 1`


def _unary(name: str) -> Callable[[Tensor], Tensor]:
    def method(self: Tensor) -> Tensor:
        return hooks.unary_operator(name, self)  # type: ignore[no-any-return]

    method.__doc__ = f"Build the operation of Python's `__{name}__`."
    return method


BINARY_OPERATORS = (
    *("add", "sub", "mul", "div", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and", "or", "xor"),
)
COMPARISONS = ("lt", "le", "gt", "ge")
UNARY_OPERATORS = ("neg", "abs", "invert")


class Reference:
    """A hashable reference to a Tensor or Variable, equal to others to the same."""

    def __init__(self, referred: Any) -> None:
        self._referred = referred

    def deref(self) -> Any:
        """Return what it refers to."""
        return self._referred

    def __eq__(self, other: object) -> bool:
        """Tell whether both refer to the same."""
        return isinstance(other, Reference) and self._referred is other._referred

    def __hash__(self) -> int:
        """Hash by identity."""
        return id(self._referred)


class Tensor:
    """A symbolic handle to one output of an Operation; it holds no value.

    Attributes:
        op: the Operation that produces it.
        value_index: which of its outputs.
        dtype: element type; a ref type for a variable's handle.
        static_shape: what is known of its shape (`minitf.shapes.Shape`).

    Source: 2015 §2.
    """

    # `__dict__` is for attributes of programs, which TensorFlow's tensors take; none is made for
    # a tensor without any.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_consumers",
        "dtype",
        "op",
        "static_shape",
        "value_index",
    )
    __array_priority__ = 100  # `ndarray + Tensor` calls our __radd__
    __array_ufunc__ = None
    OVERLOADABLE_OPERATORS: ClassVar = {  # TensorFlow's class attribute
        "__getitem__",
        *(
            f"__{name}__"
            for name in (*BINARY_OPERATORS, *COMPARISONS, *UNARY_OPERATORS, "eq", "ne")
        ),
        *(f"__r{name}__" for name in BINARY_OPERATORS),
    }

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self.static_shape = shape
        self._consumers: list[Operation] = []

    @property
    def graph(self) -> Graph:
        """The Graph that holds it."""
        return self.op.graph

    @property
    def name(self) -> str:
        """`<operation>:<index>`."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def device(self) -> str:
        """The device requested for its operation, "" if none."""
        return self.op.device

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        return TensorShape(self.static_shape)

    def get_shape(self) -> TensorShape:
        """Return what is known of its shape."""
        return TensorShape(self.static_shape)

    def _as_tf_output(self) -> Tensor:
        """Return what functions of TensorFlow's library would take for it: the tensor."""
        return self

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about the shape that inference could not find.

        Raises:
            ValueError: if it contradicts what is known.
        """
        try:
            self.static_shape = merge(self.static_shape, as_shape(shape))
        except InvalidArgumentError as error:
            raise GraphBuildError(
                None, self.op, f"{error} for {self.name} of shape {self.shape}"
            ) from None

    def consumers(self) -> list[Operation]:
        """Return the operations that take it as an input, once for each such input."""
        return list(self._consumers)

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Compute its value in a session (the default one if None is given)."""
        return session_for(self.graph, session).run(self, feed_dict)

    def experimental_ref(self) -> Any:
        """Return a hashable reference to it."""
        return Reference(self)

    def _as_node_def_input(self) -> str:
        """Return what a NodeDef says of this input: `x`, or `x:1` of a later output."""
        return self.name.removesuffix(":0")

    def _shape_tuple(self) -> tuple[int | None, ...] | None:
        """Return the sizes as far as they are known, as TensorFlow's private method."""
        sizes = self.static_shape.as_list()
        return None if sizes is None else tuple(sizes)

    def _shape_as_list(self) -> list[int | None] | None:
        """Return the same as a list."""
        return self.static_shape.as_list()

    def __repr__(self) -> str:
        """Show name, shape and type as TensorFlow does."""
        return f"<tf.Tensor {self.name!r} shape={self.shape} dtype={self.dtype.name}>"

    def __str__(self) -> str:
        """Show name, shape and type as TensorFlow does."""
        shape = f", shape={self.shape}" if self.static_shape.dims is not None else ""
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name}{device})'

    def _repr_html_(self) -> str:
        from minitf.viewer.notebook import tensor_html

        return tensor_html(self)

    def __getitem__(self, key: Any) -> Tensor:
        """Index as NumPy does: slices, newaxis, ellipsis, Tensors, masks."""
        return hooks.getitem(self, key)  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[Any]:
        """Refuse: the number of elements is not known before the graph runs."""
        raise TypeError(
            "Tensor objects are only iterable when eager execution is enabled: iterating over a "
            "`tf.Tensor` is not allowed in Graph execution. To iterate over this tensor use "
            "tf.map_fn, or tf.unstack where the size is known.\n"
            f"  {self._where()}"
        )

    def __len__(self) -> NoReturn:
        """Refuse: a Tensor has no length while the graph is built."""
        raise TypeError(
            f"object of type 'Tensor' has no len(): it is not well defined for {self.name}. Use "
            "tf.shape(x)[0] or x.shape\n"
            f"  {self._where()}"
        )

    def __bool__(self) -> NoReturn:
        """Refuse: the value is not known while the graph is built."""
        raise TypeError(
            "Using a `tf.Tensor` as a Python `bool` is not allowed. Use `if t is not None:` "
            "instead of `if t:` to test if a tensor is defined, and use TensorFlow ops such as "
            "tf.cond to execute subgraphs conditioned on the value of a tensor: using it as a "
            "Python bool is not allowed in Graph execution.\n"
            "  hint: `a and b` is tf.logical_and(a, b), `a or b` is tf.logical_or(a, b), "
            "`not a` is tf.logical_not(a)\n"
            f"  {self._where()}\n"
            f"  used as a bool at {source.describe(source.creation_site())}"
        )

    __nonzero__ = __bool__

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: NumPy cannot see a value before the graph runs."""
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array.\n"
            f"  hint: session.run({self.op.name!r}) or .eval() computes it\n  {self._where()}"
        )

    def _where(self) -> str:
        return f"{self} created at {source.describe(self.op.site)}"

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("sub")
    __mul__, __rmul__ = _binary("mul")
    __div__, __rdiv__ = _binary("div")  # Python 2 called it; programs still do by its name
    __truediv__, __rtruediv__ = _binary("truediv")
    __floordiv__, __rfloordiv__ = _binary("floordiv")
    __mod__, __rmod__ = _binary("mod")
    __pow__, __rpow__ = _binary("pow")
    __matmul__, __rmatmul__ = _binary("matmul")
    __and__, __rand__ = _binary("and")
    __or__, __ror__ = _binary("or")
    __xor__, __rxor__ = _binary("xor")
    __lt__ = _comparison("lt")
    __le__ = _comparison("le")
    __gt__ = _comparison("gt")
    __ge__ = _comparison("ge")
    __neg__ = _unary("neg")
    __abs__ = _unary("abs")
    __invert__ = _unary("invert")

    # By identity, as in TensorFlow 1.x (`tf.equal` compares values).  Tensors are keys everywhere:
    # these two cost a tenth of methods written in Python.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def session_for(graph: Graph, session: Any, what: str = "tensor") -> Any:
    """Return `session`, or the default one, if it can run `graph`.

    Args:
        graph: the graph of what is run.
        session: the session; None for the default one.
        what: what is run, "tensor" or "operation".

    Raises:
        ValueError: if there is none, or it runs another graph.
    """
    deed, method = ("evaluate", "eval") if what == "tensor" else ("execute", "run")
    found = session or hooks.default_session()
    if found is None:
        colon = "" if what == "tensor" else ":"  # TensorFlow's texts differ in this, too
        raise ValueError(
            f"Cannot {deed} {what} using `{method}()`: No default session is registered. Use "
            f"`with sess.as_default(){colon}` or pass an explicit session to "
            f"`{method}(session=sess)`"
        )
    if found.graph is not graph:
        which, advice = "given", ""
        if session is None:
            which, advice = "default", f" Pass an explicit session to `{method}(session=sess)`."
        raise ValueError(
            f"Cannot use the {which} session to {deed} {what}: the {what}'s graph is different "
            f"from the session's graph.{advice}"
        )
    return found
