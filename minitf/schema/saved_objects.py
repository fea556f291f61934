"""The objects of a SavedModel: what `tf.saved_model.save` writes beside the graph.

Source: TensorFlow 1.15, `saved_object_graph.proto`.
"""

from __future__ import annotations

from minitf.schema.checkpoint import TrackableObjectGraph
from minitf.schema.grammar import Message, OneOf, bool_, int32, int64, mapping, repeated, string
from minitf.schema.graph import VersionDef
from minitf.schema.structures import StructuredValue
from minitf.schema.tensor import DataType, TensorShapeProto
from minitf.schema.training import VariableAggregation, VariableSynchronization


class SavedUserObject(Message):
    """An object of a Python class."""

    identifier = string(1)
    version = VersionDef(2)
    metadata = string(3)


class SavedAsset(Message):
    """A file, by its place in the list of the MetaGraphDef."""

    asset_file_def_index = int32(1)


class FunctionSpec(Message):
    """The signature of a Python function."""

    fullargspec = StructuredValue(1)
    is_method = bool_(2)
    input_signature = StructuredValue(5)


class SavedFunction(Message):
    """A `tf.function`, with the graphs that it was traced to."""

    concrete_functions = repeated(string(1))
    function_spec = FunctionSpec(2)


class SavedVariable(Message):
    """A variable; its value is in the checkpoint."""

    dtype = DataType(1)
    shape = TensorShapeProto(2)
    trainable = bool_(3)
    synchronization = VariableSynchronization(4)
    aggregation = VariableAggregation(5)
    name = string(6)


class SavedBareConcreteFunction(Message):
    """A function that is one graph, called by the names of its arguments."""

    concrete_function_name = string(1)
    argument_keywords = repeated(string(2))
    allowed_positional_arguments = int64(3)


class SavedConstant(Message):
    """A value that functions captured: an operation of the graph."""

    operation = string(1)


class SavedResource(Message):
    """A table or the like, made by functions that are its parts."""

    device = string(1)


class SavedConcreteFunction(Message):
    """A graph of a function: which objects it captured, what it takes and returns."""

    bound_inputs = repeated(int32(2))
    canonicalized_input_signature = StructuredValue(3)
    output_signature = StructuredValue(4)


class SavedObject(Message):
    """An object: its parts, and what it is."""

    children = repeated(TrackableObjectGraph.TrackableObject.ObjectReference(1))
    slot_variables = repeated(TrackableObjectGraph.TrackableObject.SlotVariableReference(3))
    kind = OneOf(
        user_object=SavedUserObject(4),
        asset=SavedAsset(5),
        function=SavedFunction(6),
        variable=SavedVariable(7),
        bare_concrete_function=SavedBareConcreteFunction(8),
        constant=SavedConstant(9),
        resource=SavedResource(10),
    )


class SavedObjectGraph(Message):
    """The objects, the root first, and the graphs of their functions by name."""

    nodes = repeated(SavedObject(1))
    concrete_functions = mapping(string, SavedConcreteFunction(2))
