"""A predictor: a signature of a SavedModel, called like a function.

    predict = tf.contrib.predictor.from_saved_model("my_model/1")
    predict({"x": [[1.0, 2.0]]})["scores"]

Source: TensorFlow 1.15's tf.contrib.predictor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.graph import Graph
from minitf.saved_model import loader
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.saved_model.tag_constants import SERVING
from minitf.saved_model.utils import get_tensor_from_tensor_info
from minitf.session.session import Session


class SavedModelPredictor:
    """A loaded graph with the tensors to feed and those to fetch; `from_saved_model` makes it.

    Args:
        session: the session that holds the variables.
        feed_tensors: name -> Tensor.
        fetch_tensors: name -> Tensor.
    """

    def __init__(
        self, session: Session, feed_tensors: dict[str, Any], fetch_tensors: dict[str, Any]
    ) -> None:
        self.session = session
        self.feed_tensors = feed_tensors
        self.fetch_tensors = fetch_tensors

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self.session.graph

    def __call__(self, input_dict: Mapping[str, Any]) -> dict[str, Any]:
        """Return all outputs by name.

        Args:
            input_dict: name -> value; inputs that are missing, or None, are not fed.

        Raises:
            ValueError: if there is no input of a name.
        """
        unexpected = set(input_dict) - set(self.feed_tensors)
        if unexpected:
            raise ValueError(
                f"Got unexpected keys in input_dict: {unexpected}\n"
                f"expected: {set(self.feed_tensors)}"
            )
        feeds = {
            self.feed_tensors[name]: value
            for name, value in input_dict.items()
            if value is not None
        }
        found: dict[str, Any] = self.session.run(self.fetch_tensors, feeds)
        return found

    def __repr__(self) -> str:
        """Name the tensors."""
        return (
            f"{type(self).__name__} with feed tensors {self.feed_tensors} and fetch_tensors "
            f"{self.fetch_tensors}"
        )


def from_saved_model(
    export_dir: Any,
    signature_def_key: str | None = None,
    signature_def: Any = None,
    input_names: Mapping[str, str] | None = None,
    output_names: Mapping[str, str] | None = None,
    tags: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> SavedModelPredictor:
    """Return a function that asks a SavedModel: dict of values by name -> dict of values by name.

    What is fed and fetched is told by a signature of the model, or by a SignatureDef, or by names
    of tensors; by default it is the signature "serving_default".

    Args:
        export_dir: the model's folder.
        signature_def_key: the name of a signature.
        signature_def: a SignatureDef.
        input_names: name -> name of a tensor in the graph.
        output_names: name -> name of a tensor in the graph.
        tags: the graph's tags, with commas between them; "serve" by default.
        graph: where to import it, a graph of its own by default.
        config: the session's ConfigProto.

    Raises:
        ValueError: if more than one of these is given, or there is no such signature.
        OSError: if there is no SavedModel.
        RuntimeError: if it has no graph of these tags.
    """
    if (input_names is None) != (output_names is None):
        raise ValueError(
            "input_names and output_names must both be specified or both be unspecified."
        )
    if sum(each is not None for each in (signature_def_key, signature_def, input_names)) > 1:
        raise ValueError(
            "You must specify at most one of signature_def_key OR signature_def OR"
            "(input_names AND output_names)."
        )
    session = Session(graph=graph or Graph(), config=config)
    meta_graph = loader.load(session, (tags or SERVING).split(","), export_dir)
    if input_names is not None and output_names is not None:
        return SavedModelPredictor(
            session,
            *(
                {key: session.graph.get_tensor_by_name(name) for key, name in names.items()}
                for names in (input_names, output_names)
            ),
        )
    if signature_def is None:
        key = signature_def_key or DEFAULT_SERVING_SIGNATURE_DEF_KEY
        if key not in meta_graph.signature_def:
            raise ValueError(
                f'Got signature_def_key "{key}". Available signatures are '
                f"{sorted(meta_graph.signature_def)}."
            )
        signature_def = meta_graph.signature_def[key]
    return SavedModelPredictor(
        session,
        *(
            {key: get_tensor_from_tensor_info(info, session.graph) for key, info in infos.items()}
            for infos in (signature_def.inputs, signature_def.outputs)
        ),
    )
