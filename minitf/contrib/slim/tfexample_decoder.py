"""`tf.contrib.slim.tfexample_decoder`: items of the features of a `tf.train.Example`.

Each item has a handler, which says which features it needs and makes the item of them:

    decoder = TFExampleDecoder(
        {"image/encoded": tf.FixedLenFeature((), tf.string),
         "image/format": tf.FixedLenFeature((), tf.string, "png"),
         "label": tf.FixedLenFeature([], tf.int64)},
        {"image": Image(shape=[28, 28, 1], channels=1), "label": Tensor("label", shape=[])},
    )
    image, label = decoder.decode(record, ["image", "label"])

Source: TensorFlow 1.15's tf.contrib.slim.tfexample_decoder.
"""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf import dtypes
from minitf.api.array import concat, expand_dims, reshape, slice, stack, transpose
from minitf.api.casting import cast
from minitf.api.comparison import equal, logical_or
from minitf.api.features import FixedLenFeature
from minitf.api.image_files import decode_image, decode_jpeg, is_jpeg
from minitf.api.parsing import parse_single_example
from minitf.api.reductions import reduce_prod
from minitf.api.sizes import shape as shape_of
from minitf.api.sparse import sparse_reshape
from minitf.api.sparse_dense import sparse_tensor_to_dense
from minitf.api.string_codes import decode_raw
from minitf.composite import SparseTensor as SparseValues
from minitf.contrib.slim.data_decoder import DataDecoder
from minitf.control_flow.case import case
from minitf.control_flow.cond import cond
from minitf.functional.mapping import map_fn
from minitf.tensor import Tensor as Symbolic


class ItemHandler(abc.ABC):
    """Makes an item of features.

    Args:
        keys: the features' names, or one name.
    """

    def __init__(self, keys: Any) -> None:
        self._keys = list(keys) if isinstance(keys, (list, tuple)) else [keys]

    @property
    def keys(self) -> list[str]:
        """The features' names."""
        return self._keys

    @abc.abstractmethod
    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return the item.

        Args:
            keys_to_tensors: the features by their names.
        """


class ItemHandlerCallback(ItemHandler):
    """Makes an item by a function.

    Args:
        keys: the features' names.
        func: takes the features by their names, and returns the item.
    """

    def __init__(self, keys: Any, func: Callable[[Mapping[str, Any]], Any]) -> None:
        super().__init__(keys)
        self._func = func

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return what the function does."""
        return self._func(keys_to_tensors)


class BoundingBox(ItemHandler):
    """Makes boxes [n, 4] of four features, one for each side.

    Args:
        keys: the names of top, left, bottom and right; `ymin` and so on if None.
        prefix: what stands before each name.

    Raises:
        ValueError: if there are not four names.
    """

    def __init__(self, keys: Sequence[str] | None = None, prefix: str = "") -> None:
        if keys is None:
            keys = ("ymin", "xmin", "ymax", "xmax")
        elif len(keys) != 4:
            raise ValueError(f"BoundingBox expects 4 keys but got {len(keys)}")
        super().__init__([prefix + key for key in keys])

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return float[n, 4]."""
        sides = [keys_to_tensors[key] for key in self._keys]
        sides = [each.values if isinstance(each, SparseValues) else each for each in sides]
        return transpose(concat([expand_dims(each, 0) for each in sides], 0))


class Tensor(ItemHandler):
    """Gives a feature, dense and in a given shape.

    Args:
        tensor_key: the feature's name.
        shape_keys: the name of the feature that has its shape, or the names of its sizes.
        shape: its shape, instead; as it is parsed if both are None.
        default_value: what stands where a sparse feature has nothing.

    Raises:
        ValueError: if there are both `shape_keys` and `shape`.
    """

    def __init__(
        self,
        tensor_key: str,
        shape_keys: Any = None,
        shape: Any = None,
        default_value: Any = 0,
    ) -> None:
        if shape_keys and shape is not None:
            raise ValueError("Cannot specify both shape_keys and shape parameters.")
        sizes = shape_keys or []
        self._shape_keys = list(sizes) if isinstance(sizes, (list, tuple)) else [sizes]
        self._tensor_key = tensor_key
        self._shape = shape
        self._default_value = default_value
        super().__init__([tensor_key, *self._shape_keys])

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return the feature."""
        tensor, sizes = keys_to_tensors[self._tensor_key], self._shape
        if self._shape_keys:
            parts = [_dense(keys_to_tensors[key]) for key in self._shape_keys]
            sizes = reshape(stack(parts), [-1])
        if not isinstance(tensor, SparseValues):
            return tensor if sizes is None else reshape(tensor, sizes)
        shaped = tensor if sizes is None else sparse_reshape(tensor, sizes)
        return sparse_tensor_to_dense(shaped, self._default_value)


class LookupTensor(Tensor):
    """Gives what a table has for a feature; other arguments as of Tensor.

    Args:
        tensor_key: the feature's name.
        table: a `tf.lookup` table.
    """

    def __init__(
        self,
        tensor_key: str,
        table: Any,
        shape_keys: Any = None,
        shape: Any = None,
        default_value: Any = "",
    ) -> None:
        self._table = table
        super().__init__(tensor_key, shape_keys, shape, default_value)

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return what the table has."""
        return self._table.lookup(super().tensors_to_item(keys_to_tensors))


class BackupHandler(ItemHandler):
    """Gives another item where the first one is empty.

    Args:
        handler: the handler to begin with.
        backup: the handler for examples of which `handler` makes nothing.

    Raises:
        ValueError: if one is no ItemHandler.
    """

    def __init__(self, handler: ItemHandler, backup: ItemHandler) -> None:
        for name, each in (("Primary", handler), ("Backup", backup)):
            if not isinstance(each, ItemHandler):
                raise ValueError(f"{name} handler is of type {type(each)} instead of ItemHandler")
        self._handler, self._backup = handler, backup
        super().__init__(handler.keys + backup.keys)

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return the item of the first handler, or of the second."""
        item = self._handler.tensors_to_item(keys_to_tensors)
        return cond(
            equal(reduce_prod(shape_of(item)), 0),
            lambda: self._backup.tensors_to_item(keys_to_tensors),
            lambda: item,
        )


class SparseTensor(ItemHandler):
    """Makes a SparseTensor of features that have its indices and values.

    Args:
        indices_key: the name of the indices along the last dimension; "indices" if None.
        values_key: the name of the values; "values" if None.
        shape_key: the name of the shape.
        shape: the shape, instead; that of the indices if both are None.
        densify: whether to give a dense tensor.
        default_value: what stands where a dense one has nothing.
    """

    def __init__(
        self,
        indices_key: str | None = None,
        values_key: str | None = None,
        shape_key: str | None = None,
        shape: Any = None,
        densify: bool = False,
        default_value: Any = 0,
    ) -> None:
        self._indices_key = indices_key or "indices"
        self._values_key = values_key or "values"
        self._shape_key = shape_key
        self._shape = shape
        self._densify = densify
        self._default_value = default_value
        super().__init__([self._indices_key, self._values_key, *([shape_key] if shape_key else [])])

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return the SparseTensor, or the dense one."""
        indices = keys_to_tensors[self._indices_key]
        sizes = self._shape or indices.dense_shape
        if self._shape_key:
            sizes = _dense(keys_to_tensors[self._shape_key])
        rank = shape_of(indices.indices)[1]
        lead = slice(indices.indices, [0, 0], stack([-1, rank - 1]))
        last = reshape(cast(indices.values, dtypes.int64), [-1, 1])
        values = keys_to_tensors[self._values_key].values
        made = SparseValues(concat([lead, last], 1), values, sizes)
        return sparse_tensor_to_dense(made, self._default_value) if self._densify else made


class Image(ItemHandler):
    """Decodes a picture: JPEG, PNG, GIF or BMP by its first bytes, or raw numbers.

    Args:
        image_key: the name of its bytes; "image/encoded" if None.
        format_key: the name of its format; "image/format" if None.  Only "raw" matters.
        shape: [height, width, channels], where all pictures have one shape.
        channels: how many channels it has.
        dtype: of the picture.
        repeated: whether the feature has several pictures.
        dct_method: how a JPEG is decoded.
    """

    def __init__(
        self,
        image_key: str | None = None,
        format_key: str | None = None,
        shape: Any = None,
        channels: int = 3,
        dtype: Any = dtypes.uint8,
        repeated: bool = False,
        dct_method: str = "",
    ) -> None:
        self._image_key = image_key or "image/encoded"
        self._format_key = format_key or "image/format"
        super().__init__([self._image_key, self._format_key])
        self._shape = shape
        self._channels = channels
        self._dtype = dtype
        self._repeated = repeated
        self._dct_method = dct_method

    def tensors_to_item(self, keys_to_tensors: Mapping[str, Any]) -> Any:
        """Return the picture [height, width, channels], or several of one shape."""
        contents, form = keys_to_tensors[self._image_key], keys_to_tensors[self._format_key]
        if self._repeated:
            return map_fn(lambda each: self._decode(each, form), contents, dtype=self._dtype)
        return self._decode(contents, form)

    def _decode(self, contents: Symbolic, form: Symbolic) -> Symbolic:
        """Return the picture of some bytes."""

        def jpeg() -> Any:
            picture = decode_jpeg(contents, self._channels, dct_method=self._dct_method)
            return cast(picture, self._dtype)

        def other() -> Any:
            return cast(decode_image(contents, self._channels), self._dtype)

        def encoded() -> Any:
            return cond(is_jpeg(contents), jpeg, other, name="cond_jpeg")

        def raw() -> Any:
            return decode_raw(contents, self._dtype)

        is_raw = logical_or(equal(form, "raw"), equal(form, "RAW"))
        picture = case([(is_raw, raw)], default=encoded, exclusive=True)
        picture.set_shape([None, None, self._channels])
        return picture if self._shape is None else reshape(picture, self._shape)


class TFExampleDecoder(DataDecoder):
    """Makes items of a `tf.train.Example`.

    Args:
        keys_to_features: what `tf.parse_single_example` is to parse.
        items_to_handlers: the handler of each item.
    """

    def __init__(
        self, keys_to_features: Mapping[str, Any], items_to_handlers: Mapping[str, ItemHandler]
    ) -> None:
        self._keys_to_features = keys_to_features
        self._items_to_handlers = items_to_handlers

    def list_items(self) -> list[str]:
        """Return the names of all items."""
        return list(self._items_to_handlers)

    def decode(self, data: Any, items: Sequence[str] | None = None) -> list[Any]:
        """Return a tensor for each item.

        Args:
            data: the example, serialized.
            items: names of the items; all if None.
        """
        example = parse_single_example(data, self._keys_to_features)
        for key in sorted(self._keys_to_features):
            feature = self._keys_to_features[key]
            if isinstance(feature, FixedLenFeature):
                example[key] = reshape(example[key], feature.shape)
        handlers = [self._items_to_handlers[each] for each in items or self.list_items()]
        return [each.tensors_to_item({key: example[key] for key in each.keys}) for each in handlers]


def _dense(value: Any) -> Any:
    return sparse_tensor_to_dense(value) if isinstance(value, SparseValues) else value
