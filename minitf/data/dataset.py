"""Dataset: elements one after the other, as a pipeline of operations that read when asked.

    digits = tf.data.Dataset.from_tensor_slices((images, labels))
    batches = digits.shuffle(1000, seed=1).map(scale, num_parallel_calls=4).batch(32).prefetch(1)
    image, label = batches.repeat().make_one_shot_iterator().get_next()

Each method adds an operation whose output, a variant, is the new dataset.

Source: TensorFlow 1.15, `tf.data.Dataset`; 2015 §4.5, §4.6.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.data import sources
from minitf.data.base import BaseDataset
from minitf.data.functions import check_predicate, inner_structure, traced, with_state
from minitf.data.padding import padded
from minitf.data.parts import DatasetPart
from minitf.data.structure import (
    batch_dimension,
    element_of,
    flat_attrs,
    flat_tensors,
    mapped,
    sliced_structure,
    stacked_structure,
    structure_of,
    widened,
)
from minitf.errors import GraphBuildError

AUTOTUNE = -1


class Dataset(BaseDataset):
    """Elements one after the other.

    Args:
        variant_tensor: what an op gives for the dataset.
        structure: of an element.
    """

    # --- sources ---------------------------------------------------------------------------------

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        """Return a dataset of one element."""
        return Dataset(*sources.of_tensors(tensors))

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """Return a dataset of the slices of tensors along their first dimension."""
        return Dataset(*sources.of_slices(tensors))

    @staticmethod
    def from_sparse_tensor_slices(sparse_tensor: Any) -> Dataset:
        """Return a dataset of the slices of a sparse tensor, as indices, values and shape."""
        return Dataset(*sources.of_sparse_slices(sparse_tensor))

    @staticmethod
    def from_generator(
        generator: Callable[..., Any],
        output_types: Any,
        output_shapes: Any = None,
        args: Any = None,
    ) -> Dataset:
        """Return a dataset of what a Python generator yields.

        Args:
            generator: is called once for each iteration.
            output_types: of an element, in its structure.
            output_shapes: likewise; None if nothing is known.
            args: Tensors whose values, as arrays, the generator is called with.

        Raises:
            TypeError: if `generator` cannot be called.
        """
        return Dataset(*sources.of_generator(generator, output_types, output_shapes, args))

    @staticmethod
    def range(*args: Any) -> Dataset:
        """Return a dataset of whole numbers: of (stop), (start, stop) or (start, stop, step).

        Raises:
            ValueError: if there are no or more arguments.
        """
        return Dataset(*sources.of_range(*args))

    @staticmethod
    def list_files(file_pattern: Any, shuffle: bool | None = None, seed: int | None = None) -> Any:
        """Return a dataset of the names of files that match a pattern, or any of several.

        Args:
            file_pattern: string scalar or vector.
            shuffle: whether they come in random order; None is true.
            seed: of the order.
        """
        names = Dataset(*sources.of_files(file_pattern))
        return names if shuffle is False else names.shuffle(sources.MANY_FILES, seed)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Return a dataset whose elements are those of several side by side.

        Args:
            datasets: a structure of datasets.

        Raises:
            TypeError: if it is none.
        """
        return Dataset(*sources.side_by_side(datasets))

    # --- order and number ------------------------------------------------------------------------

    def shuffle(
        self, buffer_size: Any, seed: int | None = None, reshuffle_each_iteration: Any = None
    ) -> Any:
        """Return its elements in random order.

        Args:
            buffer_size: how many elements wait to be drawn; as many as there are for an order in
                which any element may come anywhere.
            seed: of the order.
            reshuffle_each_iteration: whether each iteration has an order of its own; None is true.
        """
        return self.made_by(
            ops.shuffle_dataset_op,
            buffer_size,
            *sources.seeds(seed),
            reshuffle_each_iteration=reshuffle_each_iteration is not False,
        )

    def repeat(self, count: Any = None) -> Any:
        """Return its elements several times; without end for None or -1."""
        return self.made_by(ops.repeat_dataset_op, -1 if count is None else count)

    def take(self, count: Any) -> Any:
        """Return its first elements; all for -1."""
        return self.made_by(ops.take_dataset_op, count)

    def skip(self, count: Any) -> Any:
        """Return its elements but the first ones; none for -1."""
        return self.made_by(ops.skip_dataset_op, count)

    def shard(self, num_shards: Any, index: Any) -> Any:
        """Return every `num_shards`th element from number `index` on.

        Raises:
            ValueError, InvalidArgumentError: if there is no such share.
        """
        wrong = ""
        if isinstance(num_shards, int) and num_shards < 1:
            wrong = (
                f"Number of shards must be greater than zero (currently num_shards = {num_shards})."
            )
        elif isinstance(num_shards, int) and isinstance(index, int) and not 0 <= index < num_shards:
            wrong = (
                f"Index must be between 0 and {num_shards - 1} (currently index = {index}, "
                f"num_shards = {num_shards})."
            )
        if wrong:
            raise GraphBuildError(None, None, wrong)
        return self.made_by(ops.shard_dataset_op, num_shards, index)

    def concatenate(self, dataset: Any) -> Any:
        """Return its elements, then those of another dataset.

        Raises:
            TypeError: if types or classes of elements differ.
        """
        for what in ("output_types", "output_classes"):
            one, other = getattr(self, what), getattr(dataset, what)
            if one != other:
                raise TypeError(
                    f"Two datasets to concatenate have different {what[7:]} {one} and {other}"
                )
        structure = widened(self.structure, dataset.structure)
        return self.made_by(ops.concatenate_dataset_op, dataset.variant_tensor, structure=structure)

    def enumerate(self, start: int = 0) -> Any:
        """Return its elements with their numbers from `start` on."""
        return Dataset.zip((Dataset.range(start, sys.maxsize), self))

    def cache(self, filename: str = "") -> Any:
        """Return its elements, kept after the first whole iteration: in memory, or in a file."""
        return self.made_by(ops.cache_dataset_op, filename)

    def prefetch(self, buffer_size: Any) -> Any:
        """Return its elements, made by a thread before they are asked for.

        Args:
            buffer_size: how many may be ahead; AUTOTUNE leaves the choice.
        """
        return self.made_by(ops.prefetch_dataset_op, buffer_size)

    # --- batches ---------------------------------------------------------------------------------

    def batch(self, batch_size: Any, drop_remainder: Any = False) -> Any:
        """Return stacks of its elements.

        Args:
            batch_size: how many elements a stack has.
            drop_remainder: whether to leave out a last one that would be smaller.
        """
        count = batch_dimension(batch_size, drop_remainder)
        structure = stacked_structure(self.structure, count)
        return self.made_by(
            ops.batch_dataset_v2_op, batch_size, drop_remainder, structure=structure
        )

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any,
        padding_values: Any = None,
        drop_remainder: Any = False,
    ) -> Any:
        """Return stacks of its elements, filled up to one shape.

        Args:
            batch_size: how many elements a stack has.
            padded_shapes: for each component a shape; unknown sizes are the greatest of the stack.
            padding_values: for each component a scalar; None for zeros and empty strings.
            drop_remainder: whether to leave out a last stack that would be smaller.

        Raises:
            TypeError: if a component is sparse, or a value is of another type.
            ValueError: if a shape does not fit.
        """
        count = batch_dimension(batch_size, drop_remainder)
        return self._dataset(
            *padded(
                self.variant_tensor,
                self.structure,
                batch_size,
                padded_shapes,
                padding_values,
                drop_remainder,
                count,
            )
        )

    def unbatch(self) -> Any:
        """Return the slices of its elements along their first dimension."""
        return self.made_by(ops.unbatch_dataset_op, structure=sliced_structure(self.structure))

    def window(
        self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: Any = False
    ) -> Any:
        """Return windows over its elements: a dataset for each component.

        Args:
            size: how many elements a window has.
            shift: how far the next window begins after this one; `size` if None.
            stride: from one element of a window to the next.
            drop_remainder: whether to leave out windows that would be smaller.
        """
        structure = mapped(lambda part: DatasetPart(part, Dataset), self.structure)
        return self.made_by(
            ops.window_dataset_op,
            size,
            size if shift is None else shift,
            stride,
            drop_remainder,
            structure=structure,
        )

    # --- functions of elements -------------------------------------------------------------------

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None) -> Any:
        """Return what a function makes of each element.

        Args:
            map_func: gets an element; a tuple as so many arguments.
            num_parallel_calls: how many calls may be under way at once; AUTOTUNE leaves the choice.
        """
        f = traced(map_func, "map", self.structure)
        if num_parallel_calls is None:
            return self.made_by(ops.map_dataset_op, f.captured, f=f.function, structure=f.structure)
        return self.made_by(
            ops.parallel_map_dataset_op,
            f.captured,
            num_parallel_calls,
            f=f.function,
            structure=f.structure,
        )

    def map_with_legacy_function(
        self, map_func: Callable[..., Any], num_parallel_calls: Any = None
    ) -> Any:
        """Return what a function makes of each element, as `map` does."""
        return self.map(map_func, num_parallel_calls)

    def flat_map(self, map_func: Callable[..., Any]) -> Any:
        """Return the elements of the datasets that a function makes of each element.

        Raises:
            TypeError: if it makes none.
        """
        f = traced(map_func, "flat_map", self.structure)
        inner = inner_structure(f.structure)
        return self.made_by(ops.flat_map_dataset_op, f.captured, f=f.function, structure=inner)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: Any = AUTOTUNE,
        block_length: Any = 1,
        num_parallel_calls: Any = None,
    ) -> Any:
        """Return elements of the datasets that a function makes of each element, in turns.

        Args:
            map_func: makes a dataset of an element.
            cycle_length: how many datasets are in work at once.
            block_length: how many elements one gives in its turn.
            num_parallel_calls: if not None, datasets in work run ahead on threads.

        Raises:
            TypeError: if the function makes no dataset.
        """
        f = traced(map_func, "interleave", self.structure)
        inner = inner_structure(f.structure)
        lengths = (f.captured, cycle_length, block_length)
        if num_parallel_calls is None:
            return self.made_by(ops.interleave_dataset_op, *lengths, f=f.function, structure=inner)
        return self.made_by(
            ops.parallel_interleave_dataset_v2_op,
            *lengths,
            num_parallel_calls,
            f=f.function,
            structure=inner,
        )

    def filter(self, predicate: Callable[..., Any]) -> Any:
        """Return the elements for which a function is true.

        Raises:
            ValueError: if the function gives no bool scalar.
        """
        f = traced(predicate, "filter", self.structure)
        check_predicate(f.structure)
        return self.made_by(ops.filter_dataset_op, f.captured, predicate=f.function)

    def filter_with_legacy_function(self, predicate: Callable[..., Any]) -> Any:
        """Return the elements for which a function is true, as `filter` does."""
        return self.filter(predicate)

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
        """Return the last state, which a function renews with each element.

        Args:
            initial_state: the first state.
            reduce_func: gets the state and an element, gives the new state.

        Raises:
            TypeError: if the new state is of other types.
        """
        f, state = with_state(reduce_func, "reduce", structure_of(initial_state), self.structure)
        found = ops.reduce_dataset_op(
            self.variant_tensor,
            flat_tensors(state, initial_state),
            f.captured,
            f=f.function,
            **flat_attrs(state),
        )
        return element_of(state, found)

    def apply(self, transformation_func: Callable[[Any], Any]) -> Any:
        """Return what a function makes of it.

        Raises:
            TypeError: if that is no dataset.
        """
        made = transformation_func(self)
        if not isinstance(made, BaseDataset):
            raise TypeError(
                f"`transformation_func` must return a Dataset. Got {type(made).__name__}."
            )
        return made


BaseDataset.plain = Dataset
