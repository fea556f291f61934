"""CriticalSection: functions of which only one runs at a time.

    section = tf.CriticalSection()
    def add():
        value = v.read_value()
        with tf.control_dependencies([value]):
            return v.assign_add(1)
    result = section.execute(add)

The operations of a function wait for the lock; what they need from outside is made before it is
taken, so that nobody waits while it holds the lock.

**Invariants**
1. What `execute` returns is there after the lock is let go.
2. A resource that one section uses exclusively no other section uses.

Source: TensorFlow 1.15's `tf.CriticalSection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from minitf import dtypes, nest, ops
from minitf.api.control import group, identity
from minitf.api.control import tuple as together
from minitf.api.framework import (
    add_to_collection,
    colocate_with,
    control_dependencies,
    get_collection,
    get_default_graph,
    init_scope,
    name_scope,
)
from minitf.operation import Operation
from minitf.tensor import Tensor

CRITICAL_SECTIONS = "critical_sections"
CRITICAL_SECTION_EXECUTIONS = "critical_section_executions"


class ExecutionSignature(NamedTuple):
    """A function in a critical section.

    Attributes:
        op: the operation that takes the lock.
        handle: the handle of the lock.
        resources: handles that the function's operations use.
        exclusive_resource_access: whether no other section may use them.
    """

    op: Operation
    handle: Tensor
    resources: list[Tensor]
    exclusive_resource_access: bool


class CriticalSection:
    """A lock for functions; see the module.

    Args:
        name: its name; "CriticalSection" by default.
        shared_name: a name under which sessions of a server share the lock.
        critical_section_def: must be None: there is no such message in files.
        import_scope: likewise.

    Raises:
        ValueError: if there is a `critical_section_def`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str | None = None,
        shared_name: str | None = None,
        critical_section_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if critical_section_def is not None:
            if name is not None or shared_name is not None:
                raise ValueError(
                    "critical_section_def and shared_name are mutually exclusive: "
                    f"{critical_section_def}, {shared_name}"
                )
            raise ValueError("critical_section_def is not supported.")
        del import_scope  # goes with the message
        with name_scope(name, "CriticalSection", []) as scope, init_scope():
            wanted = scope if shared_name is None else shared_name
            self._handle: Tensor = ops.mutex_v2_op(shared_name=wanted, name=scope)
        add_to_collection(CRITICAL_SECTIONS, self)

    @property
    def name(self) -> str:
        """The name of its operation."""
        return self._handle.op.name

    def execute(
        self,
        fn: Callable[[], Any],
        exclusive_resource_access: bool = True,
        name: str | None = None,
    ) -> Any:
        """Run a function while nothing else runs in the section.

        Args:
            fn: makes operations; no Tensor of a resource may be among what it returns.
            exclusive_resource_access: whether no other section may use the resources that it uses.
            name: of the operations.

        Returns:
            What `fn` returns, after the lock is let go.

        Raises:
            ValueError: if `fn` runs something in this section, or another section has resources
                that it uses.
        """
        with name_scope(name, "critical_section_execute", []):
            lock: Tensor = ops.mutex_lock_op(self._handle)
            graph = get_default_graph()
            before = set(graph.get_operations())
            with control_dependencies([lock]):
                result = fn()
            made = [each for each in graph.get_operations() if each not in before]
            _lock_late(lock.op, made)
            resources = _distinct(
                tensor for op in made for tensor in op.inputs if tensor.dtype is dtypes.resource
            )
            if any(self._is_self_handle(each) for each in resources):
                raise ValueError(
                    "The function fn attempts to directly access the CriticalSection in which it "
                    "would be running.  This is illegal and would cause deadlocks."
                )
            self._check_resources(resources, exclusive_resource_access)
            done = [_copied(each) for each in nest.flatten(result)]
            with control_dependencies(done), colocate_with(self._handle):
                released = ops.consume_mutex_lock_op(lock)
            result = nest.pack_sequence_as(result, together(nest.flatten(result)))
            with control_dependencies([released]):
                outputs = nest.map_structure(_copied, result)
            add_to_collection(
                CRITICAL_SECTION_EXECUTIONS,
                ExecutionSignature(lock.op, self._handle, resources, exclusive_resource_access),
            )
            return outputs

    def _is_self_handle(self, tensor: Tensor) -> bool:
        """Tell whether a tensor is the handle of the lock, or one of another graph's for it."""
        if tensor is self._handle:
            return True
        own, other = self._handle.op, tensor.op
        return (
            other.type == "MutexV2"
            and other.device == own.device
            and bool(own.get_attr("shared_name"))
            and other.get_attr("shared_name") == own.get_attr("shared_name")
        )

    def _check_resources(self, resources: list[Tensor], exclusive: bool) -> None:
        """Check that no other section has resources that one of both wants for itself alone."""
        for other in get_collection(CRITICAL_SECTION_EXECUTIONS):
            if self._is_self_handle(other.handle):
                continue
            if not (exclusive or other.exclusive_resource_access):
                continue
            known = {id(each) for each in other.resources}
            shared = [each for each in resources if id(each) in known]
            if shared:
                raise ValueError(
                    "This execution would access resources: "
                    f"{[each.name for each in shared]}.  Either this lock (CriticalSection: "
                    f"{self._handle}) or lock '{other.op.name}' (CriticalSection: {other.handle}) "
                    "requested exclusive resource access of this resource.  Did you mean to call "
                    "execute with keyword argument exclusive_resource_access=False?"
                )


def _lock_late(lock: Operation, made: list[Operation]) -> None:
    """Have the lock taken after all that operations need from outside is there."""
    within = {*made, lock, *lock.control_inputs, *(each.op for each in lock.inputs)}
    needed = {tensor.op: None for op in made for tensor in op.inputs}
    needed |= {each: None for op in made for each in op.control_inputs}
    outside = [each for each in needed if each not in within]
    if outside:
        lock._add_control_input(group(*outside))  # noqa: SLF001 TensorFlow's name


def _copied(value: Any) -> Any:
    return value if isinstance(value, Operation) else identity(value)


def _distinct(tensors: Iterable[Tensor]) -> list[Tensor]:
    return list({id(each): each for each in tensors}.values())
