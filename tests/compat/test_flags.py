"""Flags are read from a command line as absl reads them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from minitf.compat import flags


@pytest.fixture
def table():
    """A table of its own with a flag of each kind."""
    values = flags.FlagValues()
    flags.DEFINE_string("name", "x", "a text", values, short_name="s")
    flags.DEFINE_integer("steps", 10, "a count", lower_bound=1, flag_values=values)
    flags.DEFINE_float("rate", 0.5, "a number", flag_values=values)
    flags.DEFINE_boolean("fast", False, "a choice", values)
    flags.DEFINE_enum("mode", "train", ["train", "eval"], "what to do", values)
    flags.DEFINE_list("layers", "1,2", "sizes", values)
    flags.DEFINE_spaceseplist("words", None, "words", values)
    flags.DEFINE_multi_integer("seed", [7], "seeds", values)
    return values


def test_defaults_hold_until_a_command_line_says_otherwise(table):
    rest = table(["program"])

    assert rest == ["program"]
    assert table.flag_values_dict() == {
        "name": "x", "s": "x", "steps": 10, "rate": 0.5, "fast": False, "mode": "train",
        "layers": ["1", "2"], "words": None, "seed": [7],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        ("--name=a=b", "name", "a=b"),
        ("--name a", "name", "a"),
        ("-name a", "name", "a"),
        ("-s a", "name", "a"),
        ("--name=", "name", ""),
        ("--name --fast", "name", "--fast"),
        ("--steps=0x10", "steps", 16),
        ("--rate 1e-3", "rate", 0.001),
        ("--fast", "fast", True),
        ("--nofast", "fast", False),
        ("--fast=T", "fast", True),
        ("--fast=0", "fast", False),
        ("--mode eval", "mode", "eval"),
        ('--layers=3,4 --layers=5,"6,7"', "layers", ["5", "6,7"]),
        ("--words=", "words", []),
        ("--seed=1 --seed 2", "seed", [1, 2]),
        ("--steps=2 --steps=3", "steps", 3),
    ],
)
def test_a_value_is_read(table, arguments, name, value):
    table(["program", *arguments.split(" ")])

    assert getattr(table, name) == value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps=many"], r"flag --steps=many: invalid literal for int"),
        (["--steps=0"], r"flag --steps=0: 0 is not at least 1"),
        (["--rate=x"], r"flag --rate=x: could not convert"),
        (["--fast=maybe"], r"flag --fast=maybe: Non-boolean argument to boolean flag"),
        (["--mode=rest"], r"flag --mode=rest: value should be one of <train\|eval>"),
    ],
)
def test_a_value_that_cannot_be_read_is_told(table, arguments, message):
    with pytest.raises(flags.IllegalFlagValueError, match=message):
        table(["program", *arguments])


def test_the_last_flag_needs_its_value(table):
    with pytest.raises(flags.Error, match="Missing value for flag --name"):
        table(["program", "--name"])


@pytest.mark.parametrize("argument", ["--unknown=3", "--nosteps", "--no"])
def test_an_unknown_flag_is_refused_or_left(table, argument):
    with pytest.raises(flags.UnrecognizedFlagError, match="Unknown command line flag"):
        table(["program", argument])

    assert table(["program", argument, "--steps=3"], known_only=True) == ["program", argument]
    assert table.steps == 3


def test_reading_stops_at_the_first_word_and_after_two_dashes(table):
    assert table(["p", "--steps=2", "word", "--steps=3"]) == ["p", "word", "--steps=3"]
    assert table(["p", "--", "--steps=3"]) == ["p", "--steps=3"]
    assert table.steps == 2


def test_a_flag_may_be_set_by_the_program(table):
    table.name = "set"

    assert table.name == "set"
    with pytest.raises(AttributeError, match="unknown"):
        table.unknown = 3
    with pytest.raises(AttributeError, match="unknown"):
        _ = table.unknown


def test_a_default_may_be_changed_and_yields_to_the_command_line(table):
    table(["program", "--steps=3"])
    flags.set_default("steps", 5, table)
    flags.set_default("name", "y", table)

    assert (table.steps, table.name) == (3, "y")
    assert table["steps"].default == 5


def test_arguments_have_their_old_names_too():
    table = flags.FlagValues()
    flags.DEFINE_string(flag_name="a", default_value="b", docstring="c", flag_values=table)

    assert (table["a"].default, table["a"].help) == ("b", "c")


def test_a_name_is_taken_once(table):
    with pytest.raises(flags.DuplicateFlagError, match="'steps' is defined twice"):
        flags.DEFINE_float("steps", 1.0, "again", flag_values=table)


def test_an_interactive_session_may_define_a_flag_again(table, monkeypatch):
    monkeypatch.setattr("minitf.compat.flag_values._INTERACTIVE", True)
    flags.DEFINE_float("steps", 2.5, "again", flag_values=table)

    assert table["steps"].default == 2.5


def test_required_flags_and_validators_are_checked(table):
    flags.mark_flags_as_required(["words"], table)
    flags.register_validator("rate", lambda rate: rate < 1, "must be below 1", table)
    with pytest.raises(flags.IllegalFlagValueError, match="--words must have a value"):
        table(["program"])
    with pytest.raises(flags.IllegalFlagValueError, match=r"rate=2\.0: must be below 1"):
        table(["program", "--words=a b", "--rate=2"])


def test_the_table_is_a_collection_of_flags(table):
    assert "rate" in table
    assert len(table) == len(list(table)) == 9
    assert "rate" in dir(table)
    assert sorted(table.__flags) == sorted(table)
    assert table.__flags["rate"] is table["rate"]


@pytest.mark.parametrize(
    "make",
    [
        lambda t: flags.DEFINE_integer("n", 1.5, "", flag_values=t),
        lambda t: flags.DEFINE_string("n", 3, "", t),
        lambda t: flags.DEFINE_boolean("n", 3, "", t),
        lambda t: flags.DEFINE_float("n", None, "", flag_values=t) or t.set_default("n", True),
        lambda t: flags.DEFINE_enum("n", "c", ["a", "b"], "", t),
        lambda t: flags.DEFINE_multi_enum("n", ["a", "c"], ["a", "b"], "", t),
        lambda t: flags.DEFINE_integer("n", 9, "", upper_bound=8, flag_values=t),
        lambda t: flags.DEFINE_float("n", 9, "", 1, 8, t),
    ],
)
def test_a_default_must_be_a_value_of_the_flag(make):
    with pytest.raises(flags.IllegalFlagValueError, match="flag --n="):
        make(flags.FlagValues())


# --- tf.app.run ----------------------------------------------------------------------------------

PROGRAM = '''
"""Counts."""
import minitf as tf
tf.app.flags.DEFINE_integer("steps", 3, "how often")
tf.flags.DEFINE_bool("loud", True, None)
FLAGS = tf.flags.FLAGS
def main(argv):
    print(FLAGS.steps, argv[1:])
    return 5
tf.app.run()
'''


def run(*arguments, program=PROGRAM):
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )


def test_run_calls_main_with_what_is_left_and_ends_with_its_result():
    found = run("--steps=4", "--odd", "word")

    assert (found.returncode, found.stdout) == (5, "4 ['--odd', 'word']\n")


def test_a_bad_flag_ends_the_program_before_main():
    found = run("--steps=x")

    assert (found.returncode, found.stdout) == (1, "")
    assert "FATAL Flags parsing error: flag --steps=x: invalid literal" in found.stderr
    assert "Traceback" not in found.stderr


def test_help_lists_the_flags():
    found = run("--help")

    assert found.returncode == 1
    assert found.stdout.startswith("Counts.")
    assert "  --steps: how often\n    (default: '3')\n    (an integer)\n" in found.stdout
    assert "  --[no]loud\n    (default: 'true')\n" in found.stdout


def test_the_first_look_at_a_flag_reads_the_command_line():
    program = PROGRAM.replace("tf.app.run()", "print(FLAGS.steps)")

    assert run("--steps=8", "-f", "kernel.json", program=program).stdout == "8\n"


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "arguments",
    [["--a=1", "b", "--c"], ["--d", "--a", "2"], ["--nob", "-b=true"], ["--", "--a=3"], ["-"]],
)
def test_command_lines_are_split_as_absl_does(tensorflow, arguments):
    theirs, ours = tensorflow.flags.FlagValues(), flags.FlagValues()
    for module, values in ((tensorflow.flags, theirs), (flags, ours)):
        module.DEFINE_integer("a", 0, "", flag_values=values)
        module.DEFINE_boolean("b", True, "", flag_values=values)
    rest = [values(["p", *arguments], known_only=True) for values in (theirs, ours)]

    assert rest[0] == rest[1]
    assert (theirs.a, theirs.b) == (ours.a, ours.b)


def test_bounds_hold_for_values_that_a_program_sets():
    values = flags.FlagValues()
    flags.DEFINE_integer("steps", 3, "", lower_bound=1, flag_values=values)
    values(["p"])

    values.steps = 9
    with pytest.raises(flags.IllegalFlagValueError, match="steps=0: not at least 1"):
        values.steps = 0
    values.steps = None
