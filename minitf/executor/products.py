"""Sums of products as one product: the gradient of weights that a net uses at every step of time.

An unrolled recurrent net multiplies by the same weights at each step, so their gradient is a sum of
products of a few rows each, every one as large as the weights.  The rows laid end to end give the
sum as one product, which BLAS makes faster, and no other array of that size.

    AddN(a0' g0, a1' g1, ...)   ->   [a0; a1; ...]' [g0; g1; ...]          (a' is a's transpose)

**State**: none; the subgraph given is changed, its operations are not.

**Invariants**
1. A product that anybody but the sum reads or waits for, or that waits for somebody itself, stays.
2. What is laid end to end is no larger than what it saves: the products.
3. A sum of n terms of k each is one of nk terms, whose error has the bound of any product,
   nk eps sum |a||g|.  Its bits differ from those of the sum of products, so only steps that are
   compiled for the shapes of their feeds are changed, which happens at a fixed run.

Worked example, an RNN of 20 steps, batch 20, whose kernel is [400, 800]:

    before: 20 products of [400, 20] and [20, 800], a sum of 20 arrays of 1.3 MB
    after:  one of [400, 400] and [400, 800]

Source: 2015 §5.1 (passes over the graph that clients construct).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.build import infer_shapes
from minitf.executor.prune import Subgraph
from minitf.executor.specialise import leave_out_unread
from minitf.executor.variable_reads import stands_for_variable
from minitf.operation import Operation
from minitf.ops import find_op
from minitf.tensor import Tensor

Attrs = dict[str, Any]

_AXIS = np.array(0, np.int32)
_AXIS.flags.writeable = False
_TYPES = (dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)  # BLAS has these


def join_products(subgraph: Subgraph) -> None:
    """Put one product in place of each sum of products of matrices that are laid end to end.

    Args:
        subgraph: of operations of its own, whose shapes are known; its sums become products.

    Source: 2015 §5.1.
    """
    alone = _read_once(subgraph)
    before: dict[Operation, list[Operation]] = {}  # sum -> what runs before it
    gone: set[Operation] = set()
    for total in subgraph.operations:
        joined = _terms_to_join(subgraph, total, alone) if total.type == "AddN" else {}
        if len(joined) > 1:
            before[total] = _join(subgraph, total, joined)
            gone.update(joined.values())
    subgraph.operations = [
        each
        for operation in subgraph.operations
        if operation not in gone
        for each in (*before.get(operation, ()), operation)
    ]
    leave_out_unread(subgraph)  # what handed the products on


def _read_once(subgraph: Subgraph) -> set[Operation]:
    """Return what is read once, by another operation, and neither waits nor is waited for."""
    readers: Counter[Operation] = Counter()
    kept = {subgraph.source(tensor).op for tensor in subgraph.request.fetches}
    kept.update(subgraph.same.get(each, each) for each in subgraph.request.targets)
    for operation in subgraph.operations:
        readers.update(subgraph.source(tensor).op for tensor in operation.inputs)
        waits = subgraph.control_sources(operation)
        kept.update(waits, [operation] if waits else [])
    return {each for each in subgraph.operations if readers[each] == 1 and each not in kept}


def _terms_to_join(
    subgraph: Subgraph, total: Operation, alone: set[Operation]
) -> dict[Tensor, Operation]:
    """Return the terms of a sum that become one product, with their products: on one device."""
    found: dict[str, dict[Tensor, Operation]] = defaultdict(dict)
    for term in map(subgraph.source, total.inputs):
        product = term.op
        while product.type == "Identity" and product in alone:
            product = subgraph.source(product.inputs[0]).op
        if product in alone and _can_be_joined(subgraph, product):
            found[product.device][term] = product
    return max(found.values(), key=len, default={})


def _can_be_joined(subgraph: Subgraph, product: Operation) -> bool:
    """Tell whether an operation is a product a' g, and a and g no larger than that."""
    if (
        product.type != "MatMul"
        or product.outputs[0].dtype not in _TYPES
        or not product.attrs["transpose_a"]
        or product.attrs["transpose_b"]
    ):
        return False
    a, g = map(subgraph.source, product.inputs)
    if any(each.dtype.is_ref or stands_for_variable(each.op) for each in (a, g)):
        return False  # it reads a variable as it is at that moment
    if not (a.static_shape.is_full and g.static_shape.is_full):
        return False
    (rows, m), (_, n) = a.static_shape, g.static_shape
    return bool(0 < rows * (m + n) <= m * n)


def _join(
    subgraph: Subgraph, total: Operation, joined: Mapping[Tensor, Operation]
) -> list[Operation]:
    """Let a sum be the product of factors laid end to end, and return what makes these."""
    axis = _beside(total, "Const", (), {"dtype": dtypes.int32, "value": _AXIS})
    subgraph.constants[axis.outputs[0]] = _AXIS
    products = list(joined.values())
    attrs = {"N": len(products), "T": total.attrs["T"], "Tidx": dtypes.int32}
    made, factors = [], []
    for position in (0, 1):
        parts = [subgraph.source(each.inputs[position]) for each in products]
        made.append(_beside(total, "ConcatV2", (*parts, axis.outputs[0]), attrs))
        factors.append(made[-1].outputs[0])
    rest = [each for each in total.inputs if subgraph.source(each) not in joined]
    kind, attrs = products[0].definition, products[0].attrs
    if not rest:
        total.definition, total.inputs, total.attrs = kind, tuple(factors), attrs
        return made
    made.append(_beside(total, "MatMul", factors, attrs))
    total.inputs = (made[-1].outputs[0], *rest)
    total.attrs = total.attrs | {"N": len(total.inputs)}
    return made


def _beside(total: Operation, kind: str, inputs: Sequence[Tensor], attrs: Attrs) -> Operation:
    """Make an operation of one output that stands where a sum does."""
    made = Operation(total.graph, find_op(kind), total.name, tuple(inputs), attrs)
    made.device, made.site, made.index = total.device, total.site, total.index
    made.origin = total.origin or total
    (shape,) = infer_shapes(made, 1)
    (dtype,) = made.definition.output_types(attrs)
    made.outputs = [Tensor(made, 0, dtype, shape)]
    return made
