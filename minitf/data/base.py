"""What every dataset is: the output of an operation, and the structure of an element.

Source: TensorFlow 1.15, `tf.data.Dataset`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from minitf import nest, ops
from minitf.data.iterator import Iterator, initializable_iterator, one_shot_iterator
from minitf.data.options import Options
from minitf.data.parts import DatasetPart, Structure
from minitf.data.structure import (
    classes_of,
    flat_attrs,
    shapes_of,
    specs_of,
    types_of,
)
from minitf.tensor import Tensor


class BaseDataset:
    """Elements one after the other: what a dataset is, and what can be made of it.

    Args:
        variant_tensor: what an op gives for the dataset.
        structure: of an element.
    """

    plain: ClassVar[Any]  # the class of datasets that are made of others

    def __init__(self, variant_tensor: Tensor, structure: Structure) -> None:
        self.variant_tensor = variant_tensor
        self.structure = structure
        self.chosen_options = Options()

    # --- what it is ------------------------------------------------------------------------------

    @property
    def element_part(self) -> DatasetPart:
        """What it is as a part of an element."""
        return DatasetPart(self.structure, self.plain)

    @property
    def output_types(self) -> Any:
        """The types of an element, in its structure."""
        return types_of(self.structure)

    @property
    def output_shapes(self) -> Any:
        """The shapes of an element, in its structure."""
        return shapes_of(self.structure)

    @property
    def output_classes(self) -> Any:
        """The classes of an element, in its structure."""
        return classes_of(self.structure)

    @property
    def element_spec(self) -> Any:
        """The specs of an element, in its structure."""
        return specs_of(self.structure)

    @property
    def _type_spec(self) -> Any:
        return self.element_part.spec

    @property
    def _variant_tensor(self) -> Tensor:
        return self.variant_tensor

    @property
    def _graph(self) -> Any:
        return self.variant_tensor.graph

    def __repr__(self) -> str:
        """Show shapes and types."""
        shapes = nest.map_structure(str, self.output_shapes)
        types = nest.map_structure(repr, self.output_types)
        text = f"<{type(self).__name__} shapes: {shapes}, types: {types}>"
        return text.replace("'", "")

    def __iter__(self) -> Self:
        raise RuntimeError(
            "dataset.__iter__() is only supported when eager execution is enabled.\n"
            "  hint: make_one_shot_iterator().get_next() gives the next element in a graph"
        )

    def graph_loop(self, step: Any, going_on: Any, state: Any) -> Any:
        """Return the last state of a loop over it; see `minitf.data.walking`."""
        from minitf.data import walking  # it is made of transformations, which are made of this

        return walking.graph_loop(self, step, going_on, state)

    def options(self) -> Options:
        """Return its options."""
        return self.chosen_options

    def with_options(self, options: Options) -> Any:
        """Return it with further options.

        Raises:
            ValueError: if it has other values of some.
        """
        made = self._dataset(self.variant_tensor, self.structure)
        made.chosen_options = self.chosen_options.merge(options)
        return made

    def _dataset(self, variant_tensor: Tensor, structure: Structure) -> Any:
        """Return another dataset with the options of this one."""
        made = self.plain(variant_tensor, structure)
        made.chosen_options = self.chosen_options
        return made

    def made_by(self, op: Any, *inputs: Any, structure: Structure = None, **attrs: Any) -> Any:
        """Return what an op makes of this dataset, of the same structure unless one is given."""
        structure = self.structure if structure is None else structure
        variant = op(self.variant_tensor, *inputs, **flat_attrs(structure), **attrs)
        return self._dataset(variant, structure)

    # --- iterators -------------------------------------------------------------------------------

    def make_one_shot_iterator(self) -> Iterator:
        """Return an iterator over it that begins by itself and is never begun again.

        Raises:
            ValueError: if it depends on a placeholder or on state.
        """
        return one_shot_iterator(self.with_applied_options())

    def make_initializable_iterator(self, shared_name: str | None = None) -> Iterator:
        """Return an iterator over it, begun by the operation `initializer`.

        Args:
            shared_name: a name under which sessions of one target share the iterator.
        """
        return initializable_iterator(self.with_applied_options(), shared_name)

    def with_applied_options(self) -> Any:
        """Return it as its options want it to run."""
        made, threading = self, self.chosen_options.experimental_threading
        stats = self.chosen_options.experimental_stats
        if threading.max_intra_op_parallelism is not None:
            made = made.made_by(
                ops.max_intra_op_parallelism_dataset_op, threading.max_intra_op_parallelism
            )
        if threading.private_threadpool_size is not None:
            made = made.made_by(
                ops.private_thread_pool_dataset_op, threading.private_threadpool_size
            )
        if stats.latency_all_edges and stats.aggregator is not None:
            made = made.made_by(ops.latency_stats_dataset_op, "record_latency")
        if stats.aggregator is not None:
            made = made.made_by(
                ops.set_stats_aggregator_dataset_op,
                stats.aggregator._resource,
                stats.prefix,
                stats.counter_prefix,
            )
        return made
