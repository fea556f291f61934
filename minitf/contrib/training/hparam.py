"""Hyperparameters: names with values that keep their types, read from text and from JSON.

    hparams = HParams(learning_rate=0.1, sizes=[64, 32], activation="relu")
    hparams.parse("learning_rate=0.05,sizes=[128,64],activation=tanh")
    hparams.sizes                                  # [128, 64]

The text of `parse` is `name=value`, `name=[value,value]` and `name[index]=value`, with commas
between.

Source: TensorFlow 1.15's `tf.contrib.training.HParams`.
"""

from __future__ import annotations

import json
import numbers
import re
from collections.abc import Callable, Mapping
from typing import Any

from minitf.compat.text import as_str

_CLAUSE = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(?:\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"(?:\[(?P<values>[^\]]*)\]|(?P<value>[^,\[]*))\s*(?:$|,\s*)"
)
_TRUE, _FALSE = ("true", "True", "1"), ("false", "False", "0")


class HParams:
    """Hyperparameters as attributes.

    Args:
        hparam_def: not supported: a message that TensorFlow's own tools write.
        model_structure: whatever describes the model; kept beside the parameters.
        **kwargs: names and first values; a value's type is what later values must have.

    Raises:
        ValueError: if a list is empty, or a name is one of HParams itself.

    Source: TensorFlow 1.15.
    """

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            raise ValueError("hparam_def is not supported: give the values as keywords")
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Add a parameter.

        Raises:
            ValueError: if the name is taken, or the value is an empty list.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, (list, tuple)):
            if not value:
                raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
            self._hparam_types[name] = type(value[0]), True
        else:
            self._hparam_types[name] = type(value), False
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Change a parameter; the value is brought to the type that it has.

        Raises:
            KeyError: if there is none.
            ValueError: if the value has another type, or a list is given for one value.
        """
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list):
            if not is_list:
                raise ValueError(f"Must not pass a list for single-valued parameter: {name}")
            setattr(self, name, [_cast(name, kind, each) for each in value])
        else:
            if is_list:
                raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
            setattr(self, name, _cast(name, kind, value))

    def del_hparam(self, name: str) -> None:
        """Take a parameter away, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Change parameters by a text, `a=1,b=[2,3],c[0]=4`, and return self.

        Raises:
            ValueError: if the text is no such, or names what is not there.
        """
        types = {name: kind for name, (kind, _) in self._hparam_types.items()}
        return self.override_from_dict(self._by_index(parse_values(values, types)))

    def _by_index(self, parsed: dict[str, Any]) -> dict[str, Any]:
        """Put the values that are given by index into the lists that are there."""
        found = {}
        for name, value in parsed.items():
            if isinstance(value, dict):
                whole = list(getattr(self, name))
                for index, element in value.items():
                    if index >= len(whole):
                        raise ValueError(f"Index {index} of {name} is out of range: {whole}")
                    whole[index] = element
                found[name] = whole
            else:
                found[name] = value
        return found

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Change parameters by a dict, and return self.

        Raises:
            KeyError: if a name is not there.
            ValueError: if a value has another type.
        """
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_model_structure(self, model_structure: Any) -> None:
        """Keep another description of the model."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """Return the description of the model."""
        return self._model_structure

    def to_json(
        self,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        """Return the parameters as JSON; functions among them are left out."""
        plain = {name: value for name, value in self.values().items() if not callable(value)}
        return json.dumps(plain, indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        """Change parameters by JSON, and return self.

        Raises:
            KeyError: if a name is not there.
            ValueError: if a value has another type, or the text is no JSON.
        """
        return self.override_from_dict(json.loads(values_json))

    def values(self) -> dict[str, Any]:
        """Return the parameters as a dict."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a parameter, or the default if there is none.

        Raises:
            ValueError: if the default has another type than the parameter.
        """
        if key not in self._hparam_types:
            return default
        if default is not None:
            kind, is_list = self._hparam_types[key]
            if isinstance(default, list) != is_list:
                raise ValueError(f"Could not cast default {default!r} to the kind of {key}")
            for each in default if is_list else [default]:
                _cast(key, kind, each)
        return getattr(self, key)

    def __contains__(self, key: str) -> bool:
        return key in self._hparam_types

    def __str__(self) -> str:
        return str(sorted(self.values().items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


def parse_values(values: str, type_map: Mapping[str, type]) -> dict[str, Any]:
    """Return what a text says of parameters of known types.

    Args:
        values: `name=value`, `name=[value,value]` and `name[index]=value`, with commas between.
        type_map: name -> type.

    Returns:
        Name -> value, list, or dict of index to value.

    Raises:
        ValueError: if the text is no such, names what is not there, or gives a value twice.
    """
    found: dict[str, Any] = {}
    position = 0
    while position < len(values):
        clause = _CLAUSE.match(values, position)
        if clause is None:
            raise ValueError(f"Malformed hyperparameter value: {values[position:]}")
        position = clause.end()
        name, index, listed = clause["name"], clause["index"], clause["values"]
        if name not in type_map:
            raise ValueError(f"Unknown hyperparameter type for {name}")
        read = _reader(type_map[name], name, values)
        if index is not None:
            if listed is not None:
                raise ValueError(f"A list is given for {name}[{index}]: {values}")
            elements = found.setdefault(name, {})
            if not isinstance(elements, dict) or int(index) in elements:
                raise ValueError(f"Multiple assignments to variable '{name}' in {values}")
            elements[int(index)] = read(clause["value"])
            continue
        if name in found:
            raise ValueError(f"Multiple assignments to variable '{name}' in {values}")
        if listed is None:
            found[name] = read(clause["value"])
        else:
            found[name] = [read(each) for each in re.split(r",\s*", listed.strip()) if each]
    return found


def _reader(kind: type, name: str, values: str) -> Callable[[str], Any]:
    """Return what reads one value of a type from text."""

    def read(text: str) -> Any:
        try:
            if kind is bool:
                if text not in (*_TRUE, *_FALSE):
                    raise ValueError(text)
                return text in _TRUE
            return text if kind is str else kind(text)
        except ValueError:
            raise ValueError(
                f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}' in "
                f"{values}"
            ) from None

    return read


def _cast(name: str, kind: type, value: Any) -> Any:
    """Bring a value to a parameter's type where nothing is lost.

    Raises:
        ValueError: if it has another type.
    """
    wrong = f"Could not cast hparam '{name}' of type '{kind.__name__}' from value {value!r}"
    if kind is type(None) or value is None:
        return value
    if issubclass(kind, (str, bytes)):
        if not isinstance(value, (str, bytes)):
            raise ValueError(wrong)
        return as_str(value) if issubclass(kind, str) else value
    if issubclass(kind, bool) != isinstance(value, bool):
        raise ValueError(wrong)
    if issubclass(kind, numbers.Integral) and not isinstance(value, numbers.Integral):
        raise ValueError(wrong)
    if issubclass(kind, numbers.Number) and not isinstance(value, numbers.Number):
        raise ValueError(wrong)
    try:
        made: Any = kind
        return value if isinstance(value, kind) else made(value)
    except TypeError:
        raise ValueError(wrong) from None
