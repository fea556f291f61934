"""What import paths of distributions and of tests' own tools have besides the public names.

Of `pywrap_tensorflow` too.  A part of the table in `minitf.compat.inner_names`.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

TEST_TOOLS: dict[str, dict[str, str]] = {
    "kernel_tests.random.util": {  # pytest would take the names for tests of its own
        "minitf.compat.internal.random_test_util": (
            "test_moment_matching=moment_matching test_truncated_normal=check_truncated_normal"
        ),
    },
}
_OF_PYWRAP = {
    "minitf.compat.gfile": (
        "CopyFile=Copy CreateDir=MkDir DeleteFile=Remove DeleteRecursively FileStatistics "
        "GetChildren=ListDirectory GetMatchingFiles=Glob RecursivelyCreateDir=MakeDirs "
        "RenameFile=Rename Stat"
    ),
    "minitf.compat.internal.data_nest": (
        "AssertSameStructureForData=assert_same_structure FlattenForData=flatten "
        "IsSequenceForData=is_sequence"
    ),
    "minitf.compat.internal.file_io": "WriteStringToFile=write_string_to_file",
    "minitf.compat.internal.nest": "IsSequenceOrComposite=is_sequence_or_composite",
    "minitf.graph_def": (
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER"
    ),
    "minitf.nest": (
        "AssertSameStructure=assert_same_structure Flatten=flatten IsSequence=is_nested"
    ),
    "minitf.train.graph_quantization": "do_quantize_training_on_graphdef",
}
PYWRAP: dict[str, dict[str, str]] = {
    "pywrap_tensorflow": _OF_PYWRAP,
    "pywrap_tensorflow_internal": _OF_PYWRAP,
}
_POSITIVE = "minitf.distributions.positive"
DISTRIBUTIONS: dict[str, dict[str, str]] = {
    "ops.distributions.beta": {_POSITIVE: "BetaWithSoftplusConcentration"},
    "ops.distributions.exponential": {_POSITIVE: "ExponentialWithSoftplusRate"},
    "ops.distributions.gamma": {_POSITIVE: "GammaWithSoftplusConcentrationRate"},
    "ops.distributions.laplace": {_POSITIVE: "LaplaceWithSoftplusScale"},
    "ops.distributions.normal": {_POSITIVE: "NormalWithSoftplusScale"},
    "ops.distributions.student_t": {_POSITIVE: "StudentTWithAbsDfSoftplusScale"},
    "ops.distributions.kullback_leibler": {
        "minitf.distributions.divergence": "cross_entropy",
    },
}
"""Import path -> module -> names, as in `minitf.compat.inner_names`."""
