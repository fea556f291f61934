"""Names of devices: parsing, writing, merging as TensorFlow does; new types of devices."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import devices, dtypes, errors, ops
from minitf.devices import DeviceSpec

PARTS = (
    *("/job:ps", "/job:worker", "/replica:1", "/task:0", "/task:12", "/cpu:0", "/gpu:*", "/GPU:3"),
    *("/device:CPU:1", "/device:GPU:*", "/device:FAKE:2", "/tpu", "/CPU", ""),
)
ODD = (
    *("/", "//", "cpu:0", "job:ps", "gpu", "/job:ps/", "/job", "/task:x", "/foo:1", "/device:CPU"),
    *(
        "/device:CPU:x",
        "/cpu:0/gpu:1",
        "/job:a/job:b",
        "nonsense",
        "/cpu:0 ",
        "/job:a b",
        "/fake:0",
    ),
    *("/replica:", "/device::0", "/cpu:0:1", "/job:my-job", "/job:j.1"),
)
SPECS = st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
FIELDS = ("job", "replica", "task", "device_type", "device_index")


def parsed(api, text):
    """Return the parts of a specification and how it is written, or that it is none."""
    try:
        spec = api.DeviceSpec.from_string(text)
    except ValueError:
        return "refused"
    return [getattr(spec, field) for field in FIELDS], spec.to_string()


@pytest.mark.tensorflow
@pytest.mark.paper("W-12")
@given(text=st.one_of(SPECS, st.sampled_from(ODD)))
def test_a_name_is_read_and_written_as_in_tensorflow(tensorflow, text):
    assert parsed(tf, text) == parsed(tensorflow, text)


@pytest.mark.tensorflow
@pytest.mark.paper("W-12")
@given(one=SPECS, other=SPECS)
def test_specifications_merge_as_in_tensorflow(tensorflow, one, other):
    found = []
    for api in (tf, tensorflow):
        try:
            spec, change = (api.DeviceSpec.from_string(text) for text in (one, other))
        except ValueError:
            found.append("refused")
            continue
        made = spec.make_merged_spec(change).to_string()
        spec.merge_from(change)
        found.append((made, spec.to_string(), change.to_string()))

    assert found[0] == found[1]


@pytest.mark.paper("W-12")
@given(
    job=st.one_of(st.none(), st.sampled_from(["ps", "worker", "localhost"])),
    numbers=st.tuples(*[st.one_of(st.none(), st.integers(0, 99))] * 3),
    device_type=st.one_of(st.none(), st.sampled_from(["CPU", "GPU", "TPU", "FAKE"])),
)
def test_what_is_written_is_read_again(job, numbers, device_type):
    replica, task, index = numbers
    spec = DeviceSpec(job, replica, task, device_type, index if device_type else None)
    again = DeviceSpec.from_string(spec.to_string())

    assert again == spec
    assert hash(again) == hash(spec)
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert DeviceSpec().parse_from_string(spec.to_string()) == spec


@pytest.mark.paper("W-12")
@given(spec=SPECS, full=st.sampled_from(["/job:ps/replica:1/task:0/device:CPU:0"]))
def test_a_full_name_fits_a_partial_one_if_merging_it_changes_nothing(spec, full):
    try:
        partial = DeviceSpec.from_string(spec)
    except ValueError:
        return
    whole = DeviceSpec.from_string(full)

    assert partial.matches(whole) == (whole.merged(partial) == whole)


def test_parts_can_be_replaced():
    spec = DeviceSpec(job="ps", task=1)

    assert spec.replace(task=2).to_string() == "/job:ps/task:2"
    assert spec.to_string() == "/job:ps/task:1"


@pytest.mark.paper("W-12", "W-05")
def test_a_device_of_a_type_of_its_own_has_its_own_kernels():
    class Fake:
        """A device that doubles what its kernels give."""

        name = "/job:localhost/task:0/device:FAKE:0"
        device_type = "FAKE"

        def kernel(self, op_def, attrs):
            found = op_def.find_kernel(self.device_type, attrs)
            if found is None:
                raise errors.InvalidArgumentError(None, None, f"no kernel for {op_def.name}")
            return found.function

    @ops.softsign_op.kernel("FAKE", T=(dtypes.float32,))
    def softsign_fake(features):
        return features * 2

    device = Fake()
    with tf.device("/device:FAKE:0"):
        y = ops.softsign_op(np.float32([1, 2]))

    assert y.device == "/device:FAKE:0"
    assert DeviceSpec.from_string(y.device).matches(DeviceSpec.from_string(device.name))
    assert device.kernel(ops.softsign_op, y.op.attrs)(3) == 6
    with pytest.raises(errors.InvalidArgumentError, match="no kernel for Neg"):
        device.kernel(ops.neg_op, {"T": dtypes.float32})
    ops.softsign_op.kernels.pop()


@pytest.mark.paper("W-12")
def test_the_cpu_is_there_under_its_full_name():
    (cpu,) = [each for each in devices.local_devices() if each.device_type == "CPU"]

    assert DeviceSpec.from_string("/cpu:0").matches(DeviceSpec.from_string(cpu.name))
    assert DeviceSpec.from_string(cpu.name).job == "localhost"
