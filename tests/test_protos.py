"""The messages are TensorFlow 1.15's, to the bit, and cost nothing until one is touched."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from hypothesis import given
from hypothesis import strategies as st

from minitf import protos, schema
from minitf.schema.grammar import Enum

ENUMS = sorted(name for name, table in schema.TABLES.items() if issubclass(table, Enum))
OF_TENSORBOARD = {"EmbeddingInfo", "ProjectorConfig", "SpriteMetadata"}  # not TensorFlow's own
MESSAGES = sorted(set(schema.TABLES) - set(ENUMS) - OF_TENSORBOARD)

# What TensorFlow added to these messages after 1.15.
NEWER_FIELDS = {
    "TrackableObjectGraph.TrackableObject": {"has_checkpoint_values", "registered_saver"},
    "ConfigProto": {"pluggable_device_options", "share_cluster_devices_in_session"},
    "ConfigProto.Experimental": {
        "backend_server_port",
        "coordination_config",
        "disable_eager_executor_streaming_enqueue",
        "disable_functional_ops_lowering",
        "disable_optimize_for_static_graph",
        "disable_output_partition_graphs",
        "enable_mlir_bridge",
        "enable_mlir_graph_optimization",
        "enable_multi_host",
        "finalize_function_library_runtime",
        "finalize_resource_manager",
        "mlir_bridge_rollout",
        "online_cost_analysis",
        "stream_merge_threshold",
        "target_gpu",
        "target_tpu",
        "tf2xla_dump_dir",
        "tfrt_use_ifrt",
        "use_tfrt",
        "xla_fusion_autotuner_thresh",
        "xla_prefer_single_graph_cluster",
    },
    "CostGraphDef": {"cost"},
    "DeviceAttributes": {"xla_global_id"},
    "Event": {"source_metadata"},
    "FunctionDef": {"resource_arg_unique_id"},
    "FunctionDefLibrary": {"registered_gradients"},
    "GPUOptions.Experimental": {
        "disallow_retry_on_allocation_failure",
        "gpu_host_mem_disallow_growth",
        "gpu_host_mem_limit_in_mb",
        "gpu_system_memory_size_in_mb",
        "internal_fragmentation_fraction",
        "node_id",
        "num_virtual_devices_per_gpu",
        "populate_pjrt_gpu_client_creation_info",
        "stream_merge_options",
        "use_cuda_malloc_async",
    },
    "GPUOptions.Experimental.VirtualDevices": {"device_ordinal", "priority"},
    "GraphDef": {"debug_info"},
    "MetaGraphDef.MetaInfoDef": {"function_aliases"},
    "NodeDef": {"experimental_type"},
    "OpDef": {"is_distributed_communication"},
    "OpDef.ArgDef": {"experimental_full_type", "handle_data"},
    "OptimizerOptions": {"cpu_global_jit"},
    "RPCOptions": {"num_channels_per_target"},
    "RewriterConfig": {
        "auto_mixed_precision_cpu",
        "auto_mixed_precision_mkl",
        "auto_mixed_precision_onednn_bfloat16",
        "common_subgraph_elimination",
        "cpu_layout_conversion",
        "disable_tfg_optimizer",
        "experimental_conditional_code_motion",
        "experimental_disable_compressed_tensor_optimization",
        "experimental_disable_folding_quantization_emulation",
        "use_plugin_optimizers",
    },
    "RunMetadata": {"session_metadata"},
    "RunOptions.Experimental": {"run_handler_pool_options"},
    "FunctionSpec": {"jit_compile"},
    "SavedBareConcreteFunction": {"function_spec"},
    "SavedObject": {
        "captured_tensor",
        "dependencies",
        "registered_name",
        "registered_saver",
        "saveable_objects",
        "serialized_user_proto",
    },
    "SavedVariable": {"device", "experimental_distributed_variable_components"},
    "ServerDef": {"cluster_device_filters", "port", "replica"},
    "SignatureDef": {"defaults"},
    "StructuredValue": {"bounded_tensor_spec_value", "numpy_value", "tensor_value"},
    "SummaryMetadata": {"data_class"},
    "TensorProto": {"float8_val"},
    "TypeSpecProto": {"num_flat_components"},
}
# What TensorFlow has removed after 1.15.
GONE_FIELDS = {"TrackableObjectGraph.TrackableObject.SerializedTensor": {"optional_restore"}}
# What 1.15 has and we leave out: values of several tensors.
LEFT_OUT = {"TensorInfo": {"composite_tensor"}}
NEWER_NUMBERS = ("DT_FLOAT8", "DT_FLOAT4", "DT_INT4", "DT_UINT4", "DT_INT2", "DT_UINT2")
NEWER_NUMBERS += ("EXPERIMENTAL_MLIR", "EXPERIMENTAL_BOTH")
NEWER_NUMBERS += ("VARIABLE_SPEC", "ROW_PARTITION_SPEC", "REGISTERED_TYPE_SPEC")
NEWER_NUMBERS += ("EXTENSION_TYPE_SPEC",)

# TensorFlow's files that its own import need not load.
FILES = (
    "core.framework.cost_graph_pb2",
    "core.framework.device_attributes_pb2",
    "core.framework.reader_base_pb2",
    "core.framework.summary_pb2",
    "core.framework.tensor_slice_pb2",
    "core.profiler.tfprof_log_pb2",
    "core.profiler.tfprof_output_pb2",
    "core.protobuf.control_flow_pb2",
    "core.protobuf.device_properties_pb2",
    "core.protobuf.queue_runner_pb2",
    "core.protobuf.saved_model_pb2",
    "core.protobuf.saved_object_graph_pb2",
    "core.protobuf.struct_pb2",
    "core.protobuf.tensor_bundle_pb2",
    "core.protobuf.tensorflow_server_pb2",
    "core.util.event_pb2",
    "core.util.saved_tensor_slice_pb2",
    "core.example.example_pb2",
    "python.training.checkpoint_state_pb2",
)


@pytest.fixture(scope="session")
def theirs(tensorflow: ModuleType) -> Any:
    """Return TensorFlow's own classes by name."""
    for file in FILES:
        importlib.import_module(f"tensorflow.{file}")

    def message_class(name: str) -> Any:
        found = descriptor_pool.Default().FindMessageTypeByName(f"tensorflow.{name}")
        return message_factory.GetMessageClass(found)

    return message_class


def with_nested(descriptor: Descriptor) -> Iterator[Descriptor]:
    yield descriptor
    for inner in descriptor.nested_types:
        yield from with_nested(inner)


def our_descriptors() -> list[Descriptor]:
    return [d for name in MESSAGES for d in with_nested(getattr(protos, name).DESCRIPTOR)]


def local_name(descriptor: Any) -> str:
    return descriptor.full_name.removeprefix("tensorflow.")


def described(descriptor: Descriptor) -> dict[str, Any]:
    """Return each field's number, label, type, type name, oneof and whether it is packed."""
    proto = descriptor_pb2.DescriptorProto()
    descriptor.CopyToProto(proto)
    fields = {}
    for field in proto.field:
        one_of = proto.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else None
        packed = descriptor.fields_by_name[field.name].is_packed
        fields[field.name] = field.number, field.label, field.type, field.type_name, one_of, packed
    return fields


# --- The same as TensorFlow's ---------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", MESSAGES)
def test_fields_are_those_of_tensorflow(name: str, theirs: Any) -> None:
    for ours in with_nested(getattr(protos, name).DESCRIPTOR):
        nested = local_name(ours)
        here, there = described(ours), described(theirs(nested).DESCRIPTOR)
        for field in GONE_FIELDS.get(nested, ()):
            del here[field]
        missing = there.keys() - here.keys()

        assert here == {field: there.get(field) for field in here}
        assert missing <= NEWER_FIELDS.get(nested, set()) | LEFT_OUT.get(nested, set())


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", MESSAGES)
def test_nested_types_are_those_of_tensorflow(name: str, theirs: Any) -> None:
    for ours in with_nested(getattr(protos, name).DESCRIPTOR):
        there = theirs(local_name(ours)).DESCRIPTOR

        assert set(ours.nested_types_by_name) <= set(there.nested_types_by_name)
        assert ours.GetOptions().map_entry == there.GetOptions().map_entry
        for enum_name, enum in ours.enum_types_by_name.items():
            assert_same_numbers(enum, there.enum_types_by_name[enum_name])


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ENUMS)
def test_enums_are_those_of_tensorflow(name: str, theirs: Any) -> None:
    ours = getattr(protos, name).DESCRIPTOR

    assert_same_numbers(ours, descriptor_pool.Default().FindEnumTypeByName(ours.full_name))


def assert_same_numbers(ours: Any, theirs: Any) -> None:
    here = {value.name: value.number for value in ours.values}
    there = {value.name: value.number for value in theirs.values}
    newer = {name: there[name] for name in there.keys() - here.keys()}

    assert here.items() <= there.items()
    assert list(here) == [name for name in there if name in here]
    assert all(name.startswith(NEWER_NUMBERS) for name in newer)


@pytest.mark.tensorflow
def test_what_we_deprecate_tensorflow_deprecates(theirs: Any) -> None:
    fields = [
        (local_name(ours), field.name)
        for ours in our_descriptors()
        for field in ours.fields
        if field.GetOptions().deprecated
    ]

    assert ("GraphDef", "version") in fields
    for message, field in fields:
        assert theirs(message).DESCRIPTOR.fields_by_name[field].GetOptions().deprecated


# --- Bytes ----------------------------------------------------------------------------------------

SCALARS = {
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_BYTES: st.binary(max_size=8),
    FieldDescriptor.TYPE_DOUBLE: st.floats(allow_nan=False),
    FieldDescriptor.TYPE_FIXED32: st.integers(0, 2**32 - 1),
    FieldDescriptor.TYPE_FIXED64: st.integers(0, 2**64 - 1),
    FieldDescriptor.TYPE_FLOAT: st.floats(allow_nan=False, width=32),
    FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_SINT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_STRING: st.text(max_size=8),
    FieldDescriptor.TYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: st.integers(0, 2**64 - 1),
}


def values(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from(sorted(field.enum_type.values_by_number))
    return SCALARS[field.type]


def fill(message: Message, draw: Any, fields: Any, depth: int = 4) -> Message:
    """Set the fields that `fields` chooses to values that `draw` takes from strategies."""
    for field in fields(message.DESCRIPTOR):
        target = getattr(message, field.name)
        if field.message_type is None:
            value = draw(values(field))
            if field.is_repeated:
                target.extend([value, draw(values(field))])
            else:
                setattr(message, field.name, value)
        elif field.message_type.GetOptions().map_entry:
            key, value = (field.message_type.fields_by_name[part] for part in ("key", "value"))
            if value.message_type is None:
                target[draw(values(key))] = draw(values(value))
            elif depth:
                fill(target[draw(values(key))], draw, fields, depth - 1)
        elif depth:
            inner = target.add() if field.is_repeated else target
            if not field.is_repeated:
                inner.SetInParent()
            fill(inner, draw, fields, depth - 1)
    return message


@st.composite
def messages(draw: Any) -> Message:
    """Draw any message with some of its fields set."""

    def some_fields(descriptor: Descriptor) -> list[FieldDescriptor]:
        if not descriptor.fields:
            return []
        return draw(st.lists(st.sampled_from(list(descriptor.fields)), max_size=3, unique=True))

    return fill(getattr(protos, draw(st.sampled_from(MESSAGES)))(), draw, some_fields)


def full_messages(name: str) -> list[Message]:
    """Return messages that between them have every field set: one per member of a oneof."""
    fixed = {
        strategy: value
        for (kind, strategy), value in zip(
            SCALARS.items(),
            (
                True,
                b"\x00\xff",
                -1.5,
                2**32 - 1,
                2**64 - 1,
                0.5,
                -(2**31),
                -(2**63),
                -5,
                "é",
                7,
                2**63,
            ),
            strict=True,
        )
    }

    def draw(strategy: Any) -> Any:
        return fixed.get(strategy, 1)

    made = []
    for choice in range(13):

        def chosen(descriptor: Descriptor, choice: int = choice) -> list[FieldDescriptor]:
            return [
                field
                for field in descriptor.fields
                if field.name not in GONE_FIELDS.get(local_name(descriptor), ())
                if (one_of := field.containing_oneof) is None
                or one_of.fields[choice % len(one_of.fields)] is field
            ]

        made.append(fill(getattr(protos, name)(), draw, chosen, depth=3))
    return made


def deterministic(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", MESSAGES)
def test_every_field_passes_to_tensorflow_and_back(name: str, theirs: Any) -> None:
    for ours in full_messages(name):
        there = theirs(local_name(ours.DESCRIPTOR)).FromString(ours.SerializeToString())
        back = type(ours).FromString(there.SerializeToString())

        assert text_format.MessageToString(there) == text_format.MessageToString(ours)
        assert deterministic(there) == deterministic(ours)
        assert back == ours


@pytest.mark.tensorflow
@given(ours=messages())
def test_bytes_are_those_of_tensorflow(ours: Message, theirs: Any) -> None:
    there = theirs(local_name(ours.DESCRIPTOR)).FromString(ours.SerializeToString())

    assert deterministic(there) == deterministic(ours)


@given(message=messages())
def test_a_message_survives_bytes_text_and_pickle(message: Message) -> None:
    text = text_format.MessageToString(message)

    assert type(message).FromString(message.SerializeToString()) == message
    assert text_format.Parse(text, type(message)()) == message
    assert pickle.loads(pickle.dumps(message)) == message


@pytest.mark.tensorflow
def test_fields_that_we_do_not_know_survive(theirs: Any) -> None:
    there = theirs("MetaGraphDef")()
    there.object_graph_def.nodes.add().user_object.identifier = "kept"
    there.graph_def.node.add(name="a").experimental_type.type_id = 3
    ours = protos.MetaGraphDef.FromString(there.SerializeToString())
    ours.meta_info_def.tags.append("serve")
    back = theirs("MetaGraphDef").FromString(ours.SerializeToString())

    assert back.object_graph_def == there.object_graph_def
    assert back.graph_def == there.graph_def
    assert back.meta_info_def.tags == ["serve"]


@given(data=st.binary(max_size=64), name=st.sampled_from(MESSAGES))
def test_bytes_that_are_no_message_are_refused_or_read(data: bytes, name: str) -> None:
    try:
        message = getattr(protos, name).FromString(data)
    except DecodeError:
        return

    assert type(message).FromString(message.SerializeToString()) is not None


# --- As programs use them -------------------------------------------------------------------------


def test_nested_names_are_reached_as_in_tensorflow() -> None:
    assert protos.RunOptions.FULL_TRACE == protos.RunOptions.TraceLevel.Value("FULL_TRACE") == 3
    assert protos.OptimizerOptions.ON_1 == protos.OptimizerOptions.GlobalJitLevel.ON_1 == 1
    assert protos.OptimizerOptions.L0 == -1
    assert protos.RewriterConfig.OFF == protos.RewriterConfig.Toggle.OFF
    assert protos.SaverDef.V2 == protos.SaverDef.CheckpointFormatVersion.V2
    assert protos.SessionLog.START == 1
    assert protos.DataType.Name(protos.DataType.DT_BFLOAT16) == "DT_BFLOAT16"
    assert protos.Summary.Value(tag="loss", simple_value=0.5).WhichOneof("value") == "simple_value"
    assert protos.AttrValue.ListValue(i=[1, 2]).i == [1, 2]


def test_a_session_is_configured_as_tutorials_do() -> None:
    config = protos.ConfigProto(
        device_count={"GPU": 0},
        allow_soft_placement=True,
        gpu_options=protos.GPUOptions(per_process_gpu_memory_fraction=0.25),
    )
    config.gpu_options.allow_growth = True
    config.graph_options.optimizer_options.global_jit_level = protos.OptimizerOptions.ON_1
    config.graph_options.rewrite_options.layout_optimizer = protos.RewriterConfig.OFF

    assert config.device_count == {"GPU": 0}
    assert config.gpu_options.per_process_gpu_memory_fraction == 0.25
    assert not config.HasField("cluster_def")


def test_an_attribute_set_to_its_default_stays_set() -> None:
    value = protos.AttrValue(b=False)

    assert value.WhichOneof("value") == "b"
    assert protos.AttrValue.FromString(value.SerializeToString()).WhichOneof("value") == "b"


def test_any_messages_are_packed_and_unpacked() -> None:
    collection = protos.CollectionDef()
    collection.any_list.value.add().Pack(protos.NodeDef(name="a"))
    node = protos.NodeDef()

    assert collection.any_list.value[0].Unpack(node)
    assert node.name == "a"


def test_classes_say_where_they_live() -> None:
    assert repr(protos.GraphDef) == "<class 'minitf.protos.GraphDef'>"
    assert repr(protos.Summary.Value) == "<class 'minitf.protos.Summary.Value'>"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'GrapDef'"):
        protos.GrapDef  # noqa: B018  # the access is the test


def run_python(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)


def test_importing_and_listing_load_no_protobuf() -> None:
    run_python(
        "import sys\n"
        "from minitf import protos\n"
        "assert 'GraphDef' in dir(protos)\n"
        "assert not hasattr(protos, 'Nothing')\n"
        "assert not any(name.startswith('google') for name in sys.modules)\n"
        "protos.GraphDef\n"
        "assert 'google.protobuf' in sys.modules\n"
        "assert 'tensorflow' not in sys.modules\n"
    )


def test_threads_that_touch_first_see_the_same_classes() -> None:
    run_python(
        "import threading\n"
        "from minitf import protos\n"
        "start = threading.Barrier(8)\n"
        "seen = []\n"
        "def touch():\n"
        "    start.wait()\n"
        "    seen.append(protos.NodeDef)\n"
        "threads = [threading.Thread(target=touch) for _ in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "assert len(seen) == 8 and len(set(seen)) == 1\n"
        "assert protos.GraphDef().node.add().__class__ is protos.NodeDef\n"
    )
